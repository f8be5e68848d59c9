"""Several persons sought in one pedigree, and those who may be one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reunion.kinship.errors import BadGenotype, DuplicatePerson, UnknownPerson
from reunion.kinship.markers import Profile
from reunion.kinship.pedigree import Pedigree, Sex, single


@dataclass(frozen=True, slots=True)
class SoughtGroup:
    """A pedigree, the persons sought in it, and the typed relatives.

    Args:
        id: name of the family.
        pedigree: one or more components.
        sought: the persons whose places candidates may take.
        profiles: genotypes by person and locus.
        dropout: per-allele drop-out probability of a person's sample, 0 where absent.

    Raises:
        UnknownPerson: a sought or typed person is not in the pedigree.
        BadGenotype: a sought person is typed.
        DuplicatePerson: a person is sought twice.
    """

    id: str
    pedigree: Pedigree
    sought: tuple[str, ...]
    profiles: Mapping[str, Profile]
    dropout: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that everybody named is in the pedigree, in one part only."""
        for role, people in (("sought", self.sought), ("typed", self.profiles)):
            for person in people:
                if person not in self.pedigree:
                    raise UnknownPerson(person=person, role=role)
        for person in self.sought:
            if person in self.profiles:
                raise BadGenotype(person=person, marker="any", reason="the sought person is typed")
            if self.sought.count(person) > 1:
                raise DuplicatePerson(person=person)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be a sought person, alone or with relatives of their own.

    Args:
        id: name of the candidate.
        pedigree: the candidate, and the relatives who are known on the candidate's side.
        person: which of them is the candidate; need not be typed where relatives are.
        profiles: genotypes by person and locus.
        dropout: per-allele drop-out probability of a person's sample, 0 where absent.

    Raises:
        UnknownPerson: the candidate or a typed person is not in the pedigree.
    """

    id: str
    pedigree: Pedigree
    person: str
    profiles: Mapping[str, Profile]
    dropout: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that everybody named is in the pedigree."""
        for role, people in (("candidate", [self.person]), ("typed", [*self.profiles])):
            for person in people:
                if person not in self.pedigree:
                    raise UnknownPerson(person=person, role=role)

    @classmethod
    def alone(
        cls, name: str, profile: Profile, *, sex: Sex = Sex.UNKNOWN, dropout: float = 0.0
    ) -> Candidate:
        """A candidate who is typed and of whom no relative is known."""
        return cls(name, single(name, sex=sex), name, {name: profile}, {name: dropout})

    @property
    def is_alone(self) -> bool:
        """Whether nobody else is known on the candidate's side."""
        return len(self.pedigree.persons) == 1

    @property
    def sex(self) -> Sex:
        """Sex of the candidate."""
        return self.pedigree[self.person].sex
