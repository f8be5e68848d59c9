"""The access matrix: every role, every page and method, every place of a record to the actor."""
