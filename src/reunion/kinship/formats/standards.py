"""The place for formats that a standard defines and whose names are not public to us.

GB/T 41009-2021 gives the loci and the exchange structure of forensic DNA databases in China, and
GA 470-2004 the items about samples and persons. Neither is built in: whoever holds the standard
fills in its names in the mapping file of the pack, and gives the codec that reads its structure.
No name is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading, Rules


class Codec(Protocol):
    """Reads and writes the structure of one standard, under the names of a mapping."""

    def read(self, data: bytes, names: Mapping[str, str], rules: Rules) -> Reading:
        """What a file holds; DataRefused where it is damaged as a whole."""

    def write(self, dataset: Dataset, names: Mapping[str, str]) -> bytes:
        """The data as a file."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard, as far as it is known here.

    Args:
        title: of the standard.
        names: the standard's name of each of our items; blank until somebody fills it in.
        codec: reads and writes its structure; None until there is one.

    >>> Standard("GB/T 41009-2021", {"sample id": ""}).missing
    ('sample id', 'codec')
    """

    title: str
    names: Mapping[str, str]
    codec: Codec | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What must be filled in before the standard can be used."""
        blank = [item for item, name in self.names.items() if not name]
        return (*blank, *(["codec"] if self.codec is None else []))

    def read(self, data: bytes, rules: Rules) -> Reading:
        """Read a file of this standard.

        Raises:
            DataRefused: the file is damaged, or the standard is not filled in.
        """
        return self._codec().read(data, self.names, rules)

    def write(self, dataset: Dataset) -> bytes:
        """The data as a file of this standard; DataRefused where it is not filled in."""
        return self._codec().write(dataset, self.names)

    def _codec(self) -> Codec:
        """The codec, where everything is filled in."""
        if self.codec is None or self.missing:
            missing = ", ".join(self.missing)
            reason = f"to be filled from the standard before it can be used: {missing}"
            raise DataRefused(Complaint(self.title, reason))
        return self.codec
