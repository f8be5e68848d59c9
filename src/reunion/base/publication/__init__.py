"""Deciding what the public may read, and carrying it over into the published store."""
