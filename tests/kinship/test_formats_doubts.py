"""What is doubtful in the files of other programs is put aside, what is dangerous is refused."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from reunion.kinship.errors import BadSetting
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading, Rules, Sample
from reunion.kinship.formats.plink import read_ped, write_ped
from reunion.kinship.formats.registry import FORMATS
from reunion.kinship.pedigree import Sex
from tests.kinship.datasets import RULES
from tests.settings import ROOT

BY_NAME = {found.name: found for found in FORMATS}
HEAD = "Sample File\tSample Name\tSample Type\tMarker\tAllele 1\tAllele 2\tAllele 3\n"
PROJECT = (ROOT / "tests/golden/seeds/project.fam").read_text(encoding="utf-8")


def read(name: str, text: str | bytes, tmp_path: Path, rules: Rules = RULES) -> Reading:
    path = tmp_path / "file"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return BY_NAME[name].read(path, rules)


def refused(name: str, text: str | bytes, tmp_path: Path) -> str:
    with pytest.raises(DataRefused) as caught:
        read(name, text, tmp_path)
    return str(caught.value)


def genemapper(rows: str, tmp_path: Path, rules: Rules = RULES) -> Reading:
    return read("genemapper", HEAD + rows, tmp_path, rules)


def test_one_allele_alone_is_asked_about_unless_the_batch_says_what_it_is(tmp_path: Path) -> None:
    row = "a.hid\tS\tSample\tTH01\t9\t\t\n"
    aside = genemapper(row, tmp_path)
    assert aside.dataset.samples[0].genotypes == {}
    assert (aside.quarantine[0].value, aside.quarantine[0].marker) == ("9", "TH01")
    homozygote = genemapper(row, tmp_path, replace(RULES, single="homozygote"))
    assert homozygote.dataset.samples[0].genotypes == {"TH01": ("9", "9")}
    partial = genemapper(row, tmp_path, replace(RULES, single="partial"))
    assert partial.dataset.samples[0].genotypes == {"TH01": ("9", None)}


@pytest.mark.parametrize(
    ("alleles", "reason"),
    [
        ("9\tOL\t", "off the ladder"),
        ("9\t12>\t", "off the ladder"),
        ("9\t10.x\t", "off the ladder"),
        ("6\t7\t9", "more than two alleles"),
        ("6\t7,9\t", "microvariant"),
        ("6\t6/7\t", "several alleles in one field"),
        ("6\tseven\t", "not an allele"),
        ("6\t55\t", "outside all that was seen"),
    ],
)
def test_a_doubtful_genotype_is_put_aside_with_its_text(
    alleles: str, reason: str, tmp_path: Path
) -> None:
    reading = genemapper(f"a.hid\tS\tSample\tTH01\t{alleles}\n", tmp_path)
    assert reading.dataset.samples[0].genotypes == {}
    assert reason in reading.quarantine[0].reason
    assert reading.quarantine[0].value


def test_rows_that_disagree_are_all_put_aside_and_equal_ones_are_welcome(tmp_path: Path) -> None:
    rows = "a.hid\tS\tSample\tTH01\t6\t7\t\n" + "a.hid\tS\tSample\tFGA\t20\t21\t\n" * 2
    reading = genemapper(rows + "b.hid\tS\tSample\tTH01\t6\t9\t\n", tmp_path)
    assert reading.dataset.samples[0].genotypes == {"FGA": ("20", "21")}
    assert [complaint.line for complaint in reading.quarantine] == [2, 5]
    assert "differ in 'sample file'" in reading.notes[0]


def test_a_good_row_does_not_count_where_another_one_of_it_is_doubtful(tmp_path: Path) -> None:
    good, short = "a.hid\tS\tSample\tTH01\t6\t7\t\n", "a.hid\tS\tSample\tTH01\t6\n"
    for rows in (good + short + "b.hid\tT\tSample\tTH01\t6\t7\t\n", short + good):
        reading = genemapper(rows, tmp_path)
        assert reading.dataset.samples[0].genotypes == {}
        assert len(reading.quarantine) == 2


def test_the_same_holds_for_a_marker_on_y_that_the_catalogue_lacks(tmp_path: Path) -> None:
    good = "a.hid\tS\tSample\tDYS385\t11\t14\t\n"
    assert genemapper(good, tmp_path).dataset.samples[0].haplotypes == {"DYS385": ("11", "14")}
    for bad in ("a.hid\tS\tSample\tdys385\t11\n", "a.hid\tS\tSample\tDYS385\t11\tOL\t\n"):
        assert genemapper(bad + good, tmp_path).dataset.samples[0].haplotypes == {}


def test_a_sample_that_seems_to_be_two_people_is_put_aside_as_a_whole(tmp_path: Path) -> None:
    one = "".join(f"a.hid\tS\tSample\t{m}\t12\t13\t\n" for m in ("D5S818", "D7S820", "TPOX"))
    other = "".join(f"b.hid\tS\tSample\t{m}\t10\t11\t\n" for m in ("D5S818", "D7S820"))
    reading = genemapper(one + other, tmp_path)
    assert reading.dataset.samples == ()
    assert sum("as if it were two people" in c.reason for c in reading.quarantine) == 1


def test_every_row_without_a_name_is_put_aside_and_blank_rows_are_welcome(tmp_path: Path) -> None:
    nameless = "a.hid\t\tSample\tTH01\t6\t7\t\n"
    reading = genemapper(nameless * 2 + "\t" * 6 + "\n" + nameless, tmp_path)
    assert [complaint.line for complaint in reading.quarantine] == [2, 3, 5]


def test_ladders_and_controls_are_skipped_and_listed(tmp_path: Path) -> None:
    rows = "a.hid\tL\tAllelic Ladder\tTH01\t6\t7\t\nb.hid\tP\tPositive Control\tTH01\t6\t7\t\n"
    reading = genemapper(rows + "c.hid\tS\tSample\tTH01\t6\t7\t\n", tmp_path)
    assert [sample.id for sample in reading.dataset.samples] == ["S"]
    assert sum("skipped" in note for note in reading.notes) == 2


def test_columns_are_found_by_name_and_blanks_at_the_end_are_welcome(tmp_path: Path) -> None:
    text = "Marker\tAllele 2\tSample Name\tAllele 1\t\nTHO1\t9,30\tS\t6\t\nFGA\t21\tS\t20\n"
    reading = read("genemapper", text, tmp_path)
    assert reading.dataset.samples[0].genotypes == {"TH01": ("6", "9.3"), "FGA": ("20", "21")}
    assert any("read as 9.3" in note for note in reading.notes)


def test_latin_1_is_read_on_request_only(tmp_path: Path) -> None:
    text = (HEAD + "a.hid\tMüller\tSample\tTH01\t6\t7\t\n").encode("latin-1")
    assert "not UTF-8" in refused("genemapper", text, tmp_path)
    reading = read("genemapper", text, tmp_path, replace(RULES, encoding="latin-1"))
    assert reading.dataset.samples[0].id == "Müller"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("S\tER\ta\t16000\t16569\tT99C\t\t", "outside the range"),
        ("S\tER\ta\t16000\t16569\tsomething\t\t", "no difference to the reference"),
        ("S\tER\ta\t16000\t17000\t\t\t", "position from 1 to 16569"),
        ("S\tER\ta\t400\t1\t\t\t", "ends before it begins"),
    ],
)
def test_a_range_with_one_doubtful_difference_is_put_aside(
    row: str, reason: str, tmp_path: Path
) -> None:
    head = "Sample Name\tSpecimen Category\tUD1\tRange From\tRange To\tMut1\tMut2\tMut3\n"
    reading = read("genis-mito", f"{head}{row}\n", tmp_path)
    assert reading.dataset.samples[0].mitochondrial == ()
    assert reason in reading.quarantine[0].reason


def test_a_column_of_differences_with_a_wrong_name_is_refused(tmp_path: Path) -> None:
    text = "Sample Name\tRange From\tRange To\tMut1\tMut 2\nS\t1\t300\tA73G\tA263G\n"
    assert "correct the name" in refused("genis-mito", text, tmp_path)


def test_ranges_that_overlap_must_agree(tmp_path: Path) -> None:
    head = "Sample Name\tRange From\tRange To\tMut1\n"
    agree = "S\t1\t300\tA73G\nS\t50\t400\tA73G\nS\t50\t400\tA73G\n"
    assert len(read("genis-mito", head + agree, tmp_path).dataset.samples[0].mitochondrial) == 2
    reading = read("genis-mito", head + "S\t1\t300\tA73G\nS\t50\t400\tA263G\n", tmp_path)
    assert reading.dataset.samples[0].mitochondrial == ()
    assert [complaint.line for complaint in reading.quarantine] == [2, 3]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("alelo;TH01\n6;0,5\n6;0,5\n", "twice"),
        ("alelo;TH01;THO1\n6;1;1\n", "twice"),
        ("alelo;TH01\n6;0,5\n", "sum to 0.5"),
        ("alelo;TH01\n6;1,5\n", "number from 0 to 1"),
        ("alelo;TH01\nsix;1\n", "not an allele"),
        ("alelo;TH01\n6;1;0\n", "3 fields"),
        ("\nalelo;TH01\n6;1\n", "the first line names alelo"),
    ],
)
def test_a_frequency_table_with_a_fault_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    assert reason in refused("genis-frequencies", text, tmp_path)


def test_a_marker_that_nobody_knows_is_put_aside_alone(tmp_path: Path) -> None:
    reading = read("familias-frequencies", "X99\n6\t1\n\nTH01\n6\t0,4\n7 0.6\n", tmp_path)
    assert reading.quarantine[0].marker == "X99"
    assert reading.dataset.frequencies is not None
    assert list(reading.dataset.frequencies.markers) == ["TH01"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("DO NOT EDIT!", "DO NOT EDIT", "not understood"),
        ('"AF"\n', "AF\n", "double quotes"),
        ('"Known relations"\n0', '"Known relations"\n1', "hold for all pedigrees"),
        ("nSystems= 2", "nSystems= 3", "2 follow"),
        ("\nAllele1= ", "\nAllele= ", "do not take turns"),
        ("\nGender= ", "\nAllele2= ", "does not belong here"),
        ("[[[[Person 3 ]]]]", "[[[[Person 3 ]]]", "brackets do not fit"),
        ("[[[[[DNA data]]]]]\nnSystems= 0\n[[[[Person 3 ]]]]\n", "", "2 follow"),
        ("[[Unidentified", "[[[Unidentified", "brackets"),
        ('"6"\n0.25', '"6"\n2.5', "number from 0 to 1"),
        ("\n3\t(DatabaseSize", "\n4\t(DatabaseSize", "alleles with DatabaseSize"),
        ("#TRUE#", "yes", "#TRUE# or #FALSE#"),
    ],
)
def test_a_project_of_familias_whose_lines_do_not_fit_is_refused(
    old: str, new: str, reason: str, tmp_path: Path
) -> None:
    text = PROJECT.replace(old, new, 1)
    assert text != PROJECT
    if reason == "not understood":
        assert reason not in read("familias", text, tmp_path).notes
        assert read("familias", text, tmp_path).dataset.kept["second line"] == "DO NOT EDIT"
    else:
        assert reason in refused("familias", text, tmp_path)


def test_a_project_that_is_cut_off_is_refused_at_whatever_line(tmp_path: Path) -> None:
    lines = PROJECT.splitlines(keepends=True)
    for at in range(1, lines.index("[DVI]\n") - 1, 7):
        assert refused("familias", "".join(lines[:at]), tmp_path)


def test_mutation_models_that_could_not_be_verified_are_put_aside(tmp_path: Path) -> None:
    text = PROJECT.replace("\n4\n4\n", "\n2\n2\n", 1)
    reading = read("familias", text, tmp_path)
    assert "D3S1358" not in reading.dataset.mutations
    assert reading.dataset.frequencies is not None
    assert "D3S1358" in reading.dataset.frequencies.markers
    assert "one model of code 0, 1 or 4" in reading.quarantine[0].reason


def test_a_family_that_is_impossible_is_put_aside_alone(tmp_path: Path) -> None:
    text = "F1 c f m 1 -9\nF1 f 0 0 2 -9\nF1 m 0 0 2 -9\nF2 c f 0 1 -9\nF2 f 0 0 0 -9\n"
    (tmp_path / "a.ped").write_text(text, encoding="utf-8")
    reading = read_ped(tmp_path / "a.ped", RULES)
    (family,) = reading.dataset.families
    assert family.id == "F2"
    assert [(p.id, p.sex) for p in family.pedigree] == [
        ("c (unknown mother)", Sex.FEMALE),
        ("c", Sex.MALE),
        ("f", Sex.MALE),
    ]
    assert "cannot be the father" in reading.quarantine[0].reason


def test_a_ped_file_with_genotypes_needs_its_map_file(tmp_path: Path) -> None:
    (tmp_path / "a.ped").write_text("F1 c 0 0 1 -9 9 9.3\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="put the MAP file of the same name beside"):
        read_ped(tmp_path / "a.ped", RULES)
    with pytest.raises(BadSetting, match=r"\.ped"):
        write_ped(Dataset(), tmp_path / "a.map")


def test_a_sex_marker_against_the_declared_sex_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "a.ped").write_text("F c 0 0 2 -9 X Y\n", encoding="utf-8")
    (tmp_path / "a.map").write_text("0 AMEL 0 0\n", encoding="utf-8")
    reading = read_ped(tmp_path / "a.ped", RULES)
    assert reading.dataset.samples == (Sample("c", sex=Sex.FEMALE),)
    assert "contradicts the declared sex female" in reading.quarantine[0].reason


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_file_that_is_not_there_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="there is no such file"):
        BY_NAME[name].read(tmp_path / "nothing", RULES)
    with pytest.raises(DataRefused, match="folder"):
        BY_NAME[name].read(tmp_path, RULES)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.ped"
    path.touch()
    os.truncate(path, 5 << 30)
    with pytest.raises(DataRefused, match="more than 4 GiB"):
        read_ped(path, RULES)
