"""`reunion kinship report` and `reunion kinship power`, from files to files."""

from __future__ import annotations

import csv
import hashlib
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
from reunion.kinship.formats.complaints import DataRefused
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


@pytest.fixture(scope="module")
def x_files(files: Path) -> dict[str, Path]:
    """X markers of the mother and of her child, who is a son; a table with linkage groups."""
    families = [(*row[:4], "M" if row[6] == "1" else row[4], *row[5:]) for row in FAMILIES]
    write(files / "sons.csv", FAMILY_COLUMNS, families)
    mother = (
        ("M1", "DXS10135", "20", "21"),
        ("M1", "DXS8378", "10", "11"),
        ("M1", "HPRTB", "12", ""),
    )
    rows = [
        *mother[:2],
        ("M1", "HPRTB", "12", "13"),
        ("CHILD", "DXS10135", "21", "21"),
        ("CHILD", "DXS8378", "10", "10"),
        ("CHILD", "HPRTB", "12", "12"),
        ("S1", "HPRTB", "OL", "12"),
    ]
    write(files / "x.csv", PROFILE_COLUMNS, rows)
    write(files / "half.csv", PROFILE_COLUMNS, [mother[2], *rows])
    columns = "locus allele frequency alleles_sampled linkage_group".split()
    table = [
        (locus, allele, share, "400", group)
        for locus, group, alleles in (
            ("DXS10135", "1", ("20", "21")),
            ("DXS8378", "1", ("10", "11")),
            ("HPRTB", "3", ("12", "13")),
        )
        for allele, share in zip(alleles, ("0.25", "0.75"), strict=True)
    ]
    write(files / "x_table.csv", columns, table)
    write(files / "fga.csv", columns, [("FGA", "20", "1", "400", "1")])
    write(files / "nameless.csv", columns, [*table, ("\u200b", "14", "0", "400", "4")])
    write(files / "torn.csv", columns, [*table, ("HPRTB", "14", "0", "400", "4")])
    return {path.stem: path for path in files.glob("*.csv")}


@needs_typst
def test_x_markers_have_a_case_of_their_own_in_the_report(
    files: Path, x_files: dict[str, Path], tmp_path: Path
) -> None:
    asked = ("--x-profiles", x_files["x"], "--x-frequencies", x_files["x_table"])
    done = report(files, tmp_path / "r", *asked, "--families", x_files["sons"], "--json")
    assert done.exit_code == 0, done.exception
    assert any("lies on X" in note for note in json.loads(done.stdout)["notes"])
    document = json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))
    x = document["x_markers"]
    groups = {of["name"]: (of["linkage_group"], of["is_multiplied"]) for of in x["markers"]}
    assert groups["HPRTB"] == ("3", True)
    assert sorted(groups[name] for name in ("DXS10135", "DXS8378")) == [("1", False), ("1", True)]
    lr = {of["name"]: 10 ** of["log10_lr"]["x_table"] for of in x["markers"]}
    assert lr["HPRTB"] == pytest.approx(0.5 / 0.25, rel=0.01)
    again = CliRunner().invoke(app, ["kinship", "lr", str(tmp_path / "r" / "report.json")])
    lines = [json.loads(line) for line in again.stdout.splitlines()]
    assert len(lines) == 3
    assert lines[1]["log10_lr_total"] == pytest.approx(x["log10_lr_min_population"], abs=1e-9)
    hashes = {of["part"]: of["sha256"] for of in document["inputs"]}
    assert hashes["x_profiles"] == hashlib.sha256(x_files["x"].read_bytes()).hexdigest()
    assert hashes["x_frequencies"] == hashlib.sha256(x_files["x_table"].read_bytes()).hexdigest()


@needs_typst
def test_relatives_typed_at_x_markers_alone_are_named(
    files: Path, x_files: dict[str, Path], tmp_path: Path
) -> None:
    with (files / "sons.csv").open(encoding="utf-8", newline="") as stream:
        columns, *rows = csv.reader(stream)
    for row in rows:
        if row[:2] == ["F1", "father"]:
            row[columns.index("sample_id")] = "X9"
    write(tmp_path / "sons.csv", columns, rows)
    text = x_files["x"].read_text(encoding="utf-8")
    (tmp_path / "x.csv").write_text(f"{text}X9,HPRTB,13,13\n", encoding="utf-8")
    asked = ("--x-profiles", tmp_path / "x.csv", "--x-frequencies", x_files["x_table"])
    done = report(files, tmp_path / "r", *asked, "--families", tmp_path / "sons.csv", "--json")
    assert done.exit_code == 0, done.exception
    said = "X markers of father take no part: these relatives have no autosomal profile."
    assert said in json.loads(done.stdout)["notes"]
    document = json.loads((tmp_path / "r" / "report.json").read_text(encoding="utf-8"))
    assert document["x_markers"]["relatives_left_out"] == ["father"]
    assert "father" not in document["x_markers"]["markers"][0]["genotypes"]


