"""Profiles for a search from a file of any known format."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from reunion.kinship.formats.allele_tables import PROFILES
from reunion.kinship.formats.allele_tables_out import write_table
from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Rules
from reunion.kinship.formats.profiles import Profiles, read_profiles
from reunion.kinship.formats.registry import read_any, recognise_file


def read_any_profiles(path: Path, rules: Rules) -> Profiles:
    """Profiles of a file of any known format, checked as those of our own are.

    A pipe is read as a file of our own. Any other format passes through one of our own, so that
    the same rules decide about all; complaints name the file that was given.

    Raises:
        DataRefused: of no known format, damaged as a whole, or without any genotype.
    """
    if not path.is_file() or recognise_file(path).name == "profiles":
        return read_profiles(path, rules.checks)
    known, reading = read_any(path, rules)
    if not any(sample.genotypes for sample in reading.dataset.samples):
        reason = f"no genotype of it can be used ({known.title}): see the quarantine file"
        raise DataRefused(Complaint(reading.file, reason))
    with tempfile.TemporaryDirectory() as folder:
        ours = Path(folder) / "profiles.csv"
        write_table(reading.dataset, ours, PROFILES)
        profiles = read_profiles(ours, rules.checks)
    later = (replace(complaint, file=reading.file, line=0) for complaint in profiles.quarantine)
    return replace(
        profiles,
        quarantine=(*reading.quarantine, *later),
        notes=(*reading.notes, *(note.replace(str(ours), reading.file) for note in profiles.notes)),
        sha256=reading.sha256,
    )
