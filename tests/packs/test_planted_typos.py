"""A typo in any file of a pack is refused, and the file is named with the place in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reunion.packs.checking import check_pack, check_packs
from reunion.packs.errors import BadExample, BadFile, BadReference, PackError
from reunion.packs.jurisdiction import DATA, jurisdiction_folders, read_jurisdiction
from tools.planted_typos import planted_typos

FILES = [
    (folder.name, str(path.relative_to(folder)))
    for folder in jurisdiction_folders()
    for path in sorted(folder.rglob("*"))
    if path.is_file()
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the smaller pack, to be damaged."""
    return shutil.copytree(DATA / "in", tmp_path / "in")


def test_the_packs_that_ship_are_in_order() -> None:
    assert list(check_packs()) == []


@pytest.mark.parametrize(("code", "name"), FILES)
def test_every_planted_typo_is_refused_with_its_file_and_place(
    code: str, name: str, tmp_path: Path
) -> None:
    file = shutil.copytree(DATA / code, tmp_path / code) / name
    whole = file.read_text(encoding="utf-8")
    typos = [typo for typo in planted_typos(tmp_path / code) if typo.file == file]
    assert len(typos) > 2
    for typo in typos:
        assert typo.text != whole
        file.write_text(typo.text, encoding="utf-8")
        faults = list(check_pack(tmp_path / code))
        named = [fault for fault in faults if file.name in str(fault)]
        assert named, typo.what
        assert "path" in named[0].fields or isinstance(named[0], BadFile), typo.what


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("agencies.toml", "title.district", "title.county", "the pack has no level 'county'"),
        ("ranks.toml", '"police", "traff', '"polize", "traff', "the pack has no agency 'polize'"),
        ("bodies.csv", ",labour,", ",labor,", "the pack has no agency 'labor'"),
        ("conference.csv", "template,mha", "template,mah", "the pack has no body 'mah'"),
        ("action_plan.csv", "mwcd;mohfw", "mwcd;mofw", "the pack has no body 'mofw'"),
        ("campaigns.csv", ",mha,", ",mah,", "the pack has no body 'mah'"),
        ("collection_points.toml", 'agency = "hospital"', 'agency = "hotel"', "no agency 'hotel'"),
    ],
)
def test_what_names_something_unknown_is_refused(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    _change(folder / file, old, new)
    with pytest.raises(BadReference, match=said):
        read_jurisdiction(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("WB-KOL,district", "WB-KO,district", "no code of a region"),
        ("district,WB,88.36", "district,WX,88.36", "WX is no region further up"),
        ("WB-KOL,district", "WB-S24,district", "there twice"),
        ("WB-KOL,district", "WB-KOL,state", "not below the level of the region above"),
        ("inside_polygon,WB-KOL,", "inside_polygon,WB-KOX,", "no outline 'WB-KOX'"),
        ("88.36,22.57", "22.57,88.36", "not inside the outline"),
        ("88.36,22.57", "188.36,22.57", "not from -180 to 180"),
        (",WB-KOL,,,,", ",WB-KOL,2020-02-01,2020-01-01,,", "must come after valid_from"),
        (",WB-KOL,,,,", ",WB-KOL,,2020-01-01,WB-XXX,", "no other region of this file"),
        (",WB-KOL,,,,", ",WB-KOL,,,WB-S24,", "only a region that has ended"),
    ],
)
def test_a_region_that_does_not_fit_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    _change(folder / "regions.csv", old, new)
    sentences = [str(fault) for fault in check_pack(folder)]
    assert any("regions.csv, at line" in sentence and said in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-08-15,2025-08-15", "2024-08-15,2024-08-15", "does not list the year 2024"),
        ("2025-08-15,2025-08-15", "2025-08-15,2025-08-14", "must not come before"),
        ("2025-08-15,2025-08-15", "2025-08-15,2025-08-16", "2025-08-16 is there twice"),
        ("2025-08-15,2025-08-15,holiday", "2025-08-15,2025-08-15,make_up", "no weekend"),
    ],
)
def test_holidays_that_contradict_one_another_are_refused(
    folder: Path, old: str, new: str, said: str
) -> None:
    _change(folder / "holidays.csv", old, new)
    with pytest.raises(PackError, match=said):
        read_jurisdiction(folder)


def test_an_example_that_comes_out_otherwise_says_what_came_and_what_was_wanted(
    folder: Path,
) -> None:
    _change(folder / "examples.toml", "2025-10-21", "2025-10-20")
    (fault,) = check_pack(folder)
    assert isinstance(fault, BadExample)
    assert "'over Diwali' gives 2025-10-21, and 2025-10-20 is wanted" in str(fault)


def test_every_fault_has_a_sentence_of_its_own(folder: Path) -> None:
    _change(folder / "regions.csv", "88.36,", "east,")
    _change(folder / "regions.csv", "85.14,", "east,")
    _change(folder / "ages.toml", 'code = "infant"', 'kode = "infant"')
    sentences = [str(fault) for fault in check_pack(folder)]
    assert len(sentences) == 3
    assert sum("'east' is no number" in sentence for sentence in sentences) == 2
    assert any("permitted are code, name" in sentence for sentence in sentences)


def test_a_file_that_nobody_lists_and_one_that_is_gone_are_both_named(folder: Path) -> None:
    (folder / "agencies2.toml").touch()
    assert [str(fault) for fault in check_pack(folder) if "agencies2" in str(fault)]
    (folder / "ages.toml").unlink()
    (fault,) = check_pack(folder)
    assert "ages.toml" in str(fault)


def test_what_the_product_asks_of_every_country_must_be_there(folder: Path) -> None:
    _change(folder / "ages.toml", 'code = "contact_decision"', 'code = "contact"')
    with pytest.raises(BadFile, match="every pack must have the age contact_decision"):
        read_jurisdiction(folder)