@needs_typst
@pytest.mark.parametrize(
    ("profiles", "table", "families", "error", "sentence"),
    [
        ("x", None, "sons", UsageError, "given together"),
        ("x", "x_table", "families", Refused, "needs the person's sex"),
        ("half", "x_table", "sons", DataRefused, "only one allele is given"),
        ("x", "fga", "sons", DataRefused, "lies on chromosome 4"),
        ("x", "nameless", "sons", DataRefused, "name of a marker"),
        ("x", "torn", "sons", DataRefused, "another group above"),
        ("profiles", "x_table", "sons", Refused, "no marker of the X tables"),
    ],
)
def test_x_markers_that_cannot_be_used_are_named(
    files: Path,
    x_files: dict[str, Path],
    tmp_path: Path,
    profiles: str,
    table: str | None,
    families: str,
    error: type[Exception],
    sentence: str,
) -> None:
    asked: list[str | Path] = ["--x-profiles", x_files[profiles]]
    asked += ["--families", x_files[families]]
    asked += ["--x-frequencies", x_files[table]] if table else []
    done = report(files, tmp_path / "r", *asked)
    assert type(done.exception) is error
    assert sentence in str(done.exception)


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


def test_power_states_every_table_and_takes_the_least(files: Path) -> None:
    done = run(files, "power", "--frequencies", "nist_hispanic", "--json")
    (found,) = map(json.loads, done.stdout.splitlines())
    medians = {name: of["median_log10_lr"] for name, of in found["by_table"].items()}
    assert set(medians) == {"nist_asian", "nist_hispanic"}
    assert medians[found["frequency_table"]] == found["median_log10_lr"] == min(medians.values())
    shown = run(files, "power", "--frequencies", "nist_hispanic").stderr
    assert f"{found['frequency_table']}*" in shown


def test_power_says_which_markers_would_help_most(files: Path) -> None:
    done = run(files, "power", "--markers", "--json")
    (found,) = map(json.loads, done.stdout.splitlines())
    gains = found["which_markers_next"]
    names = {gain["name"] for gain in gains}
    table = load_dna().tables["nist_asian"]
    assert names == {name for name in table.markers if name not in LOCI}
    values = [gain["log10_lr"] for gain in gains]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.5
    assert found["whose_blood_next"] is None
    shown = run(files, "power", "--markers").stderr
    assert "Which markers next" in shown
    assert gains[0]["name"] in shown


@pytest.fixture
def declared(files: Path, tmp_path: Path) -> Path:
    """The same files, where the mother and the child are declared to be Hui."""
    rows = [(*row, "Hui" if row[1] in ("mother", "child") else "") for row in FAMILIES]
    write(tmp_path / "families.csv", [*FAMILY_COLUMNS, "population"], rows)
    (tmp_path / "profiles.csv").write_bytes((files / "profiles.csv").read_bytes())
    return tmp_path


@needs_typst
def test_a_report_warns_where_no_table_fits_the_declared_population(declared: Path) -> None:
    done = report(declared, declared / "r", "--language", "zh", "--json")
    assert done.exit_code == 0, done.exception
    notes = json.loads(done.stdout)["notes"]
    sentences = [note for note in notes if "no frequency table fits the population Hui" in note]
    assert len(sentences) == 1
    assert sentences[0] in done.stderr
    (found,) = json.loads((declared / "r" / "report.json").read_text(encoding="utf-8"))[
        "populations_without_table"
    ]
    assert found["tables"] == ["nist_asian (United States Asian)"]
    assert {one["person_id"] for one in found["persons"]} == {"mother", "child"}


@pytest.mark.parametrize("command", ["search", "power", "joint", "check"])
def test_other_commands_warn_once_and_end_as_they_would(
    files: Path, declared: Path, command: str
) -> None:
    options = {"search": ("--out", declared / "leads.csv"), "joint": ("--out", declared / "j.csv")}
    more = (*options.get(command, ()), "--json")
    done, plain = run(declared, command, *more), run(files, command, *more)
    assert done.exit_code == plain.exit_code
    assert done.stderr.count("no frequency table fits the population Hui") == 1
    assert "no frequency table fits" not in plain.stderr
    (found,) = json.loads(done.stdout.splitlines()[0])["populations_without_table"]
    assert found["population"] == "Hui"
    assert "with --frequencies" in found["sentence"]


def test_a_table_of_the_declared_population_is_enough(declared: Path) -> None:
    text = (declared / "families.csv").read_text(encoding="utf-8")
    text = text.replace("Hui", "us-asian")
    (declared / "families.csv").write_text(text, encoding="utf-8")
    done = run(declared, "power")
    assert "no frequency table fits" not in done.stderr


def test_an_identical_twin_is_as_good_as_the_sought_person(files: Path, tmp_path: Path) -> None:
    rows = (
        ("F1", "father", "", "", "M", "", "0", ""),
        ("F1", "mother", "", "", "F", "", "0", ""),
        ("F1", "child", "father", "mother", "M", "", "1", ""),
        ("F1", "twin", "father", "mother", "M", "M1", "0", "child"),
    )
    write(tmp_path / "families.csv", [*FAMILY_COLUMNS, "twin_of"], rows)
    (tmp_path / "profiles.csv").write_bytes((files / "profiles.csv").read_bytes())
    done = run(tmp_path, "power", "--json")
    assert done.exit_code == 0, done.stderr
    (found,) = map(json.loads, done.stdout.splitlines())
    # A twin is recognised like the person: more than parents could ever tell.
    assert found["median_log10_lr"] > 5
    assert found["at_limits"][1]["sensitivity"] > 0.999
