"""Tokens of programs: each acts as one post, for a stated purpose, with part of its permissions."""
