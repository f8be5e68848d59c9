"""Ages at which the law changes: who is a child, who decides alone about contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from reunion.packs.basis import BASIS_KEYS, Basis, basis_of, read_coded
from reunion.packs.shape import Entry

REQUIRED = ("child", "adult", "contact_decision", "sensitive_data")
"""The ages that the product asks every jurisdiction for."""


class Reached(StrEnum):
    """When somebody has so many years: on their birthday, or on the day after it."""

    BIRTHDAY = "birthday"
    DAY_AFTER = "day_after"


@dataclass(frozen=True, slots=True)
class AgeRule:
    """A range of ages in full years: from `from_years` on, and below `below_years` if given."""

    code: str
    names: Mapping[str, str]
    from_years: int
    below_years: int | None
    reached: Reached
    valid_from: date | None
    note: str
    basis: Basis

    def holds(self, born: date, on: date) -> bool:
        """Whether somebody born on a day is in the range on another day."""
        return self._holds(full_years(born, on, self.reached))

    def judge(self, earliest: date, latest: date, on: date) -> bool | None:
        """The same for a birth between two days; none where it depends on the day of birth.

        >>> from reunion.packs.basis import Status
        >>> basis = Basis("", Status.UNVERIFIED)
        >>> rule = AgeRule("child", {}, 0, 14, Reached.BIRTHDAY, None, "", basis)
        >>> rule.judge(date(2010, 1, 1), date(2010, 12, 31), date(2024, 6, 1)) is None
        True
        """
        oldest = full_years(earliest, on, self.reached)
        youngest = full_years(latest, on, self.reached)
        if self._holds(oldest) and self._holds(youngest):
            return True
        is_below = oldest < self.from_years
        is_above = self.below_years is not None and youngest >= self.below_years
        return False if is_below or is_above else None

    def _holds(self, years: int) -> bool:
        return self.from_years <= years and (self.below_years is None or years < self.below_years)


def full_years(born: date, on: date, reached: Reached = Reached.BIRTHDAY) -> int:
    """Completed years of life; below 0 before birth. Who was born on 29 February turns on 1 March.

    >>> full_years(date(2010, 3, 2), date(2026, 3, 2))
    16
    >>> full_years(date(2010, 3, 2), date(2026, 3, 2), Reached.DAY_AFTER)
    15
    """
    is_early = (on.month, on.day) < (born.month, born.day)
    if reached is Reached.DAY_AFTER:
        is_early |= (on.month, on.day) == (born.month, born.day) and on != born
    return on.year - born.year - is_early


def read_ages(file: Path, languages: tuple[str, ...]) -> Mapping[str, AgeRule]:
    """The age rules by code.

    Raises:
        PackError: names the places that are wrong.
    """
    return read_coded(file, "age", lambda entry: _rule(entry, languages), REQUIRED)


def _rule(entry: Entry, languages: tuple[str, ...]) -> AgeRule:
    optional = ("from_years", "below_years", "valid_from", "note")
    entry.only("code", "name", "reached", *optional, *BASIS_KEYS)
    below = entry.whole("below_years", 1) if "below_years" in entry.values else None
    start = entry.whole("from_years", 1) if "from_years" in entry.values else 0
    if below is None and not start:
        raise entry.wrong("from_years", "from_years or below_years is wanted")
    if below is not None and below <= start:
        raise entry.wrong("below_years", "it must be above from_years")
    return AgeRule(
        code=entry.code("code"),
        names=entry.translated("name", languages),
        from_years=start,
        below_years=below,
        reached=entry.member("reached", Reached),
        valid_from=entry.day("valid_from") if "valid_from" in entry.values else None,
        note=entry.text("note") if "note" in entry.values else "",
        basis=basis_of(entry),
    )
