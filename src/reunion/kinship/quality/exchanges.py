"""What an exchange of two labels is worth: the exact weight, and who owns which sample."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.pedigree import single
from reunion.kinship.quality.consistency import log10_likelihoods, log10_ratio
from reunion.kinship.quality.material import SampledFamily, Samples
from reunion.kinship.quality.severity import Severity
from reunion.kinship.quality.sex import sex_log10

CHANCE = 1.0
"""log10: among N samples tried, the new places must be fitted N times this better than by a
stranger, so that chance finds one in ten unfit places a false partner at most (Markov's bound)."""


class Scope(StrEnum):
    """Between whom samples are exchanged."""

    WITHIN_FAMILY = "within_family"
    BETWEEN_FAMILIES = "between_families"
    UNRELATED_SAMPLE = "unrelated_sample"


@dataclass(frozen=True, slots=True)
class Place:
    """A typed person of a family."""

    family_id: str
    person: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Two samples that were exchanged, it seems.

    Attributes:
        samples: the two, by their labels.
        places: whose sample each of them is said to be; empty for one of no family.
        plate: the plate on which both were typed; blank where that is not so, or not known.
        log10_gain: all data with the two labels exchanged, against the data as labelled.
        as_likely: other exchanges in the same families that explain the data as well, within a
            factor of 10: such as the two mothers or the two children of two duos.
    """

    scope: Scope
    samples: tuple[str, str]
    places: tuple[tuple[Place, ...], tuple[Place, ...]]
    plate: str
    log10_gain: float
    as_likely: tuple[tuple[str, str], ...]

    @property
    def severity(self) -> Severity:
        """Neither sample is to be used before somebody has found out."""
        return Severity.STOP


_NOBODY = Family("", single("stranger").joined(single("nobody")), "nobody", {})
"""A family of nothing but a stranger."""


class Weigher:
    """The exact weight of an exchange, and who owns which sample."""

    def __init__(
        self, families: Sequence[SampledFamily], samples: Samples, compiler: Compiler
    ) -> None:
        """Note who owns each sample."""
        self.families = families
        self.samples = samples
        self.compiler = compiler
        self.owners: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for at, sampled in enumerate(families):
            for person, sample in sampled.samples.items():
                self.owners[sample].append((at, person))
        self.plate_sizes = Counter(samples.plates.values())
        self._declared: dict[int, FloatArray] = {}
        self._strangers: dict[str, FloatArray] = {}

    def touched(self, one: str, other: str) -> set[str]:
        """The two samples, and all samples of the families whose persons gave them."""
        found = {one, other}
        for sample in (one, other):
            for at, _ in self.owners.get(sample, ()):
                found |= set(self.families[at].samples.values())
        return found

    def joins(self, one: str, other: str, doubled: Mapping[str, set[str]]) -> bool:
        """Whether an exchange brings two samples of one person into one family."""
        for sample, new in ((one, other), (other, one)):
            for at, _ in self.owners.get(sample, ()):
                after = {*self.families[at].samples.values(), new} - {sample}
                if after & doubled.get(new, set()):
                    return True
        return False

    def sex(self, at: int, person: str, sample: str) -> float:
        """log10 P(sex marker of a sample | declared sex of a person)."""
        declared = self.families[at].family.pedigree[person].sex
        return sex_log10(declared, self.samples.sexes.get(sample))

    def gain(self, one: str, other: str) -> float:
        """log10 of the data with two labels exchanged, against the data as labelled.

        Each family is weighed against all its samples being of strangers, so that a sample that
        comes in or goes out needs no account of its own.
        """
        exchanged = {one: other, other: one}
        gain = 0.0
        for at in {at for sample in exchanged for at, _ in self.owners.get(sample, ())}:
            sampled = self.families[at]
            after = {p: exchanged.get(sample, sample) for p, sample in sampled.samples.items()}
            if at not in self._declared:
                self._declared[at] = self._weighed(sampled.family, sampled.samples)
            profiles = {person: self.samples.profile(sample) for person, sample in after.items()}
            changed = self._weighed(replace(sampled.family, profiles=profiles), after)
            gain -= log10_ratio(self._declared[at], changed)
            for person, sample in after.items():
                gain += self.sex(at, person, sample)
                gain -= self.sex(at, person, sampled.samples[person])
        return gain

    def _weighed(self, family: Family, samples: Mapping[str, str]) -> FloatArray:
        """log10 of the family against nothing but strangers, by marker."""
        law = log10_likelihoods(family, self.compiler.models)
        for sample in samples.values():
            if sample not in self._strangers:
                stranger = replace(_NOBODY, profiles={"stranger": self.samples.profile(sample)})
                self._strangers[sample] = log10_likelihoods(stranger, self.compiler.models)
            law = law - self._strangers[sample]
        return law

    def same_plate(self, one: str, other: str) -> str:
        """The plate of both samples, or blank."""
        plates = self.samples.plates
        return plates.get(one, "") if plates.get(one) == plates.get(other) else ""

    def bar(self, one: str, other: str) -> float:
        """log10: how much better than a stranger's the samples must fit their new places."""
        plate = self.same_plate(one, other)
        tried = self.plate_sizes[plate] if plate else len(self.samples.people.names)
        return math.log10(tried) + CHANCE

    def swap(self, one: str, other: str, gain: float, as_likely: Sequence[tuple[str, str]]) -> Swap:
        """The finding."""
        places = tuple(
            tuple(Place(self.families[at].family.id, person) for at, person in self.owners[sample])
            for sample in (one, other)
        )
        if not all(places):
            scope = Scope.UNRELATED_SAMPLE
        elif {p.family_id for p in places[0]} & {p.family_id for p in places[1]}:
            scope = Scope.WITHIN_FAMILY
        else:
            scope = Scope.BETWEEN_FAMILIES
        plate = self.same_plate(one, other)
        return Swap(scope, (one, other), (places[0], places[1]), plate, gain, tuple(as_likely))
