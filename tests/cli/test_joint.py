"""`reunion kinship joint` on small files, as a laboratory would run it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from reunion.cli.main import app
from reunion.kinship.pedigree import Pedigree, siblings
from reunion.packs.dna import load_dna

TABLE = load_dna().tables["nist_asian"]
LOCI = [locus for locus in load_dna().kits["GlobalFiler"].autosomal if locus in TABLE.markers]
FAMILY = siblings("son", sex="male").with_child(
    "daughter", father="father", mother="mother", sex="female"
)
SIDE = siblings("found", sex="male", father="X", mother="Y").with_child(
    "child", father="found", mother="wife"
)
Genotypes = dict[str, tuple[str, str]]
COLUMNS = "family_id,person_id,father_id,mother_id,sex,sample_id,sought"
SEXES = {"male": "M", "female": "F", "unknown": "U"}


def born(
    pedigree: Pedigree, seed: int, known: Mapping[str, Genotypes] | None = None
) -> dict[str, Genotypes]:
    """Everybody's genotypes, handed down without mutation."""
    rng = np.random.default_rng(seed)
    people = dict(known or {})
    for person in pedigree.ordered():
        if person.id in people:
            continue
        profile: Genotypes = {}
        for locus in LOCI:
            table = TABLE.markers[locus]
            p = np.array(table.values) / table.total
            alleles = [
                str(
                    rng.choice(table.alleles, p=p)
                    if parent is None
                    else rng.choice(people[parent][locus])
                )
                for parent in (person.father, person.mother)
            ]
            profile[locus] = (alleles[0], alleles[1])
        people[person.id] = profile
    return people


def write(path: str, columns: str, rows: Iterable[Iterable[object]]) -> None:
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns.split(","))
        writer.writerows(rows)


def family_rows(
    name: str, pedigree: Pedigree, samples: Mapping[str, str], marked: Iterable[str]
) -> list[tuple[object, ...]]:
    return [
        (
            name,
            p.id,
            p.father or "",
            p.mother or "",
            SEXES[p.sex],
            samples.get(p.id, ""),
            int(p.id in marked),
        )
        for p in pedigree
    ]


@pytest.fixture
def joint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command on samples by name, for the family whose parents are typed."""
    monkeypatch.chdir(tmp_path)

    def run(samples: Mapping[str, Genotypes], *more: str) -> Result:
        relatives = {"father": "P1", "mother": "P2"}
        write("families.csv", COLUMNS, family_rows("F", FAMILY, relatives, ("son", "daughter")))
        rows = [
            (sample, locus, *alleles)
            for sample, profile in samples.items()
            for locus, alleles in profile.items()
        ]
        write("profiles.csv", "sample_id,marker,allele_1,allele_2", rows)
        files = ["--families", "families.csv", "--profiles", "profiles.csv"]
        return CliRunner().invoke(
            app, ["kinship", "joint", *files, "--frequencies", "nist_asian", *more]
        )

    return run


PEOPLE = born(FAMILY, 1)
SAMPLES = {"P1": PEOPLE["father"], "P2": PEOPLE["mother"]}


def test_both_children_are_found_in_one_go(joint: Callable[..., Result]) -> None:
    strangers = {f"S{at}": born(FAMILY, at + 2)["father"] for at in range(3)}
    result = joint({**SAMPLES, **strangers, "A": PEOPLE["son"], "B": PEOPLE["daughter"]}, "--json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["schema"] == "reunion.joint/1"
    (family,) = report["families"]
    best = family["assignments"][0]
    assert {pair["sample_id"] for pair in best["pairs"]} == {"A", "B"}
    # The sex of the samples is not known, so that brother and sister can be swapped.
    assert best["ways"] == 2
    assert best["posterior"] > 0.999
    with Path("joint.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert sorted(row["sample_id"] for row in rows if row["rank"] == "1") == ["A", "B"]
    with Path("joint_pairs.csv").open(encoding="utf-8") as stream:
        pairs = list(csv.DictReader(stream))
    assert len(pairs) == 10
    assert {row["standing"] for row in pairs} == {"undisputed", "excluded"}


def test_a_candidate_is_found_through_the_candidates_own_child(
    joint: Callable[..., Result],
) -> None:
    people = born(SIDE, 9, {"found": PEOPLE["son"], "X": {}, "Y": {}})
    result_files = {"child": "K1", "wife": "K2"}
    write("sides.csv", COLUMNS, family_rows("C", SIDE, result_files, ("found",)))
    samples = {**SAMPLES, "K1": people["child"], "K2": people["wife"]}
    result = joint(samples, "--candidate-families", "sides.csv", "--json")
    assert result.exit_code == 0, result.stderr
    (family,) = json.loads(result.stdout)["families"]
    assert family["assignments"][0]["pairs"] == [{"sample_id": "C", "sought_id": "son"}]
    standing = {p["sought_id"]: p["standing"] for p in family["pairs"]}
    assert standing == {"son": "undisputed", "daughter": "other_sex"}


def test_nobody_found_is_status_1(joint: Callable[..., Result]) -> None:
    result = joint({**SAMPLES, "S": born(FAMILY, 4)["father"]})
    assert result.exit_code == 1
    assert "nobody" in result.stderr


def test_a_family_that_cannot_be_weighed_is_refused_with_the_reason(
    joint: Callable[..., Result],
) -> None:
    result = joint({"P3": PEOPLE["father"], "S": PEOPLE["son"]})
    assert result.exit_code == 4
    assert "no relative of son is left who is typed" in result.stderr


def test_an_output_that_is_an_input_is_wrong_use(joint: Callable[..., Result]) -> None:
    result = joint(SAMPLES, "--out", "families.csv")
    assert result.exit_code != 0
    assert result.exception is not None
    assert "this is an input file" in str(result.exception)


def test_a_sought_person_with_a_sample_is_refused(joint: Callable[..., Result]) -> None:
    joint(SAMPLES)
    rows = family_rows("F", FAMILY, {"father": "P1", "son": "A"}, ("son",))
    write("families.csv", COLUMNS, rows)
    files = ["--families", "families.csv", "--candidates", "profiles.csv"]
    result = CliRunner().invoke(app, ["kinship", "joint", *files, "--frequencies", "nist_asian"])
    assert result.exit_code == 4
    assert "cannot have a sample" in result.stderr


def test_with_several_tables_the_least_is_the_answer_and_each_is_stated(
    joint: Callable[..., Result],
) -> None:
    samples = {**SAMPLES, "A": PEOPLE["son"], "S": born(FAMILY, 4)["father"]}
    done = joint(samples, "--frequencies", "nist_hispanic", "--json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    (family,) = report["families"]
    best = {name: of["assignments"][0]["log10_lr"] for name, of in family["by_table"].items()}
    assert set(best) == {"nist_asian", "nist_hispanic"}
    assert family["frequency_table"] == min(best, key=best.__getitem__)
    assert family["assignments"][0]["log10_lr"] == min(best.values())
    for at, pair in enumerate(family["pairs"]):
        values = [of["pairs"][at]["log10_lr"] for of in family["by_table"].values()]
        told = [value for value in values if isinstance(value, float)]
        if len(told) == 2:
            assert pair["log10_lr_min_population"] == min(told)
    assert not family["tables_disagree"]
    with Path("joint.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["frequency_table"] for row in rows} == {family["frequency_table"]}
    assert f"shown is {family['frequency_table']}, the least" in done.stderr
