"""Filters of the pages that all rooms share."""
