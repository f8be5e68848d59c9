"""How strong the evidence of a family can become: exact figures from the law of its log10 LR."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reunion.kinship.compile import Compiler, Family, MarkerLaw
from reunion.kinship.distribution import STEP, LrDistribution, lr_distribution
from reunion.kinship.errors import Contradiction

WANTED, WANTED_OF_PARENTS = 5.0, 1.0
"""False leads that a laboratory works through for one family; fewer where both parents are typed.

Source: dna.md 3.4, thresholds by wanted candidate count.
"""

LIMITS = (0.0, 4.0)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a search gives that takes everybody from this log10 LR on.

    Args:
        log10_lr: the threshold.
        sensitivity: probability that the sought person reaches it.
        expected_false_leads: unrelated people who reach it, on average.
    """

    log10_lr: float
    sensitivity: float
    expected_false_leads: float


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """The power of a family's evidence, for a candidate who is typed at all markers.

    Args:
        family_id: name of the family.
        typed: its typed relatives.
        markers: how many take part.
        people: how many are searched.
        wanted: false leads that the laboratory will work through.
        median, low: log10 LR that the sought person exceeds with probability 0.5 and 0.95; -inf
            where that much is excluded.
        threshold: the least limit, from 0 on, with no more false leads than wanted.
        limits: at 0 and at 4.
        excluded: probability that an unrelated person has LR 0, mutation taken into account.
        excluded_without_mutation: the same if alleles never changed; None where the relatives
            themselves then contradict the pedigree.
        law: of log10 LR.
    """

    family_id: str
    typed: tuple[str, ...]
    markers: int
    people: int
    wanted: float
    median: float
    low: float
    threshold: Limit
    limits: tuple[Limit, ...]
    excluded: float
    excluded_without_mutation: float | None
    law: LrDistribution


def power(
    family: Family,
    compiler: Compiler,
    *,
    people: int,
    wanted: float | None = None,
    step: float = STEP,
) -> Power:
    """The power of a family's evidence.

    Args:
        family: who searches.
        compiler: its markers take part, all of them.
        people: how many are searched.
        wanted: false leads that the laboratory will work through; None: 1 where both parents of
            the sought person are typed, else 5.
        step: width of a cell of the law, log10 LR.

    Raises:
        Contradiction: the relatives contradict the pedigree.
    """
    law = lr_distribution(compiler.laws(family), step=step)
    if wanted is None:
        wanted = wanted_false_leads(family)
    return Power(
        family_id=family.id,
        typed=tuple(family.profiles),
        markers=sum(model is not None for model in compiler.models),
        people=people,
        wanted=wanted,
        median=law.quantile(0.5),
        low=law.quantile(0.05),
        threshold=limit_at(law, max(0.0, law.threshold(wanted, people)), people),
        limits=tuple(limit_at(law, log10_lr, people) for log10_lr in LIMITS),
        excluded=max(0.0, law.excluded_unrelated),
        excluded_without_mutation=_excluded_without_mutation(family, compiler),
        law=law,
    )


def wanted_false_leads(family: Family) -> float:
    """False leads that a laboratory works through: fewer where both parents are typed."""
    sought = family.pedigree[family.sought]
    has_both = {sought.father, sought.mother} <= family.profiles.keys()
    return WANTED_OF_PARENTS if has_both else WANTED


def limit_at(law: LrDistribution, log10_lr: float, people: int) -> Limit:
    """What a search of so many people gives that takes everybody from this log10 LR on."""
    false_leads = law.expected_false_leads(log10_lr, people)
    return Limit(log10_lr, law.sensitivity(log10_lr), false_leads)


def _excluded_without_mutation(family: Family, compiler: Compiler) -> float | None:
    """The probability that at least one marker excludes an unrelated person."""
    try:
        laws = compiler.without_mutation().laws(family)
    except Contradiction:
        return None
    return 1 - math.prod(map(_possible, laws))


def _possible(law: MarkerLaw) -> float:
    """The probability that one marker does not exclude an unrelated person."""
    possible: Sequence[float] = law.unrelated[np.isfinite(law.log10_lr)].tolist()
    return min(1.0, math.fsum(possible))
