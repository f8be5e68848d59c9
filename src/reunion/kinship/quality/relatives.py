"""Declared relatives against their genotypes, two by two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reunion.kinship.frequencies import FloatArray
from reunion.kinship.quality.ibd import IbdEstimate, estimate_ibd, expected_ibd
from reunion.kinship.quality.material import SampledFamily, Samples
from reunion.kinship.quality.pairwise import SHARES, PairMarkers, Relation
from reunion.kinship.quality.severity import Severity

DOUBT = 4.0
"""log10: a pair is doubtful where another relation explains its genotypes 1e4 times better."""


@dataclass(frozen=True, slots=True)
class RelativePair:
    """Two typed persons of a family.

    Attributes:
        declared: k0, k1, k2 by the pedigree.
        estimate: the same by the genotypes, with standard errors.
        log10_lr: each relation against "unrelated".
        log10_lr_declared: the declared one against "unrelated".
    """

    family_id: str
    persons: tuple[str, str]
    samples: tuple[str, str]
    declared: tuple[float, float, float]
    estimate: IbdEstimate
    log10_lr: Mapping[Relation, float]
    log10_lr_declared: float

    @property
    def likely(self) -> Relation:
        """The relation that explains the genotypes best."""
        return max(self.log10_lr, key=lambda relation: self.log10_lr[relation])

    @property
    def doubt(self) -> float:
        """log10 LR of the likely relation against the declared one."""
        return self.log10_lr[self.likely] - self.log10_lr_declared

    @property
    def severity(self) -> Severity:
        """A person should look."""
        return Severity.LOOK if self.is_doubtful else Severity.NOTE

    @property
    def is_declared_unrelated(self) -> bool:
        """Whether the pedigree has no common ancestor of the two."""
        return self.declared[0] == 1

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look: unexpected relatives, or relatives of another kind."""
        return self.doubt >= DOUBT


def compare_relatives(
    sampled: SampledFamily, samples: Samples, markers: PairMarkers
) -> tuple[RelativePair, ...]:
    """Every two typed persons of a family; pairs with an inbred person are left out.

    Mutation between parent and child is taken roughly here (`PairMarkers.shares`), the exact
    weighing is that of `consistency`.
    """
    laws = {relation: markers.shares(relation) for relation in Relation}
    pairs = []
    for one, other in combinations(sampled.samples, 2):
        declared = expected_ibd(sampled.family.pedigree, one, other)
        if declared is None:
            continue
        names = sampled.samples[one], sampled.samples[other]
        sharing = markers.sharing(samples.codes(names[0]), samples.codes(names[1]))
        typed = sharing.typed
        pairs.append(
            RelativePair(
                sampled.family.id,
                (one, other),
                names,
                declared,
                estimate_ibd(sharing.one[typed], sharing.two[typed]),
                {relation: float(sharing.log10_lr(law).sum()) for relation, law in laws.items()},
                float(sharing.log10_lr(_law(declared, laws)).sum()),
            )
        )
    return tuple(pairs)


def _law(declared: tuple[float, float, float], laws: Mapping[Relation, FloatArray]) -> FloatArray:
    """The shares by marker of a declared relation; mutation and misreading as in the known ones."""
    for relation in (Relation.PARENT_CHILD, Relation.IDENTICAL):
        exact = (0.0, 0.0, 1.0) if relation is Relation.IDENTICAL else SHARES[relation]
        if declared == exact:
            return laws[relation]
    return np.asarray(declared)
