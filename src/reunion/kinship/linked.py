"""Linked markers: the LR of a hit where markers that lie near one another are taken together.

A search takes markers as independent. For two near ones that is not so: a meiosis hands both on
from the same chromosome unless they recombine. In duos and in trios with typed parents and child
nothing changes; siblings, half siblings, grandparents, uncles and cousins do, and linkage is the
only thing that tells grandparent, half sibling and uncle apart.

>>> round(recombination(11.9), 3), round(recombination(11.9, MapFunction.KOSAMBI), 3)
(0.106, 0.117)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from reunion.kinship._tensors import LocusEvidence, TensorNetwork
from reunion.kinship.compile import Family
from reunion.kinship.errors import BadSetting, Contradiction
from reunion.kinship.likelihood import BUDGET, Budget, MarkerModel, observations
from reunion.kinship.markers import Catalogue, Genotype, Locus, Profile
from reunion.kinship.network import shape_of
from reunion.kinship.pedigree import Pedigree, single

FARTHEST_CM = 50.0
"""Markers farther apart count as independent (r above 0.31)."""


class MapFunction(StrEnum):
    """How a genetic distance becomes a recombination fraction."""

    HALDANE = "haldane"
    KOSAMBI = "kosambi"


def recombination(distance_cm: float, function: MapFunction = MapFunction.HALDANE) -> float:
    """The recombination fraction of two loci at a distance in centimorgan.

    Source:
        Haldane 1919: (1 - exp(-2d))/2, crossovers independent; Kosambi 1944: tanh(2d)/2.
    """
    morgan = abs(distance_cm) / 100
    if function is MapFunction.HALDANE:
        return -math.expm1(-2 * morgan) / 2
    return math.tanh(2 * morgan) / 2


@dataclass(frozen=True, slots=True)
class LinkedLoci:
    """Markers of one chromosome in their order, and r between each and the next.

    Args:
        loci: names.
        recombination: fractions, one fewer than loci.

    Raises:
        BadSetting: a number that is no recombination fraction, or too many or few of them.
    """

    loci: tuple[str, ...]
    recombination: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what makes no chain."""
        if len(self.recombination) != len(self.loci) - 1:
            raise BadSetting(setting="recombination", reason="one fraction between two loci")
        for r in self.recombination:
            if not 0 <= r <= 0.5:
                raise BadSetting(setting="recombination", reason=f"{r} is not in 0 <= r <= 0.5")


def linked_loci(
    catalogue: Catalogue,
    loci: Iterable[str],
    *,
    function: MapFunction = MapFunction.HALDANE,
    farthest_cm: float = FARTHEST_CM,
) -> tuple[LinkedLoci, ...]:
    """The groups of linked markers among some, by their genetic positions.

    Markers without a known position are in no group. Three in a row make one group of three, where
    crossovers between different neighbours count as independent (exact under Haldane).

    Source:
        Genetic positions of the catalogue (dna.md 3.6).
    """
    chromosomes: dict[str, list[tuple[float, str]]] = {}
    for name in dict.fromkeys(loci):
        locus = catalogue.find(name) or Locus(name, "")
        if locus.position_cm is not None and locus.chromosome.isdecimal():
            chromosomes.setdefault(locus.chromosome, []).append((locus.position_cm, name))
    groups: list[list[tuple[float, str]]] = []
    for places in chromosomes.values():
        places.sort()
        groups.append(places[:1])
        for left, right in pairwise(places):
            if right[0] - left[0] <= farthest_cm:
                groups[-1].append(right)
            else:
                groups.append([right])
    return tuple(
        LinkedLoci(
            tuple(name for _, name in group),
            tuple(recombination(b - a, function) for (a, _), (b, _) in pairwise(group)),
        )
        for group in groups
        if len(group) > 1
    )


