"""`reunion kinship report` and `reunion kinship power`, from files to files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from reunion.cli.errors import CommandError, Refused, UsageError
from reunion.cli.main import app
from reunion.packs.dna import load_dna

LOCI = ("FGA", "TH01", "TPOX", "D8S1179", "D18S51", "D21S11")
FAMILY_COLUMNS = "family_id person_id father_id mother_id sex sample_id sought".split()
PROFILE_COLUMNS = "sample_id marker allele_1 allele_2".split()
FAMILIES = (
    ("F1", "father", "", "", "M", "", "0"),
    ("F1", "mother", "", "", "F", "M1", "0"),
    ("F1", "child", "father", "mother", "U", "", "1"),
    ("F2", "mother", "", "", "F", "", "0"),
    ("F2", "father", "", "", "M", "", "0"),
    ("F2", "lost", "father", "mother", "U", "", "1"),
)

needs_typst = pytest.mark.skipif(
    find_spec("typst") is None, reason="the extra `report` is not installed"
)


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mother, her child among twenty people, and a family of whom nobody is typed."""
    folder = tmp_path_factory.mktemp("files")
    markers = load_dna().tables["nist_asian"].markers
    chance = np.random.default_rng(7)

    def drawn(locus: str) -> str:
        p = np.array(markers[locus].values)
        return str(chance.choice(markers[locus].alleles, p=p / p.sum()))

    people = {
        name: {locus: (drawn(locus), drawn(locus)) for locus in LOCI}
        for name in ("M1", "CHILD", *(f"S{number}" for number in range(20)))
    }
    people["CHILD"] = {locus: (people["M1"][locus][0], drawn(locus)) for locus in LOCI}
    rows = [
        (name, locus, *genotype) for name, of in people.items() for locus, genotype in of.items()
    ]
    write(folder / "families.csv", FAMILY_COLUMNS, FAMILIES)
    write(folder / "profiles.csv", PROFILE_COLUMNS, rows)
    return folder


def run(files: Path, command: str, *options: str | Path) -> Result:
    """A command over the files."""
    words = ["kinship", command, "--families", files / "families.csv"]
    words += ["--profiles", files / "profiles.csv", "--frequencies", "nist_asian", *options]
    return CliRunner().invoke(app, [str(word) for word in words])


def report(files: Path, out: Path, *options: str | Path, sample: str = "CHILD") -> Result:
    """The report of a sample for the family F1."""
    asked = ("--family", "F1", "--sample", sample, "--out", out, "--date", "2026-03-04")
    return run(files, "report", *asked, *options)


@needs_typst
def test_a_report_is_written_and_the_command_lr_redoes_its_sum(files: Path, tmp_path: Path) -> None:
    done = report(files, tmp_path / "r", "--frequencies", "nist_caucasian", "--json")
    assert done.exit_code == 0, done.exception
    written = json.loads(done.stdout)
    names = {Path(name).name for name in written["files"]}
    assert names == {path.name for path in (tmp_path / "r").iterdir()}
    assert (tmp_path / "r" / "report.pdf").read_bytes().startswith(b"%PDF-")
    ElementTree.parse(tmp_path / "r" / "pedigree.svg")  # noqa: S314 # made by us just now
    again = CliRunner().invoke(app, ["kinship", "lr", str(tmp_path / "r" / "report.json")])
    least = json.loads(again.stdout)["log10_lr_min_population"]
    assert least == pytest.approx(written["log10_lr_min_population"], abs=1e-9)


@needs_typst
def test_the_same_files_and_date_give_the_same_report(files: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert report(files, tmp_path / name, "--language", "zh").exit_code == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@needs_typst
def test_a_report_is_never_overwritten_but_amended(files: Path, tmp_path: Path) -> None:
    assert report(files, tmp_path / "old", "--number", "R-1").exit_code == 0
    again = report(files, tmp_path / "old")
    assert isinstance(again.exception, UsageError)
    assert "another folder" in str(again.exception)
    old = tmp_path / "old" / "report.json"
    assert report(files, tmp_path / "new", "--amends", old, "--synthetic").exit_code == 0
    new = json.loads((tmp_path / "new" / "report.json").read_text(encoding="utf-8"))
    assert new["amends"]["number"] == "R-1"
    assert len(new["amends"]["sha256"]) == 64
    assert new["is_synthetic"] is True


@needs_typst
@pytest.mark.parametrize(
    ("sample", "options", "error", "sentence"),
    [
        ("M1", (), Refused, "of a relative"),
        ("S99", (), UsageError, "no such sample"),
        ("CHILD", ("--family", "F2"), Refused, "family F2 is refused"),
        ("CHILD", ("--family", "F11"), UsageError, "did you mean F1?"),
        ("CHILD", ("--prior", "1"), UsageError, "between 0 and 1"),
        ("CHILD", ("--amends", "profiles.csv"), UsageError, "no report can be read"),
    ],
)
def test_what_cannot_be_reported_is_named(
    files: Path,
    tmp_path: Path,
    sample: str,
    options: tuple[str, ...],
    error: type[CommandError],
    sentence: str,
) -> None:
    done = report(files, tmp_path / "r", *options, sample=sample)
    assert type(done.exception) is error
    assert sentence in str(done.exception)
    assert not (tmp_path / "r" / "report.json").exists()


def test_power_gives_one_line_of_json_for_each_family(files: Path, tmp_path: Path) -> None:
    done = run(files, "power", "--people", "10000000", "--svg", tmp_path / "svg", "--json")
    assert done.exit_code == 0, done.exception
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (found["family_id"], found["typed"], found["markers"]) == ("F1", ["mother"], len(LOCI))
    assert found["wanted_false_leads"] == 5
    assert found["at_threshold"]["expected_false_leads"] <= 5
    assert [limit["log10_lr"] for limit in found["at_limits"]] == [0, 4]
    assert found["log10_lr_5_percent"] < found["median_log10_lr"]
    assert "family F2 is refused" in done.stderr
    (picture,) = (tmp_path / "svg").iterdir()
    assert "10000000 people" in picture.read_text(encoding="utf-8")


def test_power_shows_a_table_to_people(files: Path) -> None:
    done = run(files, "power", "--wanted", "1")
    assert done.exit_code == 0, done.exception
    assert done.stdout == ""
    assert "log10 LR of the sought person, among 21 people" in done.stderr


def test_power_says_whose_blood_would_help_most(files: Path) -> None:
    done = run(files, "power", "--advice", "--json")
    gains = [json.loads(line)["whose_blood_next"] for line in done.stdout.splitlines()]
    assert gains
    for of in gains:
        values = [gain["log10_lr"] for gain in of]
        assert values == sorted(values, reverse=True)
    assert (
        json.loads(run(files, "power", "--json").stdout.splitlines()[0])["whose_blood_next"] is None
    )
