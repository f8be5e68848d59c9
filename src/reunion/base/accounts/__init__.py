"""Signing in: accounts, second factors, sessions, locks."""
