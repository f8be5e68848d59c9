"""The example files of every format: recognised by content, read, and written again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading
from reunion.kinship.formats.registry import FORMATS, read_any, recognise
from tests.kinship.datasets import RULES
from tests.settings import ROOT

EXAMPLES = ROOT / "tests/golden/formats"
SEEDS = ROOT / "tests/golden/seeds"
FORMAT_OF = {
    EXAMPLES / "codis_cmf32.xml": "cmf",
    EXAMPLES / "familias_dvi_min.fam": "familias",
    EXAMPLES / "familias_freq.txt": "familias-frequencies",
    EXAMPLES / "familias_genotypes.txt": "familias-genotypes",
    EXAMPLES / "genemapper_genotypes.txt": "genemapper",
    EXAMPLES / "genis_bulk_autosomal.txt": "genis",
    EXAMPLES / "genis_bulk_mito.txt": "genis-mito",
    EXAMPLES / "genis_freq.csv": "genis-frequencies",
    SEEDS / "cmf.xml": "cmf",
    SEEDS / "families.csv": "families",
    SEEDS / "frequencies.csv": "frequencies",
    SEEDS / "genemapper.txt": "genemapper",
    SEEDS / "genis.txt": "genis",
    SEEDS / "pedigree.ped": "ped",
    SEEDS / "profiles.csv": "profiles",
    SEEDS / "project.fam": "familias",
}


def example(name: str) -> Reading:
    return read_any(EXAMPLES / name, RULES)[1]


@pytest.mark.parametrize("path", FORMAT_OF, ids=lambda path: path.name)
def test_a_file_is_recognised_by_its_content_whatever_its_name(path: Path) -> None:
    data = path.read_bytes()
    for variant in (data, b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n")):
        found = recognise(variant)
        assert found is not None
        assert found.name == FORMAT_OF[path]


def test_every_format_has_an_example() -> None:
    assert set(FORMAT_OF.values()) == {found.name for found in FORMATS}


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"a letter\nin words\n"])
def test_other_files_are_of_no_known_format(data: bytes, tmp_path: Path) -> None:
    assert recognise(data) is None
    (tmp_path / "letter.xml").write_bytes(data)
    with pytest.raises(DataRefused, match=r"no known format. Known are: CODIS"):
        read_any(tmp_path / "letter.xml", RULES)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataRefused, match="save it as a file"):
        read_any(tmp_path / "pipe", RULES)


@pytest.mark.parametrize("path", FORMAT_OF, ids=lambda path: path.name)
def test_what_an_example_holds_survives_writing_and_reading(path: Path, tmp_path: Path) -> None:
    found, reading = read_any(path, RULES)
    copy = tmp_path / path.name
    said = found.write(reading.dataset, copy)
    back = found.read(copy, RULES)
    without = {complaint.sample for complaint in said}
    samples = tuple(s for s in reading.dataset.samples if s.id not in without)
    assert back.dataset.samples == samples
    assert {complaint.sample for complaint in reading.quarantine} >= without
    assert back.dataset.families == reading.dataset.families
    assert back.dataset.frequencies == reading.dataset.frequencies
    assert back.dataset.kept == reading.dataset.kept


def test_the_genemapper_example_reads_as_it_stands_there() -> None:
    reading = example("genemapper_genotypes.txt")
    father, unknown = reading.dataset.samples
    assert father.genotypes == {"AMEL": ("X", "Y"), "D3S1358": ("15", "17"), "TH01": ("9", "9.3")}
    assert father.kit == "PowerPlex_21_IDX_v2.0"
    assert father.fields == {"sample file": "DEMO_A01.hid"}
    assert unknown.genotypes == {"D3S1358": ("15", "15")}
    (complaint,) = reading.quarantine
    assert (complaint.line, complaint.marker, complaint.value) == (6, "FGA", "OL")
    assert "not carried on: Dye, Size 1" in reading.notes[0]


def test_the_cmf_example_reads_as_it_stands_there() -> None:
    reading = example("codis_cmf32.xml")
    father, unknown = reading.dataset.samples
    assert father.genotypes == {"D3S1358": ("15", "17"), "TH01": ("9", "9.3"), "AMEL": ("X", "Y")}
    assert (father.role, father.kit) == ("Biological Father", "PowerPlex 21")
    assert father.fields["caseid"] == "MP-2026-0001"
    assert unknown.genotypes == {}
    (complaint,) = reading.quarantine
    assert (complaint.sample, complaint.value) == ("DEMO-U-0007", "15")
    assert reading.dataset.kept["SUBMITBYUSERID"] == "analyst01"


def test_the_examples_of_genis_read_as_they_stand_there() -> None:
    (person,) = example("genis_bulk_autosomal.txt").dataset.samples
    assert (person.role, person.kit, person.fields) == ("ER", "Powerplex21", {"ud1": "analyst01"})
    assert person.genotypes["TH01"] == ("9", "9.3")
    (mother,) = example("genis_bulk_mito.txt").dataset.samples
    assert [(of.first, of.last, of.differences) for of in mother.mitochondrial] == [
        (16024, 16569, ("T16223C", "T16362C")),
        (1, 400, ("A73G", "A263G", "315.1C")),
    ]
    reading = example("genis_freq.csv")
    table = reading.dataset.frequencies
    assert table is not None
    assert dict(zip(table.markers["TH01"].alleles, table.markers["TH01"].values, strict=True))[
        "9.3"
    ] == pytest.approx(0.0402)
    assert reading.dataset.minima == {"D3S1358": 0.0025, "TH01": 0.0025, "TPOX": 0.0025}


def test_the_examples_of_familias_read_as_they_stand_there() -> None:
    project = example("familias_dvi_min.fam").dataset
    (unknown,) = project.samples
    assert (unknown.id, unknown.sex, unknown.genotypes) == (
        "DEMO-U-0007",
        "male",
        {"D3S1358": ("15", "15")},
    )
    assert project.frequencies is not None
    assert project.frequencies.name == "Demo database"
    assert project.frequencies.markers["D3S1358"].two_n == 2016
    mutation = project.mutations["D3S1358"]
    assert (mutation.kind, mutation.female, mutation.male) == ("stepwise", 0.00015, 0.0013)
    child = example("familias_genotypes.txt").dataset.samples[2]
    assert (child.id, child.genotypes["TH01"]) == ("Child", ("6", "9.3"))
    table = example("familias_freq.txt").dataset
    assert table == Dataset(frequencies=table.frequencies)
    assert table.frequencies is not None
    assert list(table.frequencies.markers) == ["D3S1358", "TH01"]
