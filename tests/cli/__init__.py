"""Tests of `reunion.cli`."""
