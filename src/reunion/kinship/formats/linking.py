"""Joins families and profiles: who is typed, and whether the sex marker agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reunion.kinship.compile import Family
from reunion.kinship.formats.complaints import Complaint, shown
from reunion.kinship.formats.families import Families, FamilyRecord, RefusedFamily, connected
from reunion.kinship.formats.genotypes import SEX_MARKER
from reunion.kinship.formats.profiles import Profiles
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


def link(families: Families, profiles: Profiles) -> Linked:
    """Give each relative the profile of the sample; who has none counts as not typed."""
    linked: list[Family] = []
    samples: dict[str, dict[str, str]] = {}
    refused: list[RefusedFamily] = []
    complaints: list[Complaint] = []
    for record in families.families:
        typed = {p: s for p, s in record.samples.items() if profiles.row(s) is not None}
        for person, sample in record.samples.items():
            marker, reason = sample_complaint(record, person, sample, profiles)
            if reason:
                line = record.lines[person]
                complaints.append(
                    Complaint(families.file, reason, line, "sample_id", sample, sample, marker)
                )
        if typed.keys() & connected(record.pedigree, record.sought):
            genotypes = {person: profiles.profile(sample) for person, sample in typed.items()}
            linked.append(Family(record.id, record.pedigree, record.sought, genotypes))
            samples[record.id] = typed
        else:
            reason = "no relative is left who is typed: bring their profiles"
            line = record.lines[record.sought]
            complaint = Complaint(families.file, reason, line, "sample_id", "")
            refused.append(RefusedFamily(record.id, complaint))
    return Linked(tuple(linked), samples, tuple(refused), tuple(complaints))


def sample_complaint(
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
