"""Joins families and profiles: who is typed, and whether the sex marker agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reunion.kinship.compile import Family
from reunion.kinship.formats.complaints import Complaint, shown
from reunion.kinship.formats.families import Families, FamilyRecord, RefusedFamily, connected
from reunion.kinship.formats.genotypes import SEX_MARKER
from reunion.kinship.formats.profiles import Profiles
from reunion.kinship.markers import Profile
from reunion.kinship.pedigree import Sex


@dataclass(frozen=True, slots=True)
class Linked:
    """Families with the genotypes of their relatives.

    Args:
        families: ready to be compiled.
        samples: per family, the sample of each typed relative.
        refused: families of which no relative is typed after all.
        complaints: samples that are missing or put aside, and sex markers that contradict.
    """

    families: tuple[Family, ...]
    samples: Mapping[str, Mapping[str, str]]
    refused: tuple[RefusedFamily, ...]
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """The genotypes of a family by person, whose sample each is, and what is wrong with samples."""

    profiles: Mapping[str, Profile]
    samples: Mapping[str, str]
    complaints: tuple[Complaint, ...]


def link(families: Families, profiles: Profiles) -> Linked:
    """Give each relative the profile of the sample; who has none counts as not typed."""
    linked: list[Family] = []
    samples: dict[str, Mapping[str, str]] = {}
    refused: list[RefusedFamily] = []
    complaints: list[Complaint] = []
    for record in families.families:
        known = typed(record, families.file, profiles)
        complaints += known.complaints
        if reason := untyped(record, known, families.file):
            refused.append(RefusedFamily(record.id, reason))
        else:
            linked.append(Family(record.id, record.pedigree, record.sought, known.profiles))
            samples[record.id] = known.samples
    return Linked(tuple(linked), samples, tuple(refused), tuple(complaints))


def typed(record: FamilyRecord, file: str, profiles: Profiles) -> Typed:
    """The genotypes of a family's persons; who has none counts as not typed."""
    complaints = []
    for person, sample in record.samples.items():
        marker, reason = _sample_complaint(record, person, sample, profiles)
        if reason:
            line = record.lines[person]
            complaints.append(Complaint(file, reason, line, "sample_id", sample, sample, marker))
    samples = {p: s for p, s in record.samples.items() if profiles.row(s) is not None}
    genotypes = {person: profiles.profile(sample) for person, sample in samples.items()}
    return Typed(genotypes, samples, tuple(complaints))


def untyped(record: FamilyRecord, known: Typed, file: str) -> Complaint | None:
    """What is wrong where somebody who is marked has no typed relative; None where nothing is."""
    for person in record.marked:
        if not connected(record.pedigree, person) & known.profiles.keys():
            reason = f"no relative of {shown(person)} is left who is typed: bring their profiles"
            return Complaint(file, reason, record.lines[person], "sample_id", "")
    return None


def _sample_complaint(
    record: FamilyRecord, person: str, sample: str, profiles: Profiles
) -> tuple[str, str]:
    """The marker and the sentence of what is wrong with a sample of a family; blank if nothing."""
    name = shown(person)
    if sample in profiles.put_aside:
        return "", f"the sample is in quarantine, so {name} counts as not typed"
    if profiles.row(sample) is None:
        return "", f"the profiles have no such sample, so {name} counts as not typed: bring it"
    declared, seen = record.pedigree[person].sex, profiles.sexes.get(sample)
    if seen is None or declared in (Sex.UNKNOWN, seen):
        return "", ""
    return SEX_MARKER, (
        f"the sex marker shows {seen.value} and {name} is {declared.value}: make sure whose"
        " sample this is"
    )
