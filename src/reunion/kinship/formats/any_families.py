"""Families for a search from a file of any format that holds pedigrees."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reunion.kinship.formats.any_profiles import checked_profiles, profiles_of
from reunion.kinship.formats.complaints import Complaint, DataRefused, shown
from reunion.kinship.formats.dataset import Reading, Rules
from reunion.kinship.formats.families import (
    Families,
    FamilyRecord,
    Marking,
    RefusedFamily,
    connected,
    read_families,
)
from reunion.kinship.formats.profiles import Profiles
from reunion.kinship.formats.registry import Format, recognised


@dataclass(frozen=True, slots=True)
class AnyFamilies:
    """Families, and what else their file holds.

    Args:
        families: those that are sound, and those that are refused.
        named: which of the names of sought persons the file has; None where it marks them itself.
        source: the file as it was read, where it is not one of our own.
    """

    families: Families
    named: frozenset[str] | None = None
    source: tuple[Format, Reading] | None = None

    @property
    def quarantine(self) -> tuple[Complaint, ...]:
        """What the reader put aside."""
        return self.source[1].quarantine if self.source else ()

    def relatives(self, rules: Rules) -> Profiles | None:
        """The genotypes of relatives that stand in the file; None where there are none."""
        if self.source is None:
            return None
        _, reading = self.source
        names = self.families.samples
        samples = [s for s in reading.dataset.samples if s.genotypes and s.id in names]
        return checked_profiles(reading, samples, rules) if samples else None

    def everybody(self, rules: Rules) -> Profiles | None:
        """All genotypes of the file, as `read_any_profiles` gives them; None for a file of our own.

        Raises:
            DataRefused: there is no genotype.
        """
        return profiles_of(*self.source, rules) if self.source else None


def read_any_families(
    path: Path, rules: Rules, *, marking: Marking = "one", sought: Collection[str] = ()
) -> AnyFamilies:
    """Families of a file of our own, of Familias or of PLINK.

    Args:
        path: the file; its content tells the format.
        rules: how genotypes are read.
        marking: who may be sought.
        sought: names of those who are sought, for formats that do not say it; a file of our own
            does, and these names are nothing to it.

    Raises:
        DataRefused: damaged as a whole, or of a format that holds no pedigrees.
    """
    known = recognised(path)
    if known is None or known.name == "families":
        return AnyFamilies(read_families(path, marking))
    reading = known.read(path, rules)
    records = reading.dataset.families
    if not records:
        first = next((f" ({complaint.reason})" for complaint in reading.quarantine), "")
        reason = f"this is {known.title}, and no pedigree can be read from it{first}: name a file"
        raise DataRefused(Complaint(reading.file, f"{reason} of families who search"))
    persons = {person.id for record in records for person in record.pedigree}
    named = frozenset(persons.intersection(sought))
    return AnyFamilies(_families(reading, known, marking, sought), named, (known, reading))


def _families(
    reading: Reading, known: Format, marking: Marking, sought: Collection[str]
) -> Families:
    """The families of a file that was read, each with those who are sought."""
    families, refused = [], []
    for record in reading.dataset.families:
        marked = _with_sought(record, sought)
        if reason := _fault(marked, known, marking):
            complaint = Complaint(reading.file, reason, 0, "family", record.id)
            refused.append(RefusedFamily(record.id, complaint))
        else:
            families.append(marked)
    return Families(
        reading.file,
        tuple(families),
        tuple(refused),
        frozenset(_samples(reading.dataset.families)),
        reading.notes,
        reading.sha256,
    )


def _with_sought(record: FamilyRecord, sought: Collection[str]) -> FamilyRecord:
    """A family where those of these names are sought; as the file says where none is in it."""
    names = [person.id for person in record.pedigree if person.id in sought] or [record.sought]
    lines = {person.id: 0 for person in record.pedigree}
    return replace(record, sought=names[0], others=tuple(names[1:]), lines=lines)


def _fault(record: FamilyRecord, known: Format, marking: Marking) -> str:
    """Why a family cannot be searched for; blank where it can."""
    if not record.sought:
        return f"nobody in the family is sought ({known.title} does not say who): give --sought"
    if record.others and marking != "several":
        return f"{', '.join(map(shown, record.marked))} are sought: one person of a family can be"
    for person in record.marked:
        if person in record.samples and marking != "candidate":
            return f"{shown(person)} is sought and typed: name somebody else with --sought"
        if not connected(record.pedigree, person) & record.samples.keys():
            return f"no relative of {shown(person)} has a sample"
    return ""


def _samples(records: Collection[FamilyRecord]) -> Iterator[str]:
    """Every sample that the families name."""
    for record in records:
        yield from record.samples.values()
