"""Whether the genotypes of a family fit its pedigree, and which link or sample would explain it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.likelihood import MarkerModel, joint, observation
from reunion.kinship.markers import Profile
from reunion.kinship.network import shape_of
from reunion.kinship.pedigree import Pedigree, Person, Sex, single
from reunion.kinship.quality.severity import Severity

DOUBT = -2.0
"""log10: an alternative is reported where the declared pedigree is 100 times less likely."""

AS_LIKELY = 1.0
"""log10: alternatives within this of the best one cannot be told apart from it."""


class Change(StrEnum):
    """What an alternative changes in the declared family."""

    LINK_CUT = "link_cut"
    SAMPLE_REPLACED = "sample_replaced"


@dataclass(frozen=True, slots=True)
class Alternative:
    """The declared family with one thing changed.

    Attributes:
        change: a child was given other, unknown parents; or a profile is that of a stranger.
        person: the child, or the person whose profile it is.
        parents: those who were cut off from the child; empty for a replaced profile.
        log10_lr: the declared family against this one. For a replaced profile it is also what the
            family says about the person when the profile is left out and then compared.
    """

    change: Change
    person: str
    parents: tuple[str, ...]
    log10_lr: float


@dataclass(frozen=True, slots=True)
class Consistency:
    """How a family's genotypes fit its pedigree.

    Attributes:
        needs_mutation: markers that fit only with a mutation.
        impossible: markers that do not fit at all (a mutation model without this step, or none).
        alternatives: all that were weighed, the best explanation first.
    """

    family_id: str
    needs_mutation: tuple[str, ...]
    impossible: tuple[str, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether some alternative is 100 times more likely than the declared family."""
        return bool(self.culprits)

    @property
    def severity(self) -> Severity:
        """Nothing but a mutation is only to be known."""
        return Severity.LOOK if self.is_doubtful else Severity.NOTE

    @property
    def culprits(self) -> tuple[Alternative, ...]:
        """The best explanation and those that cannot be told apart from it; empty if none is."""
        if not self.alternatives or self.alternatives[0].log10_lr >= DOUBT:
            return ()
        worst = min(DOUBT, self.alternatives[0].log10_lr + AS_LIKELY)
        return tuple(a for a in self.alternatives if a.log10_lr <= worst)


def log10_likelihoods(family: Family, models: Sequence[MarkerModel | None]) -> FloatArray:
    """log10 P(genotypes | pedigree) by marker.

    Args:
        family: pedigree, and genotypes of the typed persons.
        models: of each marker, or None: it takes no part.

    Returns:
        float64 (n_markers,); -inf where impossible, 0 where the marker takes no part.

    Raises:
        UnknownAllele, BadGenotype, TooExpensive: see `likelihood.joint`.
    """
    nothing: Profile = {}
    typed = [
        (person, family.profiles.get(person.id, nothing), family.dropout.get(person.id, 0.0))
        for person in family.pedigree
    ]
    out = np.zeros(len(models))
    for at, model in enumerate(models):
        if model is not None:
            seen = [
                observation(person.id, person.sex, model, genotype, dropout)
                if (genotype := profile.get(model.name))
                else None
                for person, profile, dropout in typed
            ]
            shape = shape_of(family.pedigree, x_linked=model.x_linked)
            out[at] = joint(shape, model, seen).log10()
    return out


