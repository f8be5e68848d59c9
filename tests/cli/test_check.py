"""`reunion kinship check` on small files, as a laboratory would run it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from reunion.cli.main import app
from reunion.kinship.errors import KinshipError
from tools.invented_laboratory import Laboratory, World, laboratory

WORLD = World.of_pack()
SEXES = {"male": "M", "female": "F", "unknown": "U"}


def write(path: Path, columns: str, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns.split(","))
        writer.writerows(rows)


@pytest.fixture
def lab() -> Laboratory:
    return laboratory(WORLD, np.random.default_rng(1), 60, 0)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command on a laboratory's files."""
    monkeypatch.chdir(tmp_path)

    def run(lab: Laboratory, *more: str) -> Result:
        samples = lab.samples(WORLD)
        write(
            Path("families.csv"),
            "family_id,person_id,father_id,mother_id,sex,sample_id,sought",
            (
                (
                    f"f{at}",
                    f"{at}_{p.id}",
                    f"{at}_{p.father}" if p.father else "",
                    f"{at}_{p.mother}" if p.mother else "",
                    SEXES[p.sex],
                    owned.get(p.id, ""),
                    int(p.id == "sought"),
                )
                for at, (pedigree, owned) in enumerate(lab.families)
                for p in pedigree
            ),
        )
        rows: list[tuple[str, str, str | None, str | None]] = []
        for name in samples.people.names:
            rows += [(name, locus, *pair) for locus, pair in samples.profile(name).items()]
            rows.append((name, "AMEL", "X", "Y" if samples.sexes[name] == "male" else "X"))
        write(Path("profiles.csv"), "sample_id,marker,allele_1,allele_2", rows)
        write(Path("staff.csv"), "sample_id,marker,allele_1,allele_2", (
            ("staff", *row[1:]) for row in rows if row[0] == samples.people.names[-1]
        ))  # fmt: skip
        write(Path("plates.csv"), "sample_id,plate", samples.plates.items())
        options = "--families families.csv --profiles profiles.csv --frequencies nist_asian"
        return CliRunner().invoke(app, ["kinship", "check", *options.split(), *more])

    return run


