"""Tests of `reunion.packs`."""
