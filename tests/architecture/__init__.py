"""Tests about the repository itself: its files, its set-up, its documents."""
