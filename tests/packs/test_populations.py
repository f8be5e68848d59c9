"""Which frequency table suits a person of a declared population."""

from __future__ import annotations

from pathlib import Path

import pytest

from reunion.packs.dna import load_dna
from reunion.packs.errors import BadFile, BadValue, PackError
from reunion.packs.populations import COLUMNS, read_populations

KNOWN = load_dna().populations


@pytest.mark.parametrize(
    ("declared", "stated", "fits"),
    [
        ("han-hebei", "Han (Hebei)", True),
        ("汉族", "Han (Hebei)", True),
        ("Han", "han-hebei", True),
        ("汉族（河北）", "Chinese", True),
        ("Han (Guangdong)", "Han (Hebei)", False),
        ("Uyghur", "Han (Hebei)", False),
        ("维吾尔族", "Han + Uygur", True),
        ("Han", "United States Asian", False),
        ("Han", "", False),
        ("Lokono", "lokono", True),
        ("Lokono", "Han", False),
        ("—", "—", False),
    ],
)
def test_a_table_fits_where_one_population_is_part_of_the_other(
    declared: str, stated: str, fits: bool
) -> None:
    assert KNOWN.fit(declared, stated) is fits


def test_all_peoples_of_china_are_listed_in_both_languages() -> None:
    peoples = [of for of in KNOWN.by_code.values() if of.parents == ("chinese",)]
    assert len(peoples) == 56
    assert all(of.names["zh"].endswith("族") for of in peoples)


def test_every_table_that_ships_is_of_a_listed_population() -> None:
    assert all(KNOWN.find(table.population) for table in load_dna().tables.values())


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ("han,Han,汉族,chinese,", BadValue, "line 2, parents: chinese is not listed above"),
        ("han,,汉族,,", BadValue, "line 2, name_en: missing"),
        ("han,Han,汉族,,\nhui,Hui,回族,,汉族", BadValue, "line 3, code: 汉族 names two"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, rows: str, error: type[PackError], said: str) -> None:
    file = tmp_path / "populations.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{rows}\n", encoding="utf-8")
    with pytest.raises(error, match=said):
        read_populations(file)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "populations.csv").write_text("code\nhan\n", encoding="utf-8")
    with pytest.raises(BadFile, match="the first line must be"):
        read_populations(tmp_path / "populations.csv")
