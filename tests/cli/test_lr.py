"""`reunion kinship lr`: one line for each case, and a bad case costs no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import reunion


def case(name: str, **changes: Any) -> dict[str, Any]:  # Any: JSON
    """A father and a child who share an allele of frequency 0.2."""
    father = {"id": "F", "father": None, "mother": None, "sex": "male"}
    mother = {"id": "M", "father": None, "mother": None, "sex": "female"}
    child = {"id": "C", "father": "F", "mother": "M", "sex": "male"}
    stranger = {**child, "father": None, "mother": None}
    return {
        "id": name,
        "candidate": "C",
        "hypotheses": {"H1": [father, mother, child], "H2": [father, mother, stranger]},
        "markers": [
            {
                "name": "L1",
                "frequencies": {"8": 0.2, "9": 0.8},
                "genotypes": {"F": ["8", "8"], "C": ["8", "9"]},
            }
        ],
        **changes,
    }


def test_each_case_is_one_json_line(tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(json.dumps({"cases": [case("a"), case("b")]}))
    done = reunion("kinship", "lr", "cases.json", "--json", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    results = [json.loads(line) for line in done.out.splitlines()]
    assert [result["id"] for result in results] == ["a", "b"]
    assert results[0]["lr"] == [pytest.approx(2.5)]
    assert set(results[0]) == {"id", "likelihood", "lr", "log10_lr_total"}


def test_cases_come_from_stdin_too(tmp_path: Path) -> None:
    done = reunion("kinship", "lr", "-", cwd=tmp_path, stdin=json.dumps(case("a")).encode())
    assert done.status == 0
    assert json.loads(done.out)["id"] == "a"


def test_expected_values_in_the_file_change_nothing(tmp_path: Path) -> None:
    plain = json.dumps([case("a")]).encode()
    corrupt = case("a", lr=[7], log10_lr_total="NaN", likelihood={"H1": [1]}, primary="nobody")
    outputs = {
        reunion("kinship", "lr", "-", cwd=tmp_path, stdin=text).out
        for text in (plain, json.dumps([corrupt]).encode())
    }
    assert len(outputs) == 1


def test_a_bad_case_is_named_and_the_others_are_printed(tmp_path: Path) -> None:
    cases = [case("a"), case("b", theta="much"), case("c")]
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    done = reunion("kinship", "lr", "cases.json", cwd=tmp_path)
    assert done.status == 4
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["a", "c"]
    assert "cases.json: case b, at theta: wanted a number, found 'much'\n" in done.err
    assert "1 of 3 cases refused" in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cases.json: case ?, at line 1"),
        (b'{"cases": [', "cases.json: case ?, at line 1"),
        (b'\n{"a": "\xff"}', "cases.json, line 2, byte 'ff': the file is not UTF-8"),
        (b"3", "wanted a case"),
    ],
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "cases.json").write_bytes(content)
    done = reunion("kinship", "lr", "cases.json", cwd=tmp_path)
    assert (done.status, done.out) == (4, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = reunion("kinship", "lr", "none.json", cwd=tmp_path)
    assert done.status == 4
    assert done.err == "reunion: none.json: the file cannot be read (no such file or directory)\n"
