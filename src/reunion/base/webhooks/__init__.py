"""Webhooks: the notices of a unit, told to its program: ids and kinds, nothing personal."""
