"""Errors of packs: each names the file and the place in it."""

from __future__ import annotations

from typing import ClassVar


class PackError(Exception):
    """A pack that comes with the product, or was laid beside it, cannot be used."""

    sentence: ClassVar[str] = "{file}: {reason}"

    def __init__(self, **fields: object) -> None:
        """Keep the fields that the sentence names."""
        super().__init__(self.sentence.format(**fields))
        self.fields = fields


class BadFile(PackError):
    """A file of a pack that is not there, or is no TOML or CSV of the wanted shape."""


class UnknownKey(PackError):
    """A key that the pack's format does not have."""

    sentence = "{file}, at {path}: the key is not known; permitted are {permitted}"


class BadValue(PackError):
    """A value that is missing, or not of the kind that is wanted."""

    sentence = "{file}, at {path}: {reason}"


class UnknownTable(PackError):
    """A frequency table that is neither a file nor at hand under this name."""

    sentence = "there is no frequency table {name!r}{near}; known are {known}, or name a CSV file"


class BadTableName(PackError):
    """A name that a new frequency table cannot have."""

    sentence = "a frequency table cannot be named {name!r}: {reason}"
