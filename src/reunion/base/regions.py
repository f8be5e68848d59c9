"""Paths of regions, by which all scope goes."""

from __future__ import annotations


def upwards(region: str) -> tuple[str, ...]:
    """A region and those above it, from the bottom up.

    >>> upwards("cn/15/1506/")
    ('cn/15/1506/', 'cn/15/', 'cn/')
    """
    parts = region.rstrip("/").split("/") if region else []
    return tuple("/".join(parts[:n]) + "/" for n in range(len(parts), 0, -1))
