"""Profiles from a file: what is taken, what is put aside, and that nothing else is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.genotypes import Checks
from reunion.kinship.formats.profiles import Profiles, read_profiles
from reunion.kinship.markers import Catalogue, Locus
from reunion.kinship.pedigree import Sex

LOCI = tuple(
    Locus(name, str(at), ladder=(5, 20))
    for at, name in enumerate(("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8"), 1)
)
CHECKS = Checks(
    Catalogue((*LOCI, Locus("TH01", "11", ("THO1",)), Locus("AMEL", "XY"), Locus("DYS391", "Y"))),
    {"TH01": {"6", "9.3"}},
)
SOUND = {locus.name: "10,11" for locus in LOCI}


def rows(sample: str, **changes: str) -> list[str]:
    """A sound sample of eight markers, with changes; blank takes a marker out."""
    return [f"{sample},{name},{pair}" for name, pair in {**SOUND, **changes}.items() if pair]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "profiles.csv"


def read(
    file: Path, lines: list[str], header: str = "sample_id,marker,allele_1,allele_2"
) -> Profiles:
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return read_profiles(file, CHECKS)


def test_samples_are_sorted_and_every_genotype_comes_back(file: Path) -> None:
    profiles = read(file, [*rows("S2", L1="12,10"), *rows("S1", TH01="9.3,6")])
    assert profiles.ids == ("S1", "S2")
    assert profiles.profile("S2") == {**dict.fromkeys(SOUND, ("10", "11")), "L1": ("10", "12")}
    assert profiles.profile("S1")["TH01"] == ("6", "9.3")
    assert profiles.quarantine == ()
    assert profiles.notes == ()
    profiles.book.check(profiles.codes)


def test_the_book_holds_the_alleles_seen_from_short_to_long(file: Path) -> None:
    profiles = read(file, [*rows("S1", TH01="9.3,6"), *rows("S2", TH01="10,9.3")])
    assert profiles.book.loci == (*SOUND, "TH01")
    assert profiles.book.alleles[-1] == ("6", "9.3", "10")


def test_rows_in_any_order_of_columns_and_samples_give_the_same(file: Path) -> None:
    lines = [*rows("S1"), *rows("S2", L3="7,8")]
    wanted = read(file, lines)
    mixed = [line.split(",") for line in lines[::2] + lines[1::2]]
    found = read(
        file, [f"{m};{b};{s};{a}" for s, m, a, b in mixed], "marker;allele_2;sample_id;allele_1"
    )
    assert found.ids == wanted.ids
    assert [found.profile(s) for s in found.ids] == [wanted.profile(s) for s in wanted.ids]


def test_quoted_fields_give_the_same(file: Path) -> None:
    lines = [",".join(f'"{text}"' for text in line.split(",")) for line in rows("S1")]
    assert read(file, lines).profile("S1") == dict.fromkeys(SOUND, ("10", "11"))


def test_aliases_are_resolved_and_other_spellings_are_logged(file: Path) -> None:
    profiles = read(file, rows("S1", tho1="9.30,06"))
    assert profiles.profile("S1")["TH01"] == ("6", "9.3")
    assert len(profiles.notes) == 2
    assert "line 10, marker tho1, allele_1 '9.30': read as 9.3" in profiles.notes[0]


def test_a_decimal_comma_is_read_where_commas_do_not_separate(file: Path) -> None:
    lines = [line.replace(",", ";") for line in rows("S1")]
    profiles = read(file, [*lines, "S1;TH01;9,3;6"], "sample_id;marker;allele_1;allele_2")
    assert profiles.profile("S1")["TH01"] == ("6", "9.3")


def test_a_question_mark_states_that_the_second_allele_is_not_known(file: Path) -> None:
    profiles = read(file, rows("S1", L1="10,?", L2="?,11", TH01="?,?"))
    assert profiles.profile("S1")["L1"] == ("10", None)
    assert profiles.profile("S1")["L2"] == ("11", None)
    assert "TH01" not in profiles.profile("S1")
    assert profiles.quarantine == ()


def test_a_marker_without_alleles_is_not_typed(file: Path) -> None:
    profiles = read(file, rows("S1", TH01=","))
    assert "TH01" not in profiles.profile("S1")
    assert profiles.quarantine == ()


@pytest.mark.parametrize(
    ("marker", "pair", "field", "value", "said"),
    [
        ("L1", "OL,11", "allele_1", "OL", "off the ladder"),
        ("L1", "10,>20", "allele_2", ">20", "off the ladder"),
        ("L1", "8<,10", "allele_1", "8<", "off the ladder"),
        ("L1", "10.x,11", "allele_1", "10.x", "off the ladder"),
        ("L1", "10/11/12,10", "allele_1", "10/11/12", "several alleles in one field"),
        ("L1", "10,", "allele_2", "", "only one allele"),
        ("L1", ",10", "allele_1", "", "only one allele"),
        ("L1", "10,23", "allele_2", "23", "more than 2 repeats outside"),
        ("L1", "2,10", "allele_1", "2", "more than 2 repeats outside"),
        ("L1", "10.2,11", "allele_1", "10.2", "microvariant"),
        ("L1", "ten,11", "allele_1", "ten", "not an allele"),
        ("L1", "-9,11", "allele_1", "-9", "not an allele"),
        ("LX", "10,11", "marker", "LX", "the marker is not known"),
        ("AMEL", "XY,XY", "allele_1,allele_2", "XY,XY", "sex marker"),
        ("AMEL", "Y,Y", "allele_1,allele_2", "Y,Y", "sex marker"),
        ("AMEL", "X,", "allele_2", "", "only one allele"),
    ],
)
def test_a_doubtful_row_is_put_aside_and_the_rest_of_the_sample_stays(
    file: Path, marker: str, pair: str, field: str, value: str, said: str
) -> None:
    lines = [*rows("S1"), *rows("S2", **{marker: pair})]
    line = 2 + next(at for at, text in enumerate(lines) if f"S2,{marker}" in text)
    profiles = read(file, lines)
    (complaint,) = profiles.quarantine
    assert (complaint.file, complaint.line) == (str(file), line)
    assert (complaint.sample, complaint.marker) == ("S2", marker)
    assert (complaint.field, complaint.value) == (field, value)
    assert said in complaint.reason
    expected = {name: ("10", "11") for name in SOUND if name != marker}
    assert profiles.profile("S2") == expected
    assert profiles.ids == ("S1", "S2")


def test_alleles_within_two_repeats_of_the_range_are_taken(file: Path) -> None:
    profiles = read(file, rows("S1", L1="3,22"))
    assert profiles.profile("S1")["L1"] == ("3", "22")


def test_a_third_allele_in_a_column_of_its_own_is_put_aside(file: Path) -> None:
    lines = [f"{line}," for line in rows("S1")]
    lines[0] += "12"
    profiles = read(file, lines, "sample_id,marker,allele_1,allele_2,allele_3")
    (complaint,) = profiles.quarantine
    assert (complaint.field, complaint.value) == ("allele_3", "12")
    assert "L1" not in profiles.profile("S1")


def test_a_comma_as_decimal_sign_is_explained(file: Path) -> None:
    profiles = read(file, rows("S1", TH01="9,3,6") + rows("S2"))
    (complaint,) = profiles.quarantine
    assert "write decimals with a point" in complaint.reason
    assert complaint.line == 10


def test_equal_rows_are_taken_once(file: Path) -> None:
    profiles = read(file, [*rows("S1"), *rows("S1", L2="11,10")])
    assert profiles.quarantine == ()
    assert profiles.profile("S1")["L2"] == ("10", "11")


def test_rows_that_disagree_at_one_marker_cost_that_marker(file: Path) -> None:
    profiles = read(file, [*rows("S1"), "S1,L2,10,12"])
    assert [(c.line, c.value) for c in profiles.quarantine] == [(3, "10,11"), (10, "10,12")]
    assert "line 10 says 10,12" in profiles.quarantine[0].reason
    assert "L2" not in profiles.profile("S1")
    assert len(profiles.profile("S1")) == 7


def test_a_sound_row_beside_a_doubtful_one_of_the_same_marker_counts_for_nothing(
    file: Path,
) -> None:
    for extra in (["S1,L2,OL,12"], ["S1,L2,10"]):
        profiles = read(file, [*rows("S1"), *extra, *rows("S2")])
        assert [c.line for c in profiles.quarantine] == [3, 10]
        assert "L2" not in profiles.profile("S1")


def test_a_sample_that_disagrees_at_two_markers_is_put_aside_whole(file: Path) -> None:
    profiles = read(file, [*rows("S1"), *rows("S1", L2="10,12", L3="9,9"), *rows("S2")])
    assert profiles.ids == ("S2",)
    assert profiles.put_aside == {"S1"}
    assert any("the whole sample is put aside" in c.reason for c in profiles.quarantine)
    assert "12" not in profiles.book.alleles[1]


def test_a_sample_with_too_few_markers_is_put_aside(file: Path) -> None:
    few = [f"S1,L{at},10,11" for at in (1, 2, 3)]
    profiles = read(file, [*few, *rows("S2")])
    assert profiles.ids == ("S2",)
    (complaint,) = profiles.quarantine
    assert (complaint.line, complaint.field, complaint.value) == (2, "sample_id", "S1")
    assert "3 of its markers can be used and 4 are needed" in complaint.reason


def test_half_of_a_small_panel_is_enough(file: Path) -> None:
    profiles = read(file, ["S1,L1,10,11", "S1,L2,10,11", "S1,L3,10,11", "S2,L1,9,9", "S2,L2,8,8"])
    assert profiles.ids == ("S1", "S2")


def test_markers_on_x_and_y_take_no_part_and_are_counted(file: Path) -> None:
    profiles = read(file, [*rows("S1", DYS391="10,"), *rows("S2", DYS391="11,", DXS8378="9,9")])
    assert profiles.quarantine == ()
    assert profiles.book.loci == tuple(SOUND)
    assert any(
        "DYS391 lies on X or Y and takes no part (2 rows)" in note for note in profiles.notes
    )
    assert any("DXS8378" in note for note in profiles.notes)


def test_the_sex_marker_is_kept_apart_from_the_evidence(file: Path) -> None:
    profiles = read(
        file,
        [*rows("S1", AMEL="X,Y"), *rows("S2", AMEL="X,X"), *rows("S3", AMEL="y,x"), *rows("S4")],
    )
    assert profiles.sexes == {"S1": Sex.MALE, "S2": Sex.FEMALE, "S3": Sex.MALE}
    assert "AMEL" not in profiles.book.loci


@pytest.mark.parametrize("name", ["", " ", "S\u20281", "\x07"])
def test_a_row_without_a_readable_sample_id_is_put_aside(file: Path, name: str) -> None:
    profiles = read(file, [*rows("S1"), f"{name},L1,10,11", *rows("S2")])
    (complaint,) = profiles.quarantine
    assert (complaint.line, complaint.field) == (10, "sample_id")
    assert profiles.ids == ("S1", "S2")


def test_a_file_without_a_usable_sample_gives_none_and_says_why(file: Path) -> None:
    profiles = read(file, ["S1,L1,OL,OL", "S1,L2,OL,OL"])
    assert profiles.ids == ()
    assert profiles.codes.shape == (0, 0)
    assert len(profiles.quarantine) == 3


def test_a_file_that_breaks_off_is_refused(file: Path) -> None:
    file.write_text("sample_id,marker,allele_1,allele_2\nS1,L1,10,11\nS1,L2,1", encoding="utf-8")
    with pytest.raises(DataRefused, match="line 3, row 'S1,L2,1': the last line breaks off"):
        read_profiles(file, CHECKS)
