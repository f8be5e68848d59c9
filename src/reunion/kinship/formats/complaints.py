"""What is wrong with a piece of data, where it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from reunion.kinship.errors import KinshipError

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong in a file.

    Args:
        file: the file as the caller named it.
        reason: what is wrong and what to do, without the place.
        line: line in the file, from 1; 0 where the file is meant as a whole.
        field: name of the column.
        value: the text that stands there, unchanged.
        sample: id of the sample, where the row belongs to one.
        marker: name of the marker as it stands in the file.

    >>> print(Complaint("profiles.csv", "off the ladder", 7, "allele_1", "OL", "S1", "FGA"))
    profiles.csv, line 7, sample S1, marker FGA, allele_1 'OL': off the ladder
    """

    file: str
    reason: str
    line: int = 0
    field: str = ""
    value: str = ""
    sample: str = ""
    marker: str = ""

    def __str__(self) -> str:
        """One sentence; odd characters of the file are shown as escapes."""
        places = [
            (self.line, f"line {self.line}"),
            (self.sample, f"sample {shown(self.sample)}"),
            (self.marker, f"marker {shown(self.marker)}"),
        ]
        place = [self.file, *(text for given, text in places if given)]
        if self.field:
            place.append(f"{self.field} '{shown(self.value)}'")
        return f"{', '.join(place)}: {self.reason}"


class DataRefused(KinshipError):
    """A file, or all of it that could be used, is refused."""

    sentence = "{complaint}"

    def __init__(self, complaint: Complaint) -> None:
        """Keep the complaint beside the fields."""
        super().__init__(complaint=complaint)
        self.complaint = complaint


def shown(text: str) -> str:
    r"""A text of a file as it may stand in a sentence: on one line, printable, not too long.

    >>> print(shown("bell" + chr(7)), len(shown("a" * 100)))
    bell\x07 63
    """
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
