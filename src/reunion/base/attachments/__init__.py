"""Attachments: files that people hand in, cleaned of metadata, sealed, and given as downloads."""
