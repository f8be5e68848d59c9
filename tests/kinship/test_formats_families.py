"""Families from a file: an impossible one is refused alone, with its place and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.families import Families, read_families
from reunion.kinship.pedigree import Person, Sex

HEADER = "family_id,person_id,father_id,mother_id,sex,sample_id,sought"
GOOD = ["G,fa,,,M,G1,0", "G,mo,,,F,G2,0", "G,kid,fa,mo,U,,1"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "families.csv"


def read(file: Path, *lines: str) -> Families:
    file.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return read_families(file)


def test_a_family_comes_with_pedigree_sought_person_and_samples(file: Path) -> None:
    families = read(file, *GOOD)
    (family,) = families.families
    assert (family.id, family.sought) == ("G", "kid")
    assert family.samples == {"fa": "G1", "mo": "G2"}
    assert family.pedigree["kid"] == Person("kid", "fa", "mo", Sex.UNKNOWN)
    assert family.lines == {"fa": 2, "mo": 3, "kid": 4}
    assert families.refused == ()
    assert families.notes == ()


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("M", Sex.MALE),
        ("f", Sex.FEMALE),
        ("Female", Sex.FEMALE),
        ("unknown", Sex.UNKNOWN),
        ("", Sex.UNKNOWN),
    ],
)
def test_sex_is_read_in_all_its_spellings(file: Path, written: str, sex: Sex) -> None:
    families = read(file, *GOOD[:2], f"G,kid,fa,mo,{written},,1")
    assert families.families[0].pedigree["kid"].sex is sex


def test_rows_of_several_families_may_be_mixed(file: Path) -> None:
    other = [line.replace("G", "H") for line in GOOD]
    families = read(file, *(line for pair in zip(GOOD, other, strict=True) for line in pair))
    assert [family.id for family in families.families] == ["G", "H"]


def test_an_unnamed_parent_beside_a_named_one_is_added(file: Path) -> None:
    families = read(file, "G,mo,,,F,G2,0", "G,kid,,mo,U,,1", "G,sis,,mo,F,G3,")
    pedigree = families.families[0].pedigree
    assert pedigree["kid"].father == "kid (unknown father)"
    assert pedigree["sis"].father == "sis (unknown father)"
    assert pedigree["kid (unknown father)"].sex is Sex.MALE
    assert "line 3, father_id '': an unknown father" in families.notes[0]


BAD = {
    "own ancestor": (
        ["B,a,b,m,M,B1,0", "B,b,a,m,M,,0", "B,m,,,F,,0", "B,s,a,m,U,,1"],
        (5, "father_id", "b"),
        "own ancestor",
    ),
    "own father": (["B,a,a,m,M,,1", "B,m,,,F,B1,0"], (5, "father_id", "a"), "own ancestor"),
    "female father": (
        ["B,fa,,,F,B1,0", "B,mo,,,F,B2,0", "B,kid,fa,mo,U,,1"],
        (7, "father_id", "fa"),
        "cannot be the father",
    ),
    "one person as both parents": (
        ["B,fa,,,U,B1,0", "B,kid,fa,fa,U,,1"],
        (6, "mother_id", "fa"),
        "cannot be the mother",
    ),
    "unknown parent": (
        ["B,mo,,,F,B2,0", "B,kid,dad,mo,U,,1"],
        (6, "father_id", "dad"),
        "the father is not in the family",
    ),
    "person twice": (
        ["B,fa,,,M,B1,0", "B,fa,,,M,B2,0", "B,kid,fa,,U,,1"],
        (6, "person_id", "fa"),
        "in the family twice (line 5)",
    ),
    "no person": (["B,,,,M,B1,0", "B,kid,,,U,,1"], (5, "person_id", ""), "names no person"),
    "nobody sought": (
        ["B,fa,,,M,B1,0", "B,kid,fa,,U,,0"],
        (5, "sought", "0"),
        "nobody in the family is sought",
    ),
    "two sought": (
        ["B,fa,,,M,B1,0", "B,kid,fa,,U,,1", "B,sis,fa,,U,,1"],
        (7, "sought", "1"),
        "line 6 is sought already",
    ),
    "sought is no mark": (
        ["B,fa,,,M,B1,no", "B,kid,fa,,U,,1"],
        (5, "sought", "no"),
        "1 marks the one sought",
    ),
    "sought has a sample": (
        ["B,fa,,,M,B1,0", "B,kid,fa,,U,B2,1"],
        (6, "sample_id", "B2"),
        "the sought person cannot have a sample",
    ),
    "one sample for two persons": (
        ["B,fa,,,M,B1,0", "B,mo,,,F,B1,0", "B,kid,fa,mo,U,,1"],
        (6, "sample_id", "B1"),
        "the sample is that of fa already (line 5)",
    ),
    "no sample": (["B,fa,,,M,,0", "B,kid,fa,,U,,1"], (6, "sample_id", ""), "no relative"),
    "no relative has a sample": (
        ["B,x,,,M,B1,0", "B,fa,,,M,,0", "B,kid,fa,,U,,1"],
        (7, "sample_id", ""),
        "no relative",
    ),
    "sex": (["B,fa,,,1,B1,0", "B,kid,fa,,U,,1"], (5, "sex", "1"), "write M, F, or U"),
    "short row": (["B,fa,,,M,B1", "B,kid,,,U,,1"], (5, "row", "B,fa,,,M,B1"), "6 fields"),
}


@pytest.mark.parametrize("kind", BAD)
def test_an_impossible_family_is_refused_alone(file: Path, kind: str) -> None:
    lines, place, said = BAD[kind]
    families = read(file, *GOOD, *lines, *(line.replace("G", "H") for line in GOOD))
    refused = {family.id: family for family in families.refused}
    complaint = refused["B"].complaint
    assert (complaint.file, complaint.line, complaint.field, complaint.value) == (str(file), *place)
    assert said in complaint.reason
    assert str(refused["B"]).startswith("family B is refused: ")
    good = {family.id for family in families.families}
    assert {"G", "H"} <= good


def test_a_relative_may_search_in_two_families_and_that_is_noted(file: Path) -> None:
    families = read(file, *GOOD, "H,mum,,,F,G2,0", "H,boy,,mum,M,,1")
    assert [family.id for family in families.families] == ["G", "H"]
    assert any("sample G2 stands for mo in family G, mum in family H" in n for n in families.notes)


def test_a_sample_of_somebody_unrelated_is_noted(file: Path) -> None:
    families = read(file, *GOOD, "G,friend,,,M,G9,0")
    assert "no relative of the sought person: counts nothing" in families.notes[0]


def test_samples_of_refused_families_are_known_as_those_of_relatives(file: Path) -> None:
    families = read(file, *GOOD, "B,fa,,,M,B1,0")
    assert families.samples == {"G1", "G2", "B1"}


def test_a_row_without_a_family_refuses_the_file(file: Path) -> None:
    with pytest.raises(DataRefused, match="line 5, family_id '': the row names no family"):
        read(file, *GOOD, ",aunt,,,F,A1,0")


def test_a_file_that_breaks_off_is_refused(file: Path) -> None:
    file.write_text("\n".join([HEADER, *GOOD, "H,fa"]), encoding="utf-8")
    with pytest.raises(DataRefused, match="line 5, row 'H,fa': the last line breaks off"):
        read_families(file)


def test_a_missing_column_refuses_the_file(file: Path) -> None:
    file.write_text("family_id,person_id\nG,fa\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="missing: father_id, mother_id, sex, sample_id, sought"):
        read_families(file)


TWINS = f"{HEADER},twin_of,population"


def read_more(file: Path, *lines: str) -> Families:
    file.write_text("\n".join([TWINS, *lines, ""]), encoding="utf-8")
    return read_families(file)


def test_identical_twins_are_read_and_share_an_unknown_parent(file: Path) -> None:
    families = read_more(
        file, "G,mo,,,F,G2,0,,", "G,kid,,mo,F,,1,,", "G,sis,,mo,F,G3,,kid,", "G,bro,,mo,M,G4,,,"
    )
    pedigree = families.families[0].pedigree
    assert pedigree.twins == (("kid", "sis"),)
    assert pedigree["sis"].father == pedigree["kid"].father == "kid (unknown father)"
    assert pedigree["bro"].father == "bro (unknown father)"


def test_a_twin_without_parents_is_a_relative(file: Path) -> None:
    families = read_more(file, "G,kid,,,F,,1,,", "G,sis,,,F,G3,0,kid,")
    assert families.refused == ()
    assert families.notes == ()


def test_twins_in_a_chain_are_one_group(file: Path) -> None:
    rows = [f"G,{name},fa,mo,F,,{sought},{twin}," for name, sought, twin in
            (("a", 1, "b"), ("b", 0, ""), ("c", 0, "b"), ("d", 0, ""))]  # fmt: skip
    families = read_more(file, "G,fa,,,M,G1,,,", "G,mo,,,F,G2,,,", *rows)
    assert families.families[0].pedigree.twins == (("a", "b", "c"),)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("G,sis,fa,mo,F,,0,nobody,", "nobody else of the family"),
        ("G,sis,fa,mo,F,,0,sis,", "nobody else of the family"),
        ("G,sis,fa,mo,M,,0,kid,", "their sex differs"),
        ("G,sis,,,F,,0,kid,", "their parents differ"),
    ],
)
def test_impossible_twins_refuse_the_family(file: Path, row: str, said: str) -> None:
    families = read_more(file, "G,fa,,,M,G1,,,", "G,mo,,,F,G2,,,", "G,kid,fa,mo,F,,1,,", row)
    (refused,) = families.refused
    assert refused.complaint.field == "twin_of"
    assert said in refused.complaint.reason


def test_declared_populations_are_kept_as_they_stand(file: Path) -> None:
    families = read_more(file, "G,fa,,,M,G1,0,,Han", "G,kid,fa,,U,,1,,汉族")
    assert families.families[0].populations == {"fa": "Han", "kid": "汉族"}


def test_several_may_be_sought_where_that_is_asked_for(file: Path) -> None:
    lines = [*GOOD, "G,sis,fa,mo,F,,1"]
    assert read(file, *lines).families == ()
    (family,) = read_families(file, "several").families
    assert family.marked == ("kid", "sis")


def test_a_candidate_may_be_typed(file: Path) -> None:
    read(file, "G,kid,fa,,U,G3,1", "G,fa,,,M,G1,0")
    (family,) = read_families(file, "candidate").families
    assert (family.marked, family.samples["kid"]) == (("kid",), "G3")
