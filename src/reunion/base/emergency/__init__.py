"""Breaking the glass: opening one record outside one's region when a life cannot wait."""