def linked_likelihood(
    pedigree: Pedigree,
    models: Sequence[MarkerModel],
    recombination: Sequence[float],
    genotypes: Sequence[Mapping[str, Genotype]],
    *,
    dropout: Mapping[str, float] | None = None,
    budget: Budget = BUDGET,
) -> float:
    """P(genotypes at linked markers | pedigree), founders in linkage equilibrium.

    Args:
        pedigree: one hypothesis.
        models: the markers in their order on the chromosome, autosomal, theta 0.
        recombination: r between each and the next.
        genotypes: per marker, of the persons typed there.
        dropout: per-allele drop-out probability of a person, 0 where absent.
        budget: what the contraction may cost.

    Raises:
        BadSetting: theta, an X marker, or an inbred founder: what these mean together with
            linkage is not agreed.
        BadGenotype, UnknownAllele: a genotype that cannot be.
        TooExpensive: refused before it starts.

    Source:
        Lander and Green 1987: given from which of the parent's chromosomes each locus came, loci
        are independent; each meiosis changes sides between neighbours with probability r.

    >>> from reunion.kinship.frequencies import Frequencies
    >>> from reunion.kinship.pedigree import grandparents
    >>> f = Frequencies("M", ("8", "9"), (0.5, 0.5)).prepared(rule="as_given")
    >>> seen = [{"child": ("8", "8"), "grandfather": ("8", "8"), "grandmother": ("9", "9")}] * 2
    >>> [linked_likelihood(grandparents(), [MarkerModel(f)] * 2, [r], seen) for r in (0.5, 0.0)]
    [0.000244140625, 0.00048828125]
    """
    shape = shape_of(pedigree)
    if shape.has_inbred:
        raise BadSetting(setting="linkage", reason="it cannot be combined with founder inbreeding")
    for model in models:
        if model.theta > 0:
            raise BadSetting(setting="linkage", reason="it is computed only at theta 0")
        if model.x_linked:
            raise BadSetting(setting="linkage", reason="X markers need haplotype frequencies")
    evidence = [
        LocusEvidence(model.laws, observations(pedigree, model, seen, dropout or {}))
        for model, seen in zip(models, genotypes, strict=True)
    ]
    return float(TensorNetwork(shape, evidence, recombination).value(budget))


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """The LR of one group of linked markers, taken as independent and taken together (log10)."""

    loci: LinkedLoci
    log10_lr_independent: float
    log10_lr_linked: float


@dataclass(frozen=True, slots=True)
class LinkedLr:
    """Both figures of a hit, log10: over all markers that the candidate and a relative show.

    A figure is -inf where the candidate is excluded.
    """

    log10_lr_independent: float
    log10_lr_linked: float
    groups: tuple[LinkedGroup, ...]


def linked_lr(
    family: Family,
    candidate: Profile,
    models: Iterable[MarkerModel],
    groups: Sequence[LinkedLoci],
    *,
    dropout: float = 0.0,
    budget: Budget = BUDGET,
) -> LinkedLr:
    """LR of "the candidate is the sought person" against "unrelated", with linkage and without.

    Args:
        family: who searches.
        candidate: genotypes by locus.
        models: the markers, theta 0; a locus without model takes no part.
        groups: from `linked_loci`, of loci that the candidate and a relative show: others are
            passed over, with r between those that are left.
        dropout: per-allele drop-out probability of the candidate's sample.
        budget: what one contraction may cost.

    Raises:
        Contradiction: the relatives contradict their pedigree.
        BadSetting, BadGenotype, UnknownAllele, TooExpensive: see `linked_likelihood`.
    """
    by_name = {
        model.name: model
        for model in models
        if model.name in candidate and any(model.name in p for p in family.profiles.values())
    }

    def log10_lr(loci: LinkedLoci) -> float:
        some = [by_name[name] for name in loci.loci]
        relatives = [
            {person: p[m.name] for person, p in family.profiles.items() if m.name in p}
            for m in some
        ]
        alone = [{family.sought: candidate[m.name]} for m in some]
        stranger = single(family.sought, sex=family.pedigree[family.sought].sex)
        rates = {**family.dropout, family.sought: dropout}

        def log10(pedigree: Pedigree, seen: Sequence[Mapping[str, Genotype]]) -> float:
            value = linked_likelihood(
                pedigree, some, loci.recombination, seen, dropout=rates, budget=budget
            )
            return math.log10(value) if value > 0 else -math.inf

        apart = log10(family.pedigree, relatives) + log10(stranger, alone)
        if apart == -math.inf:
            raise Contradiction(marker=" and ".join(loci.loci))
        both = [{**seen, **own} for seen, own in zip(relatives, alone, strict=True)]
        return log10(family.pedigree, both) - apart

    singles = {name: log10_lr(LinkedLoci((name,), ())) for name in by_name}
    found = []
    for group in (_among(group, by_name) for group in groups):
        if len(group.loci) > 1:
            independent = math.fsum(singles[name] for name in group.loci)
            found.append(LinkedGroup(group, independent, log10_lr(group)))
    in_group = {name for group in found for name in group.loci.loci}
    rest = math.fsum(value for name, value in singles.items() if name not in in_group)
    return LinkedLr(
        math.fsum(singles.values()),
        rest + math.fsum(group.log10_lr_linked for group in found),
        tuple(found),
    )


def _among(group: LinkedLoci, names: Mapping[str, object]) -> LinkedLoci:
    """The group without other loci; r over a gap as if crossovers were independent."""
    kept: list[str] = []
    fractions: list[float] = []
    r = 0.5
    for name, step in zip(group.loci, (0.5, *group.recombination), strict=True):
        r = r * (1 - step) + step * (1 - r)
        if name in names:
            fractions.append(r)
            kept.append(name)
            r = 0.0
    return LinkedLoci(tuple(kept), tuple(fractions[1:]))
