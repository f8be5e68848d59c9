"""Names of coded things in templates."""
