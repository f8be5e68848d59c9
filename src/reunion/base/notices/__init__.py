"""Notices: what a unit or a post is told on its own pages. Nothing is sent outside."""
