"""Agencies, the people who work there, and the posts that they hold."""
