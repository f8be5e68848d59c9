"""Families meet profiles: who is typed, who is not, and whose sex does not fit."""

from __future__ import annotations

from pathlib import Path

from reunion.kinship.formats.families import read_families
from reunion.kinship.formats.linking import Linked, link
from reunion.kinship.formats.profiles import read_profiles
from tests.kinship.test_formats_families import GOOD, HEADER
from tests.kinship.test_formats_profiles import CHECKS, rows


def linked(tmp_path: Path, profiles: list[str], families: list[str]) -> Linked:
    (tmp_path / "f.csv").write_text("\n".join([HEADER, *families, ""]), encoding="utf-8")
    header = "sample_id,marker,allele_1,allele_2"
    (tmp_path / "p.csv").write_text("\n".join([header, *profiles, ""]), encoding="utf-8")
    return link(read_families(tmp_path / "f.csv"), read_profiles(tmp_path / "p.csv", CHECKS))


def test_relatives_get_the_profiles_of_their_samples(tmp_path: Path) -> None:
    result = linked(tmp_path, [*rows("G1", L1="9,9"), *rows("G2")], GOOD)
    (family,) = result.families
    assert family.profiles["fa"]["L1"] == ("9", "9")
    assert result.samples == {"G": {"fa": "G1", "mo": "G2"}}
    assert result.complaints == ()


def test_a_sample_that_is_not_there_leaves_the_person_untyped(tmp_path: Path) -> None:
    result = linked(tmp_path, rows("G1"), GOOD)
    assert set(result.families[0].profiles) == {"fa"}
    (complaint,) = result.complaints
    assert (complaint.line, complaint.field, complaint.value) == (3, "sample_id", "G2")
    assert "no such sample, so mo counts as not typed" in complaint.reason


def test_a_sample_in_quarantine_leaves_the_person_untyped(tmp_path: Path) -> None:
    result = linked(tmp_path, [*rows("G1"), "G2,L1,10,11"], GOOD)
    assert set(result.families[0].profiles) == {"fa"}
    assert "in quarantine" in result.complaints[0].reason


def test_a_family_without_any_typed_relative_left_is_refused(tmp_path: Path) -> None:
    result = linked(tmp_path, rows("X"), GOOD)
    assert result.families == ()
    assert "no relative of kid is left who is typed" in str(result.refused[0])


def test_a_sex_marker_against_the_declared_sex_is_reported(tmp_path: Path) -> None:
    result = linked(tmp_path, [*rows("G1", AMEL="X,X"), *rows("G2", AMEL="X,X")], GOOD)
    assert set(result.families[0].profiles) == {"fa", "mo"}
    (complaint,) = result.complaints
    assert (complaint.line, complaint.sample, complaint.marker) == (2, "G1", "AMEL")
    assert "the sex marker shows female and fa is male" in complaint.reason
