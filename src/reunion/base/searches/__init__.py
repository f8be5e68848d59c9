"""Searches that somebody keeps on purpose: the filters of a list, under a name of their own."""
