"""False leads by panel: the exact law reproduces the simulated table of the shared data.

A panel's rate is the mean over families. Markers are independent, and so are the relatives'
genotypes at them, so the law of the mean family is the convolution of the mean laws of markers.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family, MarkerLaw
from reunion.kinship.distribution import LrDistribution, lr_distribution
from reunion.kinship.frequencies import FloatArray, Frequencies, RareRule
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Genotype
from reunion.kinship.pedigree import grandparents, siblings, trio
from tests.notes import note
from tools import panel_check

PANELS = {
    "Identifiler 15": "Identifiler_Plus",
    "Goldeneye20A 19": "Goldeneye_20A",
    "PowerPlex21 20": "PowerPlex_21",
    "Huaxia/VeriFilerPlus 23": "VeriFiler_Plus",
}
DRAWS = 200_000
LIMITS = {"1e2": 2.0, "1e4": 4.0, "1e6": 6.0, "1e8": 8.0, "1e10": 10.0}


@cache
def _table(folder: Path) -> dict[str, Frequencies]:
    rows: dict[str, dict[str, float]] = {}
    with (folder / "freq_han_hebei.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows.setdefault(row["locus"], {})[row["allele"]] = float(row["frequency"])
    return {locus: Frequencies(locus, tuple(of), tuple(of.values())) for locus, of in rows.items()}


def _mean(laws: Iterator[tuple[float, MarkerLaw]], marker: str) -> MarkerLaw:
    """The law of a marker over families, each with its probability; excluded cells as one."""
    parts = list(laws)
    return MarkerLaw(
        marker,
        np.concatenate([law.log10_lr for _, law in parts]),
        np.concatenate([p * law.related for p, law in parts]),
        np.concatenate([p * law.unrelated for p, law in parts]),
    )


def _one_relative(frequencies: Frequencies, relation: str) -> MarkerLaw:
    """One typed relative, over all genotypes that this person may have; no mutation."""
    model = MarkerModel(frequencies.prepared(rule=RareRule.REJECT))
    compiler = Compiler(CodeBook((model.name,), (frequencies.alleles,)), [model])
    pedigree, typed, sought = {
        "one_parent": (trio(), "father", "child"),
        "full_sibling": (siblings("child", "sibling"), "sibling", "child"),
        "second_degree": (grandparents(), "grandfather", "child"),
    }[relation]

    def laws() -> Iterator[tuple[float, MarkerLaw]]:
        p = model.frequencies.p
        for j, second in enumerate(frequencies.alleles):
            for i, first in enumerate(frequencies.alleles[: j + 1]):
                genotype: Genotype = (first, second)
                family = Family("F", pedigree, sought, {typed: {model.name: genotype}})
                (law,) = compiler.laws(family)
                yield float(p[i] * p[j] * (1 if i == j else 2)), law

    return _mean(laws(), model.name)


def _both_parents(frequencies: Frequencies) -> MarkerLaw:
    """Both parents typed, no mutation: the four ways to inherit, for all ordered parents."""
    p: FloatArray = frequencies.prepared(rule=RareRule.REJECT).p
    k = len(p)
    i, j, m, n = (axis.ravel() for axis in np.indices((k, k, k, k)))
    weight = p[i] * p[j] * p[m] * p[n]
    pairs = [(i, m), (i, n), (j, m), (j, n)]
    codes = np.stack([np.minimum(a, b) * k + np.maximum(a, b) for a, b in pairs])
    lrs, related, unrelated = [], [], []
    for at in range(4):
        first = np.ones(len(i), dtype=np.bool_)
        for before in range(at):
            first &= codes[at] != codes[before]
        share = (codes == codes[at]).sum(axis=0) / 4
        a, b = pairs[at]
        law = p[a] * p[b] * np.where(a == b, 1, 2)
        lrs.append(np.log10(share / law)[first])
        related.append((weight * share)[first])
        unrelated.append((weight * law)[first])
    return MarkerLaw(
        frequencies.marker, np.concatenate(lrs), np.concatenate(related), np.concatenate(unrelated)
    )


@cache
def _marker(folder: Path, locus: str, relation: str) -> MarkerLaw:
    frequencies = _table(folder)[locus]
    if relation == "both_parents":
        return _both_parents(frequencies)
    return _one_relative(frequencies, relation)


def _loci(folder: Path, panel: str) -> list[str]:
    kits: Mapping[str, Mapping[str, list[str]]] = json.loads(
        (folder / "kits.json").read_text(encoding="utf-8")
    )
    if panel in PANELS:
        return kits[PANELS[panel]]["autosomal"]
    return [locus for locus in _table(folder) if locus != "SE33"]


def _law(folder: Path, relation: str, panel: str) -> LrDistribution:
    markers = [_marker(folder, locus, relation) for locus in _loci(folder, panel)]
    return lr_distribution(markers, step=0.002)


def _rows(folder: Path, relation: str) -> list[dict[str, str]]:
    with (folder / "fpr_by_panel.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["relation"] == relation]


def _simulation_error(law: LrDistribution, limit: float) -> float:
    """Relative standard error of the simulated rate, drawn from related people with weight 1/LR."""
    tail = law.values >= limit
    weight = 10.0 ** -law.values[tail]
    rate = float(law.related[tail] @ weight)
    return math.sqrt(max(0.0, float(law.related[tail] @ weight**2) / rate**2 - 1) / DRAWS)


def _cells(row: dict[str, str], law: LrDistribution) -> Iterator[tuple[float, float, float]]:
    """For each rate of a row: how far the table is off, its tolerance, and what its draws explain.

    The table is the approximation, so it is off in parts of the exact value.
    """
    for name, limit in {**LIMITS, "not_excluded": -math.inf}.items():
        if simulated := float(row[f"fpr_{name}"] or 0):
            exact = law.not_excluded() if name == "not_excluded" else law.false_rate(limit)
            stated = panel_check.tolerance(f"fpr_{name}", simulated)
            error = 4 * _simulation_error(law, limit)
            if math.isfinite(limit):
                # Far out the table rests on single draws, each of which weighs up to 1/limit.
                error = max(error, 10**-limit / DRAWS / exact)
            yield abs(simulated / exact - 1), stated, error


@pytest.mark.parametrize(
    "relation", ["one_parent", "full_sibling", "second_degree", "both_parents"]
)
def test_false_leads_by_panel_agree_with_the_simulated_table(
    relation: str, shared_data: Path
) -> None:
    rows = _rows(shared_data, relation)
    assert len(rows) == 5
    within, cells = 0, 0
    for row in rows:
        law = _law(shared_data, relation, row["panel"])
        assert law.quantile(0.5) == pytest.approx(float(row["median_log10_lr"]), abs=0.02)
        assert law.quantile(0.05) == pytest.approx(float(row["p05"]), abs=0.03)
        for off, stated, error in _cells(row, law):
            cells += 1
            within += off <= stated
            assert off <= max(stated, error), (row["panel"], off, stated, error)
    note(f"panels_{relation}_within_stated_tolerance", within, cells)


@pytest.mark.parametrize(
    ("relation", "panel"),
    [
        ("one_parent", "Huaxia/VeriFilerPlus 23"),
        ("full_sibling", "Identifiler 15"),
        ("second_degree", "Identifiler 15"),
        ("both_parents", "Goldeneye20A 19"),
    ],
)
def test_the_law_lies_between_bounds_from_formulas_that_share_nothing_with_the_engine(
    relation: str, panel: str, shared_data: Path
) -> None:
    (row,) = (
        row
        for row in panel_check.rows(shared_data)
        if (row.relation, row.panel) == (relation, panel)
    )
    law = _law(shared_data, relation, panel)
    for name, (low, high) in panel_check.bounds(row, 0.001).items():
        limit = panel_check.LIMITS.get(name)
        assert low <= (law.not_excluded() if limit is None else law.false_rate(limit)) <= high
        assert high / low < 1.25


def test_what_two_parents_do_not_exclude_is_the_product_of_the_markers(shared_data: Path) -> None:
    law = _law(shared_data, "both_parents", "Identifiler 15")
    markers = [
        _marker(shared_data, locus, "both_parents")
        for locus in _loci(shared_data, "Identifiler 15")
    ]
    product = math.prod(float(marker.unrelated.sum()) for marker in markers)
    assert law.not_excluded() == pytest.approx(product, rel=1e-9)