def check_consistency(family: Family, compiler: Compiler, plain: Compiler) -> Consistency:
    """Weigh the declared family against every single link cut and every single profile replaced.

    A link that no typed person can speak for is not weighed. One impossible marker alone speaks
    against nobody: it is listed, and left out of the ratio.

    Args:
        family: the declared pedigree and the profiles of the typed persons.
        compiler: the markers with their frequencies and mutation models.
        plain: `compiler.without_mutation()`, made once for all families.

    Source:
        Pedigree consistency by likelihood: ISFG DVI recommendations; limit 1e-2: dna.md 3.10.
    """
    declared = log10_likelihoods(family, compiler.models)
    without = log10_likelihoods(family, plain.models)
    loci = compiler.book.loci

    def against(other: Family) -> float:
        return log10_ratio(declared, log10_likelihoods(other, compiler.models))

    alternatives = [
        Alternative(Change.LINK_CUT, child.id, parents, against(_cut(family, child, parents)))
        for child, parents in _links(family.pedigree, set(family.profiles))
    ]
    alternatives += [
        Alternative(Change.SAMPLE_REPLACED, person, (), against(_with_stranger(family, person)))
        for person in family.profiles
        if _reached(family.pedigree, person) & (family.profiles.keys() - {person})
    ]
    return Consistency(
        family.id,
        tuple(
            locus
            for locus, with_, plain_ in zip(loci, declared, without, strict=True)
            if np.isneginf(plain_) and not np.isneginf(with_)
        ),
        tuple(locus for locus, value in zip(loci, declared, strict=True) if np.isneginf(value)),
        tuple(sorted(alternatives, key=lambda alternative: alternative.log10_lr)),
    )


def log10_ratio(declared: FloatArray, other: FloatArray) -> float:
    """The sum over markers; a marker that is impossible under both tells nothing."""
    excluded = np.isneginf(declared) & ~np.isneginf(other)
    if np.count_nonzero(excluded) > 1:
        return -math.inf
    told = ~np.isneginf(declared)
    return float((declared[told] - other[told]).sum())


def _links(pedigree: Pedigree, typed: set[str]) -> Iterator[tuple[Person, tuple[str, ...]]]:
    """Each child with the parents to cut off: one of them, or both; only where it can matter."""
    for child in pedigree:
        if child.father is None or child.mother is None:
            continue
        if not _reached(pedigree, child.id, child.father, child.mother) & typed:
            continue
        informative = [
            parent
            for parent in (child.father, child.mother)
            if _reached(pedigree, parent, child.id) & typed
        ]
        for parent in informative:
            yield child, (parent,)
        if len(informative) == 2:
            yield child, (child.father, child.mother)


def _cut(family: Family, child: Person, parents: tuple[str, ...]) -> Family:
    """The family where unknown persons take the place of some of a child's parents."""
    father, mother = child.father, child.mother
    others = []
    if father in parents:
        father = f"{child.id} (another father)"
        others.append(Person(father, sex=Sex.MALE))
    if mother in parents:
        mother = f"{child.id} (another mother)"
        others.append(Person(mother, sex=Sex.FEMALE))
    changed = replace(child, father=father, mother=mother)
    persons = [changed if person.id == child.id else person for person in family.pedigree]
    twins = tuple(group for group in family.pedigree.twins if child.id not in group)
    return replace(family, pedigree=Pedigree((*persons, *others), twins))


def _with_stranger(family: Family, person: str) -> Family:
    """The family where a person's profile is that of a stranger, and the person is not typed."""
    stranger = f"{person} (a stranger)"
    owner = {person: stranger}
    return replace(
        family,
        pedigree=family.pedigree.joined(single(stranger, sex=family.pedigree[person].sex)),
        profiles={owner.get(name, name): profile for name, profile in family.profiles.items()},
        dropout={owner.get(name, name): rate for name, rate in family.dropout.items()},
    )


def _reached(pedigree: Pedigree, start: str, *barriers: str) -> set[str]:
    """`start` and everybody whom parents and children link with it, not through `barriers`."""
    links: dict[str, list[str]] = {person.id: [] for person in pedigree}
    for person in pedigree:
        for parent in (person.father, person.mother):
            if parent is not None:
                links[person.id].append(parent)
                links[parent].append(person.id)
    found, edge = {start}, [start]
    while edge:
        new = set(links[edge.pop()]) - found - {*barriers}
        found |= new
        edge += new
    return found
