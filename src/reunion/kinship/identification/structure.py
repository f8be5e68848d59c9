"""The pedigree of an assignment: a family, and the relatives whom candidates bring along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from reunion.kinship._tensors import IntArray
from reunion.kinship.identification.merging import merged
from reunion.kinship.identification.sought import Candidate, SoughtGroup
from reunion.kinship.likelihood import MarkerModel, Seen, observation
from reunion.kinship.markers import Profile
from reunion.kinship.network import Shape, shape_of
from reunion.kinship.pedigree import Pedigree

NOBODY = -1
"""In place of a candidate: nobody is assigned to the sought person."""

Kin: TypeAlias = tuple[tuple[int, int], ...]
"""Candidates with relatives of their own, by (slot, candidate)."""


class _Sample(NamedTuple):
    """Whose genotypes they are in a pedigree."""

    person: str
    profile: Profile
    dropout: float


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A pedigree with some candidates' relatives joined, and everybody typed in it.

    `slots` are positions of the sought persons, `strangers` those of unassigned candidates.
    """

    pedigree: Pedigree
    samples: tuple[_Sample, ...]
    slots: tuple[int, ...]
    strangers: Mapping[int, int]

    def shape(self, model: MarkerModel) -> Shape:
        """Who descends from whom, at this marker."""
        return shape_of(self.pedigree, x_linked=model.x_linked)

    def observed(self, model: MarkerModel) -> list[Seen | None]:
        """What is seen of each person at a marker."""
        seen = {
            sample.person: observation(
                sample.person,
                self.pedigree[sample.person].sex,
                model,
                sample.profile[model.name],
                sample.dropout,
            )
            for sample in self.samples
            if model.name in sample.profile
        }
        return [seen.get(person.id) for person in self.pedigree]


def by_itself(candidate: Candidate) -> Structure:
    """A candidate and the candidate's own relatives, of no family."""
    return Structure(candidate.pedigree, _samples(candidate.profiles, candidate.dropout), (), {})


def joined(
    group: SoughtGroup, candidates: Sequence[Candidate], kin: Kin, *, in_one_urn: bool
) -> Structure:
    """The family, joined with the relatives of some candidates; in one urn all others beside.

    Raises:
        ImpossibleMerge: two pedigrees that do not fit.
    """
    pedigree, samples = group.pedigree, [*_samples(group.profiles, group.dropout)]
    slot_of = {candidate: slot for slot, candidate in kin}
    strangers: dict[int, str] = {}
    for at, one in enumerate(candidates):
        if at not in slot_of and not in_one_urn:
            continue
        names = {person.id: f"{one.id}: {person.id}" for person in one.pedigree}
        side = one.pedigree.renamed(names)
        if at in slot_of:
            pedigree = merged(pedigree, group.sought[slot_of[at]], side, names[one.person])
        else:
            pedigree = Pedigree((*pedigree.persons, *side.persons), (*pedigree.twins, *side.twins))
            strangers[at] = names[one.person]
        samples += [
            sample._replace(person=names[sample.person])
            for sample in _samples(one.profiles, one.dropout)
        ]
    place = {person.id: i for i, person in enumerate(pedigree)}
    return Structure(
        pedigree,
        tuple(samples),
        tuple(place[person] for person in group.sought),
        {at: place[name] for at, name in strangers.items()},
    )


def kin_in(row: IntArray) -> Kin:
    """The (slot, candidate) of a row."""
    return tuple((slot, int(row[slot])) for slot in np.flatnonzero(row != NOBODY).tolist())


def _samples(profiles: Mapping[str, Profile], dropout: Mapping[str, float]) -> tuple[_Sample, ...]:
    return tuple(
        _Sample(name, profile, dropout.get(name, 0.0)) for name, profile in profiles.items()
    )
