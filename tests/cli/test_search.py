"""`reunion kinship search` from files to files: leads, and what is left out without being lost."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import pytest

from reunion.cli.options import MutationModel
from reunion.kinship.formats.output import LEAD_COLUMNS, QUARANTINE_COLUMNS
from reunion.kinship.mutation import MutationKind
from reunion.packs.dna import load_dna
from tests.cli.command import Done, reunion
from tests.kinship.test_formats_families import BAD, HEADER

LOCI = load_dna().kits["Identifiler_Plus"].autosomal
PROFILES = "sample_id,marker,allele_1,allele_2"


def genotypes(source: random.Random) -> dict[str, tuple[str, str]]:
    """One unrelated person, drawn through the frequencies of NIST Asian."""
    markers = load_dna().tables["nist_asian"].markers
    drawn = {
        locus: source.choices(markers[locus].alleles, markers[locus].values, k=2) for locus in LOCI
    }
    return {locus: (first, second) for locus, (first, second) in drawn.items()}


class Files:
    """Two families, G and H, whose children are samples P01 and P02 of forty."""

    def __init__(self, folder: Path) -> None:
        source = random.Random(5)  # noqa: S311 # invented people
        self.folder = folder
        self.people = {f"P{at:02d}": genotypes(source) for at in range(1, 41)}
        for family, child in (("G", "P01"), ("H", "P02")):
            father, mother = genotypes(source), genotypes(source)
            self.people |= {f"{family}1": father, f"{family}2": mother}
            self.people[child] = {
                locus: (source.choice(father[locus]), source.choice(mother[locus]))
                for locus in LOCI
            }
        self.families = [
            line
            for f in "GH"
            for line in (f"{f},fa,,,M,{f}1,0", f"{f},mo,,,F,{f}2,0", f"{f},kid,fa,mo,U,,1")
        ]
        self.profiles = [
            f"{name},{locus},{first},{second}"
            for name, person in self.people.items()
            for locus, (first, second) in person.items()
        ]

    def write(self, families: list[str] | None = None, profiles: list[str] | None = None) -> None:
        """Write both files, these lines after the sound ones."""
        for name, header, lines in (
            ("families.csv", HEADER, [*self.families, *(families or [])]),
            ("profiles.csv", PROFILES, [*self.profiles, *(profiles or [])]),
        ):
            (self.folder / name).write_text("\n".join([header, *lines, ""]), encoding="utf-8")

    def search(self, *options: str | Path) -> Done:
        """Search in these files."""
        given = {
            "--families": "families.csv",
            "--profiles": "profiles.csv",
            "--frequencies": "nist_asian",
            "--out": "leads.csv",
        }
        chosen = [part for pair in given.items() if pair[0] not in options for part in pair]
        return reunion("kinship", "search", *chosen, *options, cwd=self.folder)

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of an output file."""
        with (self.folder / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def firsts(self) -> dict[str, str]:
        """The first lead of each family."""
        return {r["family_id"]: r["sample_id"] for r in self.rows("leads.csv") if r["rank"] == "1"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    made = Files(tmp_path)
    made.write()
    return made


def test_the_children_are_found_and_the_leads_have_their_columns(files: Files) -> None:
    done = files.search("--frequencies", "nist_asian", "--frequencies", "NIST Hispanic", "--json")
    assert done.status == 0
    assert files.firsts() == {"G": "P01", "H": "P02"}
    rows = files.rows("leads.csv")
    assert tuple(rows[0]) == LEAD_COLUMNS
    for row in rows:
        assert float(row["log10_lr"]) >= float(row["log10_lr_min_population"])
        assert 0 <= float(row["posterior"]) <= 1
        assert row["sample_id"] not in ("G1", "G2", "H1", "H2")
    report = json.loads(done.out)
    assert report["schema"] == "reunion.search/1"
    assert report["people_searched"] == 40
    assert [table["is_default"] for table in report["frequency_tables"]] == [True, True]
    assert report["quarantine_file"] is None
    assert not (files.folder / "quarantine.csv").exists()
    assert "nist_asian (default), nist_hispanic (default)" in done.err


def test_the_number_of_leads_is_limited_by_top_and_least_lr(files: Files) -> None:
    files.search("--min-log10-lr", "-1000")
    assert len(files.rows("leads.csv")) > 2
    files.search("--min-log10-lr", "-1000", "--top", "3", "--threads", "1")
    assert [row["rank"] for row in files.rows("leads.csv")] == ["1", "2", "3"] * 2
    done = files.search("--min-log10-lr", "50")
    assert (done.status, files.rows("leads.csv")) == (1, [])


def test_the_models_are_those_of_the_engine_but_custom() -> None:
    assert {*MutationModel} == {*MutationKind} - {MutationKind.CUSTOM}


def test_settings_out_of_range_are_wrong_use(files: Files) -> None:
    for option, value in (("--prior", "1.5"), ("--theta", "-1"), ("--top", "0")):
        done = files.search(option, value)
        assert done.status == 2
        assert option[2:] in done.err
    done = files.search("--frequencies", "nowhere")
    assert done.status == 2
    assert "known are nist_caucasian" in done.err
    done = files.search("--frequencies", "nist_asian", "--frequencies", "NIST Asian")
    assert done.status == 2
    assert "a table called nist_asian is given already" in done.err


def test_an_output_never_overwrites_an_input(files: Files) -> None:
    before = (files.folder / "profiles.csv").read_bytes()
    for options in (["--out", "profiles.csv"], ["--quarantine", "families.csv"]):
        done = files.search(*options)
        assert done.status == 2
        assert "this is an input file" in done.err
    assert files.search("--out", "none/leads.csv").status == 2
    assert (files.folder / "profiles.csv").read_bytes() == before


DAMAGED = {
    "missing column": (
        b"sample_id,marker,allele_1\nS,FGA,1\n",
        "line 1, columns",
        "missing: allele_2",
    ),
    "no rows": (PROFILES.encode() + b"\n", "profiles.csv", "no row below the first line"),
    "empty": (b"", "profiles.csv", "the file is empty"),
    "cut off": (PROFILES.encode() + b"\nS,FGA,2", "line 2, row 'S,FGA,2'", "breaks off"),
    "nul": (PROFILES.encode() + b"\nS,FGA,2,\0\n", "line 2, byte '00'", "NUL"),
    "gb18030": (f"{PROFILES}\n张,FGA,20,21\n".encode("gb18030"), "line 2, byte 'd5'", "GB18030"),
    "latin-1": (f"{PROFILES}\nJosé,FGA,20,21\n".encode("latin-1"), "line 2, byte 'e9'", "UTF-8"),
    "utf-16": (f"{PROFILES}\nS,FGA,20,21\n".encode("utf-16"), "line 1, byte 'ff'", "UTF-16"),
    "workbook": (b"PK\x03\x04...", "profiles.csv", "Excel workbook"),
    "open quote": (f'{PROFILES}\n"S,FGA,20,21\nT,FGA,20,21\n'.encode(), "line 3", "quotes"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_is_refused_and_nothing_is_written(files: Files, kind: str) -> None:
    content, place, said = DAMAGED[kind]
    (files.folder / "profiles.csv").write_bytes(content)
    done = files.search("--json")
    assert done.status == 4
    assert done.err.startswith("reunion: profiles.csv")
    assert place in done.err
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""
    assert sorted(path.name for path in files.folder.iterdir()) == ["families.csv", "profiles.csv"]


def test_a_missing_file_and_a_folder_are_refused(files: Files) -> None:
    assert "there is no such file" in files.search("--profiles", "none.csv").err
    done = files.search("--families", ".")
    assert (done.status, "this is a folder" in done.err) == (4, True)


def test_impossible_families_are_refused_and_all_others_searched(files: Files) -> None:
    lines = {
        kind: [line.replace("B,", f"N{at},").replace(",B", f",X{at}-") for line in of]
        for at, (kind, (of, *_)) in enumerate(BAD.items())
        if kind not in ("sample of another family", "short row")
    }
    files.write(families=[line for of in lines.values() for line in of])
    done = files.search("--json")
    assert done.status == 4
    assert files.firsts() == {"G": "P01", "H": "P02"}
    refused = {row["family_id"]: row for row in json.loads(done.out)["families_refused"]}
    assert len(refused) == len(lines)
    said = done.err.splitlines()
    for kind, of in lines.items():
        family = of[0].split(",")[0]
        _, (_, field, value), reason = BAD[kind]
        (sentence,) = [line for line in said if line.startswith(f"family {family} is refused")]
        assert f"families.csv, line {refused[family]['line']}, {field} '" in sentence
        assert value.removeprefix("B") in sentence
        assert re.sub(r"\(?line \d+\)?", "", reason).strip() in sentence
    quarantine = files.rows("quarantine.csv")
    assert len(quarantine) == len(lines)
    assert {row["file"] for row in quarantine} == {"families.csv"}


DOUBTFUL = {
    "off ladder": ("P03,FGA,OL,22", "allele_1 'OL'"),
    "three alleles": ("P04,FGA,20/21/22,22", "allele_1 '20/21/22'"),
    "one allele": ("P05,FGA,20,", "allele_2 ''"),
    "outside": ("P06,FGA,99,22", "allele_1 '99'"),
    "microvariant": ("P07,FGA,20.1,22", "allele_1 '20.1'"),
    "unknown locus": ("P08,FGB,20,22", "marker 'FGB'"),
    "disagreement": ("P09,FGA,7,7", "allele_1"),
    "decimal comma": ("P10,TH01,9,3,6", "row 'TH01,9,3,6'"),
}


def test_doubtful_rows_are_put_aside_and_everything_else_searched(files: Files) -> None:
    files.write(profiles=[row for row, _ in DOUBTFUL.values()])
    done = files.search("--json")
    assert done.status == 0
    assert files.firsts() == {"G": "P01", "H": "P02"}
    report = json.loads(done.out)
    assert report["people_searched"] == 40
    rows = files.rows("quarantine.csv")
    assert tuple(rows[0]) == QUARANTINE_COLUMNS
    for number, (row, place) in enumerate(DOUBTFUL.values()):
        line = len(files.profiles) + 2 + number
        assert str(line) in {row["line"] for row in rows}
        sentence = next(s for s in done.err.splitlines() if f"profiles.csv, line {line}," in s)
        assert f"sample {row[:3]}" in sentence
        assert place in sentence
    assert "see quarantine.csv" in done.err


def test_a_sample_given_twice_with_other_alleles_is_put_aside_whole(files: Files) -> None:
    other = [
        f"P01,{locus},{first},{second}" for locus, (first, second) in files.people["P30"].items()
    ]
    files.write(profiles=other)
    done = files.search("--json")
    assert done.status == 0
    assert json.loads(done.out)["people_searched"] == 39
    assert files.firsts().get("H") == "P02"
    assert "sample P01, sample_id 'P01': the whole sample is put aside" in done.err


def test_a_sample_that_is_not_there_counts_as_not_typed(files: Files) -> None:
    files.families[0] = files.families[0].replace("G1", "lost")
    files.write()
    done = files.search()
    assert done.status == 0
    assert "families.csv, line 2, sample lost, sample_id 'lost': the profiles have no" in done.err
    assert files.firsts()["G"] == "P01"
    assert files.rows("quarantine.csv")[0]["value"] == "lost"


def test_where_no_family_is_left_nothing_is_searched_and_the_reason_said(files: Files) -> None:
    files.families = files.families[:2]
    files.write()
    done = files.search("--json")
    assert done.status == 4
    assert "nothing was searched: no family is left" in done.err
    assert json.loads(done.out)["leads_file"] is None
    assert not (files.folder / "leads.csv").exists()
    assert len(files.rows("quarantine.csv")) == 1


def test_a_quarantine_file_of_an_earlier_search_does_not_stay(files: Files) -> None:
    (files.folder / "quarantine.csv").write_text("old", encoding="utf-8")
    files.search()
    assert files.rows("quarantine.csv") == []


def test_rates_of_the_laboratory_are_used(files: Files) -> None:
    (files.folder / "rates.csv").write_text("locus,paternal,maternal\nFGA,2,0\n", encoding="utf-8")
    done = files.search("--mutation-rates", "rates.csv")
    assert done.status == 4
    assert "rates.csv, line 2, paternal '2'" in done.err
