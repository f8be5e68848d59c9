"""The maternal line: mitochondrial differences to the reference sequence (rCRS), compared.

Kept apart from the autosomal likelihood ratio: a sequence speaks for a line of women and their
children, not for one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reunion.kinship.errors import BadSequence
from reunion.kinship.lineage import CountedFrequency, Verdict

LENGTH = 16_569
"""Positions of the rCRS; the molecule is a circle."""

LENGTH_CHANGES = (309, 315)
"""Positions after which the number of bases changes so often that it tells nothing."""

LEAST_POSITIONS = 200
"""Fewer positions in common support nothing: about half of a hypervariable region. Our decision."""

INCONCLUSIVE, AGAINST = 1, 2
"""Differences from which a comparison is inconclusive, or speaks against (SWGDAM practice,
unverified)."""

DELETED = "-"

_NOTE = re.compile(r"([ACGT]?)(\d{1,5})(?:\.(\d{1,2}))?(DEL|[ACGTRYSWKMBDHVN])", re.ASCII)
_BASES = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT",
    "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""What a letter may stand for (IUPAC); several bases are heteroplasmy."""

Spot = tuple[int, int]
"""A position, and 0, or the number of a base that is inserted after it."""


@dataclass(frozen=True, slots=True)
class MitoSequence:
    """What was sequenced of one person, and where it differs from the rCRS.

    The base that a note gives for the rCRS is not checked, as the sequence is not at hand.

    Args:
        ranges: (first, last) positions; one that ends before it begins runs through the origin.
        differences: in the notation T16046C, G16047DEL, 16048.1C; heteroplasmy as T16093Y.

    Raises:
        BadSequence: a note that cannot be read, stands twice, or lies outside the ranges.
    """

    ranges: tuple[tuple[int, int], ...]
    differences: tuple[str, ...]
    positions: frozenset[int] = field(init=False, repr=False)
    states: dict[Spot, str] = field(init=False, repr=False)
    reference: dict[int, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Read the notes."""
        positions = frozenset(p for first, last in self.ranges for p in _between(first, last))
        states: dict[Spot, str] = {}
        reference: dict[int, str] = {}
        for text in self.differences:
            note = _NOTE.fullmatch(text.strip().upper())
            if note is None:
                raise BadSequence(note=text, reason="wanted like T16046C, G16047DEL or 16048.1C")
            base, position, inserted, state = note.groups()
            spot = int(position), int(inserted or 0)
            if spot[0] not in positions:
                raise BadSequence(note=text, reason="it lies outside the sequenced ranges")
            if spot in states:
                raise BadSequence(note=text, reason="the position is there twice")
            if inserted is not None and (spot[1] == 0 or state == "DEL"):
                raise BadSequence(note=text, reason="an insertion is wanted like 16048.1C")
            states[spot] = DELETED if state == "DEL" else state
            if base and not spot[1]:
                reference[spot[0]] = base
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "reference", reference)


@dataclass(frozen=True, slots=True)
class MitoComparison:
    """Two sequences compared inside the ranges that both have.

    Attributes:
        positions: of the rCRS that both have.
        differing: places at which they differ, as texts like 16046 or 16048.1; adjacent deleted or
            inserted bases are one difference, named by the first of them.
        verdict: none: support (cannot be excluded); 1: inconclusive; 2 and more: against.
        frequency: of the sequence in the population, where counted.
    """

    positions: int
    differing: tuple[str, ...]
    verdict: Verdict
    frequency: CountedFrequency | None

    @property
    def least_lr(self) -> float | None:
        """Same maternal line against unrelated: 1 / upper bound of the frequency, if supported."""
        if self.frequency is None or self.verdict is not Verdict.SUPPORT:
            return None
        return 1 / self.frequency.upper


def compare_mito(
    one: MitoSequence,
    other: MitoSequence,
    *,
    frequency: CountedFrequency | None = None,
    is_length_ignored: bool = True,
    is_heteroplasmy_ignored: bool = True,
) -> MitoComparison:
    """Whether two persons may be of one maternal line.

    Args:
        one, other: the sequences.
        frequency: sightings in a population, counted inside the same ranges.
        is_length_ignored: changes of length at 309 and 315 count nothing.
        is_heteroplasmy_ignored: a mixture of bases agrees with each of them.

    >>> hv1 = ((16024, 16365),)
    >>> a, b = MitoSequence(hv1, ("T16093C", "T16189Y")), MitoSequence(hv1, ("T16093C",))
    >>> compare_mito(a, b).verdict.value
    'support'
    >>> compare_mito(a, b, is_heteroplasmy_ignored=False).differing
    ('16189',)
    """
    common = one.positions & other.positions
    reference = {**one.reference, **other.reference}
    differing: list[tuple[Spot, bool]] = []
    for spot in sorted(one.states.keys() | other.states.keys()):
        position, inserted = spot
        if position not in common:
            continue
        first, second = one.states.get(spot), other.states.get(spot)
        is_length = bool(inserted) or DELETED in (first, second)
        if is_length and is_length_ignored and position in LENGTH_CHANGES:
            continue
        standard = DELETED if inserted else reference.get(position)
        if _differ(first or standard, second or standard, is_heteroplasmy_ignored):
            differing.append((spot, is_length))
    events = tuple(_events(differing))
    if len(events) >= AGAINST:
        verdict = Verdict.AGAINST
    elif len(events) >= INCONCLUSIVE or len(common) < LEAST_POSITIONS:
        verdict = Verdict.INCONCLUSIVE
    else:
        verdict = Verdict.SUPPORT
    return MitoComparison(len(common), events, verdict, frequency)


def _differ(one: str | None, other: str | None, is_heteroplasmy_ignored: bool) -> bool:
    """Whether two states differ; None is a base of the rCRS that no note names."""
    if one == other:
        return False
    mixed = [state for state in (one, other) if state and len(_BASES.get(state, "")) > 1]
    if not mixed or not is_heteroplasmy_ignored or DELETED in (one, other):
        return True
    if one is None or other is None:
        return False  # the note gives no base of the rCRS: any of the mixture may be it
    return not set(_BASES[one]) & set(_BASES[other])


def _events(differing: Iterable[tuple[Spot, bool]]) -> Iterator[str]:
    """One text for each difference; neighbours in a change of length belong together."""
    last: Spot | None = None
    for (position, inserted), is_length in differing:
        is_next = last in ((position - 1, 0), (position, inserted - 1)) and is_length
        if not (is_next and last is not None):
            yield f"{position}.{inserted}" if inserted else str(position)
        last = (position, inserted) if is_length else None


def _between(first: int, last: int) -> Iterator[int]:
    """The positions of a range; BadSequence where it is none."""
    if not (1 <= first <= LENGTH and 1 <= last <= LENGTH):
        raise BadSequence(note=f"{first}-{last}", reason=f"positions run from 1 to {LENGTH}")
    if first <= last:
        yield from range(first, last + 1)
    else:
        yield from range(first, LENGTH + 1)
        yield from range(1, last + 1)
