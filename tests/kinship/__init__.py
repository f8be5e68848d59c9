"""Tests of `reunion.kinship`."""
