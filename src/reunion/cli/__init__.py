"""The command `reunion`."""
