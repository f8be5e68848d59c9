"""A search takes profiles of any known format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reunion.kinship.formats.any_profiles import read_any_profiles
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.profiles import joined, read_profiles
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
    with pytest.raises(DataRefused, match="which gives no genotypes"):
        read_any_profiles(SEEDS / "frequencies.csv", RULES)


def test_a_file_of_no_known_format_is_told_which_columns_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "strange.txt").write_text("one,two\n1,2\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="missing: sample_id, marker, allele_1, allele_2"):
        read_any_profiles(tmp_path / "strange.txt", RULES)


def test_samples_of_two_files_come_together_with_all_their_genotypes(tmp_path: Path) -> None:
    loci = sorted(ALLELES)
    one, other = (
        PEOPLE[:2],
        (
            PEOPLE[1],
            Sample("A", {locus: (ALLELES[locus][3],) * 2 for locus in loci[2:12]}),
        ),
    )
    for name, people in (("one", one), ("other", other)):
        BY_NAME["profiles"].write(Dataset(people), tmp_path / name)
    first, second = (read_profiles(tmp_path / name, RULES.checks) for name in ("one", "other"))
    both = joined(first, second, file="other")
    assert both.ids == ("A", "S0", "S1")
    both.book.check(both.codes)
    for sample in (*one, *other):
        assert both.profile(sample.id) == sample.genotypes


def test_one_name_for_two_persons_in_two_files_is_refused(tmp_path: Path) -> None:
    for at, name in enumerate(("one", "other")):
        BY_NAME["profiles"].write(Dataset((Sample("S", PEOPLE[at].genotypes),)), tmp_path / name)
    first, second = (read_profiles(tmp_path / name, RULES.checks) for name in ("one", "other"))
    with pytest.raises(DataRefused, match="rename one"):
        joined(first, second, file="other")


def test_one_name_with_two_sexes_in_two_files_is_refused(tmp_path: Path) -> None:
    BY_NAME["profiles"].write(Dataset(PEOPLE[:1]), tmp_path / "one")
    plain = (tmp_path / "one").read_text(encoding="utf-8")
    texts = {name: f"{plain}S0,AMEL,X,{second}\n" for name, second in (("girl", "X"), ("boy", "Y"))}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    one, girl, boy = (read_profiles(tmp_path / name, RULES.checks) for name in ("one", *texts))
    assert joined(one, girl, file="girl").sexes == girl.sexes != boy.sexes
    with pytest.raises(DataRefused, match="rename one"):
        joined(girl, boy, file="boy")
