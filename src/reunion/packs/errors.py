"""Errors of packs: each names the file and the place in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Faults(PackError):
    """All the faults that were found, where there may be several."""

    sentence = "{first}{more}"

    def __init__(self, faults: Iterable[PackError]) -> None:
        """Keep them one by one; faults inside faults are unfolded."""
        self.faults: tuple[PackError, ...] = tuple(
            leaf
            for fault in faults
            for leaf in (fault.faults if isinstance(fault, Faults) else (fault,))
        )
        rest = len(self.faults) - 1
        super().__init__(first=self.faults[0], more=f" (and {rest} more)" if rest else "")


def raise_all(faults: Sequence[PackError]) -> None:
    """Raise what was found: nothing, one fault, or all of them together."""
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)


class BadReference(BadValue):
    """A value that names something which the pack does not have."""


class BadExample(PackError):
    """A case of the pack's own that comes out otherwise than the pack says."""

    sentence = "{file}, at {path}: the example {name!r} gives {found}, and {wanted} is wanted"


class UnknownJurisdiction(PackError):
    """There is no pack for this jurisdiction."""

    sentence = "there is no pack for the jurisdiction {code!r}; known are {known}"


class UnknownTable(PackError):
    """A frequency table that is neither a file nor at hand under this name."""

    sentence = "there is no frequency table {name!r}{near}; known are {known}, or name a CSV file"


class BadTableName(PackError):
    """A name that a new frequency table cannot have."""

    sentence = "a frequency table cannot be named {name!r}: {reason}"
