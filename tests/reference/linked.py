"""The likelihood of linked loci by full enumeration of ordered haplotypes.

Everybody has a paternal and a maternal haplotype, a tuple of alleles over the loci. A gamete starts
on either haplotype of the parent and changes sides between two loci with their recombination
fraction; then each of its alleles may mutate. Nothing is shared with the product.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from tests.reference.matrices import matrix_of

Json = Any  # Persons and markers of the case schema, whose values have many types.
Haplotype = tuple[int, ...]


def likelihood(
    persons: Sequence[Mapping[str, Json]],
    markers: Sequence[Mapping[str, Json]],
    recombination: Sequence[float],
) -> float:
    """P(genotypes at all markers | pedigree), founders in linkage equilibrium.

    Args:
        persons: {id, father, mother, sex}, parents before their children.
        markers: {frequencies, mutation, genotypes} of the case schema, in order on the chromosome.
        recombination: r between each marker and the next.
    """
    names = [list(marker["frequencies"]) for marker in markers]
    laws = [list(map(float, marker["frequencies"].values())) for marker in markers]
    matrices = {sex: [matrix_of(marker, sex) for marker in markers] for sex in ("female", "male")}
    haplotypes = list(product(*(range(len(some)) for some in names)))

    def fits(person: str, one: Haplotype, other: Haplotype) -> bool:
        for at, marker in enumerate(markers):
            seen = marker["genotypes"].get(person)
            if seen is not None and sorted(seen) != sorted(
                (names[at][one[at]], names[at][other[at]])
            ):
                return False
        return True

    def founder(haplotype: Haplotype) -> float:
        return math.prod(laws[at][allele] for at, allele in enumerate(haplotype))

    def gamete(parent: tuple[Haplotype, Haplotype], child: Haplotype, sex: str) -> float:
        total = []
        for sides in product((0, 1), repeat=len(markers)):
            chance = 0.5
            for r, (left, right) in zip(recombination, pairwise(sides), strict=True):
                chance *= r if left != right else 1 - r
            for at, side in enumerate(sides):
                chance *= matrices[sex][at][parent[side][at]][child[at]]
            total.append(chance)
        return math.fsum(total)

    def summed(at: int, known: dict[str, tuple[Haplotype, Haplotype]]) -> float:
        if at == len(persons):
            return 1.0
        person = persons[at]
        laws_of = []
        for parent, sex in ((person["father"], "male"), (person["mother"], "female")):
            laws_of.append(
                {
                    h: founder(h) if parent is None else gamete(known[parent], h, sex)
                    for h in haplotypes
                }
            )
        parts = []
        for one, other in product(haplotypes, haplotypes):
            weight = laws_of[0][one] * laws_of[1][other]
            if weight > 0 and fits(person["id"], one, other):
                parts.append(weight * summed(at + 1, {**known, person["id"]: (one, other)}))
        return math.fsum(parts)

    return summed(0, {})
