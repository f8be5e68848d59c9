"""Which ids of a table have to be looked at for new entries, without looking at all of them.

PostgreSQL gives ids before it commits: 12 can be seen while 11 is still to come, or never comes.
So the signer keeps, besides the largest id that it saw, the gaps below it, and asks for both. A gap
is given up after a while, since a number that was rolled back never comes; what comes later still
is found when the signer looks at the whole table. The cost follows the number of new entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

GAP_LIFE = 600_000_000
"""Ten minutes in microseconds: longer than any transaction of a page or of a duty."""

MOST_GAPS = 200
"""Ranges in one query; the oldest are left to the look at the whole table."""


@dataclass(slots=True)
class Lookout:
    """What was seen of one table.

    Args:
        last: the largest id seen.
        gaps: first id, last id, and since when (microseconds) they have been missing.
    """

    last: int = 0
    gaps: list[tuple[int, int, int]] = field(default_factory=list)

    def ranges(self) -> list[tuple[int, int]]:
        """The ids below the last one that may still come."""
        return [(first, last) for first, last, _ in self.gaps]

    def saw(self, numbers: Iterable[int], at: int) -> None:
        """Take note of ids that were found."""
        for number in sorted(numbers):
            if number > self.last:
                if number > self.last + 1:
                    self.gaps.append((self.last + 1, number - 1, at))
                self.last = number
            else:
                self._fill(number)
        self.gaps = [gap for gap in self.gaps if at - gap[2] < GAP_LIFE][-MOST_GAPS:]

    def _fill(self, number: int) -> None:
        for place, (first, last, since) in enumerate(self.gaps):
            if first <= number <= last:
                rest = [(first, number - 1, since), (number + 1, last, since)]
                self.gaps[place : place + 1] = [gap for gap in rest if gap[0] <= gap[1]]
                return
