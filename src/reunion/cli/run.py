"""`reunion run`: the main job, a search in a synthetic province."""

from __future__ import annotations


def run() -> None:
    """Search a synthetic province for missing people."""
    raise NotImplementedError
