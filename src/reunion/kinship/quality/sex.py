"""The sex marker against the declared sex."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reunion.kinship.pedigree import Sex
from reunion.kinship.quality.material import SampledFamily
from reunion.kinship.quality.severity import Severity

SEX_ERROR = 5e-4
"""Chance that the sex marker or the record is wrong though the sample is right. A product decision:
the Y copy of amelogenin is missing in some men, a few in ten thousand (unverified)."""

_AGREES = math.log10(1 - SEX_ERROR)
_DIFFERS = math.log10(SEX_ERROR)


@dataclass(frozen=True, slots=True)
class SexMismatch:
    """A sample whose sex marker shows the other sex than the person is declared to have."""

    family_id: str
    person: str
    sample: str
    declared: Sex
    seen: Sex

    @property
    def severity(self) -> Severity:
        """A person should look."""
        return Severity.LOOK


def sex_log10(declared: Sex, seen: Sex | None) -> float:
    """log10 P(sex marker | declared sex); 0 where one of the two is not known."""
    if seen is None or Sex.UNKNOWN in (declared, seen):
        return 0.0
    return _AGREES if declared is seen else _DIFFERS


def sex_mismatches(
    families: Iterable[SampledFamily], sexes: Mapping[str, Sex]
) -> Iterator[SexMismatch]:
    """Every typed person whose sample shows the other sex.

    Args:
        families: persons and their samples.
        sexes: what the sex marker shows, by sample.
    """
    for sampled in families:
        for person, sample in sampled.samples.items():
            declared, seen = sampled.family.pedigree[person].sex, sexes.get(sample)
            if seen is not None and sex_log10(declared, seen) == _DIFFERS:
                yield SexMismatch(sampled.family.id, person, sample, declared, seen)
