"""Profiles for a search from a file of any known format."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from reunion.kinship.formats.allele_tables import PROFILES
from reunion.kinship.formats.allele_tables_out import write_table
from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading, Rules, Sample
from reunion.kinship.formats.profiles import Profiles, read_profiles
from reunion.kinship.formats.registry import Format, recognised


def read_any_profiles(path: Path, rules: Rules) -> Profiles:
    """Profiles of a file of any known format, checked as those of our own are.

    A pipe, and a file of no known format, is read as a file of our own, whose reader says what is
    missing. Any other format passes through one of our own, so that the same rules decide about
    all; complaints name the file that was given.

    Raises:
        DataRefused: damaged as a whole, or without any genotype.
    """
    known = recognised(path)
    if known is None or known.name == "profiles":
        return read_profiles(path, rules.checks, rules.single)
    return profiles_of(known, known.read(path, rules), rules)


def profiles_of(known: Format, reading: Reading, rules: Rules) -> Profiles:
    """The profiles of a file that was read.

    Raises:
        DataRefused: there is no genotype.
    """
    if not any(sample.genotypes for sample in reading.dataset.samples):
        raise DataRefused(Complaint(reading.file, _no_genotype(known, reading)))
    profiles = checked_profiles(reading, reading.dataset.samples, rules)
    return replace(
        profiles,
        quarantine=(*reading.quarantine, *profiles.quarantine),
        notes=(*reading.notes, *profiles.notes),
    )


def checked_profiles(reading: Reading, samples: Iterable[Sample], rules: Rules) -> Profiles:
    """The profiles of some samples of a file, as our own format gives them.

    Notes and complaints are those of this step alone, under the name of the file that was given.

    Raises:
        DataRefused: nothing of them can be used.
    """
    with tempfile.TemporaryDirectory() as folder:
        ours = Path(folder) / "profiles.csv"
        write_table(Dataset(tuple(samples)), ours, PROFILES)
        profiles = read_profiles(ours, rules.checks)
    later = (replace(complaint, file=reading.file, line=0) for complaint in profiles.quarantine)
    return replace(
        profiles,
        quarantine=tuple(later),
        notes=tuple(note.replace(str(ours), reading.file) for note in profiles.notes),
        sha256=reading.sha256,
    )


def _no_genotype(known: Format, reading: Reading) -> str:
    """Why a file gives no profile."""
    if reading.dataset.samples:
        return f"no genotype of it can be used ({known.title}): see the quarantine file"
    return f"this is {known.title}, which gives no genotypes: name a file of profiles"
