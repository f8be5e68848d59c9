"""The measurement of the exact statistics runs, and is held against its goals."""

from __future__ import annotations

import numpy as np

from tools.evidence import compiler_of_kit, measure_chance, people
from tools.figures import evidence_figures

FOUND = {
    "power_s": 0.2,
    "advice_s": 6.0,
    "relatives": 20,
    "cells": 11,
    "found": 438,
    "expected": 434.9,
    "largest_deviation": 2.3,
}


def test_a_small_scan_agrees_with_the_exact_law() -> None:
    rng = np.random.default_rng(5)
    found = measure_chance(compiler_of_kit(), 50_000, 4, rng)
    assert found["cells"] > 0
    assert found["largest_deviation"] < 4.5


def test_drawn_people_have_codes_of_the_book() -> None:
    compiler = compiler_of_kit()
    codes = people(compiler, 200, np.random.default_rng(1))
    compiler.book.check(codes)
    assert (codes != compiler.book.missing_row()).all()


def test_the_evidence_is_held_against_its_goals() -> None:
    figures = {figure.name: figure for figure in evidence_figures(FOUND)}
    assert {name for name, figure in figures.items() if figure.met is False} == {"advice_s"}
    assert "20 relatives" in figures["advice_s"].what