def test_sound_files_end_with_status_0(lab: Laboratory, check: Callable[..., Result]) -> None:
    done = check(lab, "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["samples_compared"] == 60
    assert {found["severity"] for found in report["findings"]} <= {"note"}


def test_everything_that_was_done_wrong_is_found_and_named(
    lab: Laboratory, check: Callable[..., Result]
) -> None:
    owned = [of for _, of in lab.families if len(of) == 4]
    one, other = (int(of["sibling_1"][1:]) for of in owned[:2])
    lab.people[[one, other]] = lab.people[[other, one]]
    lab.people[50] = lab.people[51]
    done = check(
        lab, "--json", "--out", "findings.csv", "--elimination", "staff.csv",
        "--plates", "plates.csv",
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    report = json.loads(done.stdout)
    found = {(row["kind"], tuple(row["samples"])) for row in report["findings"]}
    swapped = tuple(sorted((f"s{one:07d}", f"s{other:07d}")))
    assert ("elimination_match", ("staff", "s0000059")) in found
    assert ("duplicate", ("s0000050", "s0000051")) in found
    assert ("sample_swap", swapped) in found
    assert report["findings"][0]["kind"] == "elimination_match"
    with Path("findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["sentence"] for row in rows] == [row["sentence"] for row in report["findings"]]
    assert all(row["sentence"] in done.stderr for row in rows[:10])


def test_a_sex_that_contradicts_is_a_finding_and_not_a_note(
    lab: Laboratory, check: Callable[..., Result]
) -> None:
    pedigree, owned = lab.families[0]
    sex = "male" if pedigree["sibling_1"].sex == "female" else "female"
    lab.families[0] = pedigree.with_sex("sibling_1", sex), owned
    done = check(lab, "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    kinds = [row["kind"] for row in report["findings"] if row["severity"] != "note"]
    assert kinds == ["sex_mismatch"]
    assert not [note for note in report["notes"] if "AMEL" in note]


def test_a_family_that_is_refused_ends_with_status_4(
    lab: Laboratory, check: Callable[..., Result]
) -> None:
    check(lab)
    text = Path("families.csv").read_text(encoding="utf-8")
    Path("families.csv").write_text(text + "broken,x,,,M,,0\n", encoding="utf-8")
    options = "--families families.csv --profiles profiles.csv --frequencies nist_asian"
    done = CliRunner().invoke(app, ["kinship", "check", *options.split()])
    assert done.exit_code == 4
    assert "broken" in done.stderr


def test_an_input_file_is_never_overwritten(lab: Laboratory, check: Callable[..., Result]) -> None:
    done = check(lab, "--out", "plates.csv", "--plates", "plates.csv")
    assert "this is an input file" in str(done.exception)


@pytest.mark.parametrize("rows", ["s1,A\ns1,B", "s1,", ",A"])
def test_plates_that_contradict_are_refused(
    lab: Laboratory, check: Callable[..., Result], rows: str
) -> None:
    Path("other.csv").write_text(f"sample_id,plate\n{rows}\n", encoding="utf-8")
    done = check(lab, "--plates", "other.csv")
    assert isinstance(done.exception, KinshipError)
    assert "other.csv" in str(done.exception)


def test_with_several_tables_each_finding_is_listed_once_with_the_least_figure(
    lab: Laboratory, check: Callable[..., Result]
) -> None:
    lab.people[50] = lab.people[51]
    alone = {}
    check(lab)
    for table in ("nist_asian", "nist_hispanic"):
        options = "--families families.csv --profiles profiles.csv --json --frequencies"
        done = CliRunner().invoke(app, ["kinship", "check", *options.split(), table])
        for row in json.loads(done.stdout)["findings"]:
            if row["kind"] == "duplicate":
                alone[table] = row["log10_lr"]
    done = check(lab, "--frequencies", "nist_hispanic", "--theta", "0.01", "--json")
    report = json.loads(done.stdout)
    (found,) = [row for row in report["findings"] if row["kind"] == "duplicate"]
    assert found["tables"] == ["nist_asian", "nist_hispanic"]
    assert found["log10_lr"] == min(alone.values())
    assert found["least_table"] == min(alone, key=alone.__getitem__)
    assert report["settings"]["theta"] == 0.01
    assert report["settings"]["theta_of_pairs"] == 0


def test_declared_identical_twins_are_no_duplicate(
    lab: Laboratory, check: Callable[..., Result]
) -> None:
    at, owned = next((at, of) for at, (_, of) in enumerate(lab.families) if len(of) == 4)
    one, other = owned["sibling_1"], owned["sibling_2"]
    lab.people[int(other[1:])] = lab.people[int(one[1:])]
    done = check(lab, "--json")
    assert "duplicate" in {row["kind"] for row in json.loads(done.stdout)["findings"]}
    lines = Path("families.csv").read_text(encoding="utf-8").splitlines()
    twins = [
        f"{line},{f'{at}_sibling_1' if f',{at}_sibling_2,' in f',{line}' else ''}"
        for line in lines[1:]
    ]
    sexless = [
        line.replace(",M,", ",U,").replace(",F,", ",U,") if f"{at}_sibling" in line else line
        for line in twins
    ]
    text = "\n".join([f"{lines[0]},twin_of", *sexless, ""])
    Path("families.csv").write_text(text, encoding="utf-8")
    options = "--families families.csv --profiles profiles.csv --frequencies nist_asian --json"
    done = CliRunner().invoke(app, ["kinship", "check", *options.split()])
    found = json.loads(done.stdout)
    assert found["families_refused"] == []
    about_twins = [row for row in found["findings"] if {one, other} <= {*row["samples"]}]
    assert [row for row in about_twins if row["kind"] in ("duplicate", "other_relation")] == []
