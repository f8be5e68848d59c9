"""A search takes profiles of any known format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reunion.kinship.formats.any_profiles import read_any_profiles
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.profiles import read_profiles
from reunion.kinship.formats.registry import FORMATS
from tests.kinship.datasets import ALLELES, RULES
from tests.settings import ROOT

SEEDS = ROOT / "tests/golden/seeds"
BY_NAME = {found.name: found for found in FORMATS}
PEOPLE = tuple(
    Sample(f"S{at}", {locus: (ALLELES[locus][at],) * 2 for locus in sorted(ALLELES)[:10]})
    for at in range(3)
)


@pytest.mark.parametrize("name", ["profiles", "genemapper", "cmf", "genis", "familias", "ped"])
def test_profiles_are_the_same_in_whatever_format(name: str, tmp_path: Path) -> None:
    dataset = Dataset(PEOPLE)
    BY_NAME["profiles"].write(dataset, tmp_path / "ours.csv")
    BY_NAME[name].write(dataset, tmp_path / "theirs.dat")
    ours = read_profiles(tmp_path / "ours.csv", RULES.checks)
    theirs = read_any_profiles(tmp_path / "theirs.dat", RULES)
    assert (theirs.ids, theirs.book) == (ours.ids, ours.book)
    np.testing.assert_array_equal(theirs.codes, ours.codes)
    assert theirs.quarantine == ()


def test_complaints_and_hash_are_those_of_the_file_given() -> None:
    path = ROOT / "tests/golden/formats/genemapper_genotypes.txt"
    found = read_any_profiles(path, RULES)
    assert [complaint.line for complaint in found.quarantine] == [6]
    assert {complaint.file for complaint in found.quarantine} == {str(path)}
    assert found.ids == ("DEMO-F-0001", "DEMO-U-0007")
    assert len(found.sha256) == 64


def test_a_file_without_genotypes_is_refused() -> None:
    with pytest.raises(DataRefused, match="no genotype of it can be used"):
        read_any_profiles(SEEDS / "frequencies.csv", RULES)
