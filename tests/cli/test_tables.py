"""`reunion kinship tables` and the names of frequency tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reunion.packs.dna import load_dna
from reunion.packs.errors import BadTableName, UnknownTable
from reunion.packs.library import TableLibrary
from tests.cli.command import Done, reunion

GOOD = "locus,allele,frequency,alleles_sampled\nTHO1,9.30,0.25,200\nTH01,6,0.75,200\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "han hebei.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def tables(cwd: Path, *arguments: str | Path) -> Done:
    return reunion("kinship", "tables", *arguments, cwd=cwd)


def test_the_four_shipped_tables_are_listed_as_defaults(tmp_path: Path) -> None:
    done = tables(tmp_path, "list", "--json")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 0
    assert {row["name"] for row in rows} == {
        "nist_caucasian",
        "nist_asian",
        "nist_african_american",
        "nist_hispanic",
    }
    assert all(row["is_default"] for row in rows)
    assert "nist_asian" in tables(tmp_path, "list").err


def test_a_table_that_is_added_is_checked_kept_and_shown(tmp_path: Path, file: Path) -> None:
    added = tables(tmp_path, "add", file, "--population", "Han, Hebei", "--source", "ours")
    assert added.status == 0
    assert (tmp_path / "var/tables/han hebei.csv").read_text(encoding="utf-8") == (
        "locus,allele,frequency,alleles_sampled,population,source\n"
        'TH01,6,0.75,200,"Han, Hebei",ours\n'
        'TH01,9.3,0.25,200,"Han, Hebei",ours\n'
    )
    shown = json.loads(tables(tmp_path, "show", "HAN_HEBEI", "--json").out)
    assert shown["population"] == "Han, Hebei"
    assert shown["is_default"] is False
    assert shown["markers"]["TH01"]["frequencies"] == {"6": 0.75, "9.3": 0.25}
    assert "9.3" in tables(tmp_path, "show", "han hebei").err
    assert "han hebei" in tables(tmp_path, "list").err


def test_a_bad_table_is_refused_in_one_sentence_and_not_kept(tmp_path: Path, file: Path) -> None:
    file.write_text(GOOD + "TH01,7,lots,200\n", encoding="utf-8")
    done = tables(tmp_path, "add", file)
    assert done.status == 4
    assert done.err == (
        f"reunion: {file}, line 4, frequency 'lots': a number from 0 to 1 is wanted, like 0.25\n"
    )
    assert not (tmp_path / "var").exists()


def test_the_population_of_an_added_table_is_looked_at(tmp_path: Path, file: Path) -> None:
    said = {
        "汉族（河北）": "",
        "Lokono": "fits persons who are declared in the same words",
        "": "states no population",
    }
    for at, (population, words) in enumerate(said.items()):
        done = tables(tmp_path, "add", file, "--name", f"t{at}", "--population", population)
        assert done.status == 0
        assert words in done.err
        assert len(done.err.splitlines()) == (2 if words else 1)


def test_the_populations_are_listed_with_what_they_are_part_of(tmp_path: Path) -> None:
    done = tables(tmp_path, "populations", "--json")
    rows = {row["code"]: row for row in map(json.loads, done.out.splitlines())}
    assert rows["han-hebei"]["part_of"] == ["han"]
    assert rows["uygur"]["names"]["zh"] == "维吾尔族"
    assert "维吾尔族" in tables(tmp_path, "populations").err


def test_a_name_that_is_taken_is_refused(tmp_path: Path, file: Path) -> None:
    assert tables(tmp_path, "add", file).status == 0
    again = tables(tmp_path, "add", file, "--name", "Han-Hebei")
    assert again.status == 2
    assert "there is such a table; give another with --name" in again.err


def test_a_table_that_was_damaged_later_is_named_and_the_others_are_listed(
    tmp_path: Path, file: Path
) -> None:
    tables(tmp_path, "add", file)
    (tmp_path / "var/tables/han hebei.csv").write_text("locus\n", encoding="utf-8")
    done = tables(tmp_path, "list", "--json")
    assert done.status == 1
    assert len(done.out.splitlines()) == 4
    assert "han hebei.csv, line 1, columns 'locus'" in done.err


@pytest.mark.parametrize("name", ["nist_asian", "NIST Asian", "nist-asian", "NISTASIAN"])
def test_a_name_may_be_spelled_in_other_ways(tmp_path: Path, name: str) -> None:
    assert TableLibrary(tmp_path, load_dna()).find(name).name == "nist_asian"


def test_a_file_comes_before_a_name_and_need_not_be_added(tmp_path: Path, file: Path) -> None:
    assert TableLibrary(tmp_path / "none", load_dna()).find(str(file)).name == "han hebei"


def test_an_unknown_name_lists_the_known_ones_and_the_nearest(tmp_path: Path, file: Path) -> None:
    library = TableLibrary(tmp_path / "tables", load_dna())
    library.add(file)
    with pytest.raises(UnknownTable) as caught:
        library.find("nist_asain")
    assert str(caught.value).startswith(
        "there is no frequency table 'nist_asain' (nist_asian?); known are han hebei, nist_cauc"
    )


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", " x", "-x"])
def test_a_name_that_could_leave_the_folder_is_refused(
    tmp_path: Path, file: Path, name: str
) -> None:
    with pytest.raises(BadTableName):
        TableLibrary(tmp_path / "tables", load_dna()).add(file, name=name)
