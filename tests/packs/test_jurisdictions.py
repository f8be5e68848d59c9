"""Two countries run on one loader, and neither has left anything in the other or in the code."""

from __future__ import annotations

import ast
import re
import time
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import reunion
from reunion.packs.ages import Reached, full_years
from reunion.packs.basis import Status
from reunion.packs.errors import UnknownJurisdiction
from reunion.packs.jurisdiction import (
    DATA,
    Jurisdiction,
    jurisdiction_folders,
    load_jurisdiction,
    read_jurisdiction,
)

CODES = tuple(folder.name for folder in jurisdiction_folders())

SOURCE = Path(reunion.__file__).parent

OF_ONE_COUNTRY = re.compile(
    r"\bcn/|(?-i:\bin/[A-Z]{2}\b)|\bchina\b|\bindia\b|\bindian\b|\b2260\b|\bshanghai\b"
    r"|\bkolkata\b|\bCNY\b|\bINR\b|\byuan\b|\bGB/T\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("code", CODES)
def test_every_part_is_there(code: str) -> None:
    pack = load_jurisdiction(code)
    assert pack.code == code
    assert pack.regions.root.path == f"{code}/"
    for part in (pack.agencies, pack.ranks, pack.ages, pack.terms, pack.collection.kinds):
        assert part
    assert pack.statistics.series
    assert pack.conference
    assert pack.boundaries.files
    assert pack.plan


@pytest.mark.parametrize("code", CODES)
def test_every_name_is_there_in_every_language_of_the_pack(code: str) -> None:
    pack = load_jurisdiction(code)
    names = [thing.names for thing in pack.agencies.values()]
    names += [thing.names for thing in pack.ranks.values()]
    names += [thing.names for thing in pack.ages.values()]
    names += [thing.names for thing in pack.terms.values()]
    names += [thing.names for thing in pack.bodies.values()]
    names += [thing.names for thing in pack.campaigns.values()]
    assert {frozenset(of) for of in names} == {frozenset(pack.languages)}


def test_an_unknown_jurisdiction_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownJurisdiction, match="known are cn, in"):
        load_jurisdiction("atlantis")


def test_a_jurisdiction_is_loaded_once() -> None:
    assert load_jurisdiction("in") is load_jurisdiction("in")


def test_the_second_pack_holds_nothing_of_the_first() -> None:
    for path in (DATA / "in").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [c for c in text if "CJK" in unicodedata.name(c, "")], path
            assert re.search(r"\bcn\b|china|chinese", text, re.IGNORECASE) is None, path


def test_no_code_outside_the_data_names_one_country() -> None:
    """Texts and names in the source, but for what explains: docstrings and comments.

    A language or a script may be named: it is not a country.
    """
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line, text in _words(ast.parse(path.read_text(encoding="utf-8")))
        if OF_ONE_COUNTRY.search(text)
    ]
    assert found == []


def _words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names and texts of a module, without docstrings."""
    explained = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    explained |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
            if id(node) not in explained:
                yield node.lineno, str(node.value)
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id.replace("_", " ")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name.replace("_", " ")


def test_a_pack_loads_in_well_under_a_second() -> None:
    for code in CODES:
        start = time.process_time()
        read_jurisdiction(DATA / code)
        assert time.process_time() - start < 1


def test_the_compositions_of_the_conference_add_up() -> None:
    pack = load_jurisdiction("cn")
    seats = {
        year: [m for m in pack.conference if m.composition == year] for year in ("2008", "2021")
    }
    assert {year: len(members) for year, members in seats.items()} == {"2008": 26, "2021": 35}
    verified = [m.body for m in seats["2021"] if m.status is Status.VERIFIED]
    assert verified == ["mps"]
    assert sum(m.status is Status.VERIFIED for m in seats["2008"]) == 13


def test_what_the_plan_verifies_is_what_the_sources_verify() -> None:
    plan = load_jurisdiction("cn").plan
    assert len(plan) == 38
    assert sum(measure.status is Status.VERIFIED for measure in plan) == 6
    assert sum(measure.status is Status.UNVERIFIED for measure in plan) == 31


def test_published_figures_keep_who_counted_and_how() -> None:
    figures = load_jurisdiction("cn").statistics
    assert len(figures.observations) == 58
    cold = [f for f in figures.of("cold_cases_solved") if f.kind == "year"]
    assert [(f.qualifier.value, int(f.value)) for f in cold] == [("more_than", 350)]
    (women, earlier) = figures.of("women_trafficking_cases_solved")
    assert int(women.value) == 12946
    assert women.line == earlier.line


@pytest.mark.parametrize(
    ("rule", "years", "holds"),
    [
        ("child", 13, True),
        ("child", 14, False),
        ("young_child", 0, False),
        ("young_child", 5, True),
    ],
)
def test_an_age_rule_holds_within_its_years(rule: str, years: int, holds: bool) -> None:
    ages = load_jurisdiction("cn").ages
    assert ages[rule].holds(date(2000, 1, 1), date(2000 + years, 6, 1)) is holds


def test_who_decides_about_contact_is_data_of_the_pack() -> None:
    years = {code: load_jurisdiction(code).ages["contact_decision"].from_years for code in CODES}
    assert years == {"cn": 16, "in": 18}


def test_an_uncertain_birth_gives_an_answer_only_where_both_ends_agree() -> None:
    child = load_jurisdiction("cn").ages["child"]
    on = date(2024, 6, 1)
    assert child.judge(date(2012, 1, 1), date(2012, 12, 31), on) is True
    assert child.judge(date(2009, 1, 1), date(2009, 12, 31), on) is False
    assert child.judge(date(2010, 1, 1), date(2010, 12, 31), on) is None
    young = load_jurisdiction("cn").ages["young_child"]
    assert young.judge(date(2015, 1, 1), date(2024, 1, 1), on) is None
    assert young.judge(date(2024, 1, 1), date(2024, 3, 1), on) is False


def test_a_leap_day_birthday_is_on_the_first_of_march_in_other_years() -> None:
    born = date(2008, 2, 29)
    assert full_years(born, date(2022, 2, 28)) == 13
    assert full_years(born, date(2022, 3, 1)) == 14
    assert full_years(born, date(2024, 2, 29), Reached.DAY_AFTER) == 15
    assert full_years(born, born, Reached.DAY_AFTER) == 0


@pytest.mark.parametrize(
    ("hours", "radius"), [(0, 100), (1, 100), (1.01, 200), (2.5, 300), (3.5, 500), (100, 500)]
)
def test_the_ring_of_an_alert_grows_with_the_hours(hours: float, radius: float) -> None:
    assert load_jurisdiction("cn").alerts.radius_km(hours) == radius


def test_every_agency_stands_at_levels_of_its_country() -> None:
    def levels(pack: Jurisdiction) -> set[str]:
        return {level for kind in pack.agencies.values() for level in kind.levels}

    assert levels(load_jurisdiction("cn")) == {"nation", "province", "prefecture", "county"}
    assert levels(load_jurisdiction("in")) == {"nation", "state", "district"}
