"""Check the law of log10 LR by panel with formulas and draws that share nothing with the engine.

    python -m tools.panel_check DATA [--replicates N] [--step S]

DATA is the folder with `freq_han_hebei.csv`, `kits.json` and `fpr_by_panel.csv`. Prints one JSON
object a rate: the tabulated value, bounds that hold the exact one (all pairs or trios of ordered
genotypes, sums rounded down and up), and how far draws of the table's own size fall from it. The
last line says how many rates such draws have within the tolerances of the table.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Rng = np.random.Generator

KITS = {
    "Identifiler 15": "Identifiler_Plus",
    "Goldeneye20A 19": "Goldeneye_20A",
    "PowerPlex21 20": "PowerPlex_21",
    "Huaxia/VeriFilerPlus 23": "VeriFiler_Plus",
}
SHARES = {
    "one_parent": (0.0, 1.0, 0.0),
    "full_sibling": (0.25, 0.5, 0.25),
    "second_degree": (0.5, 0.5, 0.0),
}
"""Probabilities of 0, 1 and 2 common alleles."""

LIMITS = {"fpr_1e2": 2.0, "fpr_1e4": 4.0, "fpr_1e6": 6.0, "fpr_1e8": 8.0, "fpr_1e10": 10.0}
NOT_EXCLUDED = "fpr_not_excluded"
DRAWS, SEED = 200_000, 20_260_401


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of the table: relation, panel, frequencies of each locus, tabulated rates."""

    relation: str
    panel: str
    loci: tuple[FloatArray, ...]
    rates: dict[str, float]


def rows(data: Path) -> Iterator[Row]:
    """The rows of the table."""
    frequencies: dict[str, list[float]] = {}
    with (data / "freq_han_hebei.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            frequencies.setdefault(row["locus"], []).append(float(row["frequency"]))
    kits = json.loads((data / "kits.json").read_text(encoding="utf-8"))
    with (data / "fpr_by_panel.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            panel = row["panel"]
            names = kits[KITS[panel]]["autosomal"] if panel in KITS else [*frequencies]
            loci = [np.array(frequencies[name]) for name in names if name != "SE33"]
            rates = {key: float(row[key] or 0) for key in (*LIMITS, NOT_EXCLUDED)}
            yield Row(
                row["relation"],
                panel,
                tuple(p / p.sum() for p in loci),
                {key: rate for key, rate in rates.items() if rate},
            )


def pair_lr(
    shares: tuple[float, float, float], p: FloatArray, one: IntArray, other: IntArray
) -> FloatArray:
    """LR of two ordered genotypes, int64 (2, n): k0 + k1 (mean of equal pairs / p) + k2 / P."""
    equal = [[one[i] == other[j] for j in (0, 1)] for i in (0, 1)]
    single = sum(equal[i][j] / p[one[i]] for i in (0, 1) for j in (0, 1)) / 4
    same = (equal[0][0] & equal[1][1]) | (equal[0][1] & equal[1][0])
    genotype = p[one[0]] * p[one[1]] * np.where(one[0] == one[1], 1, 2)
    lr: FloatArray = shares[0] + shares[1] * single + shares[2] * same / genotype
    return lr


def trio_lr(p: FloatArray, father: IntArray, mother: IntArray, child: IntArray) -> FloatArray:
    """LR of both parents and a child: the share of the four ways to inherit, over P(child)."""
    ways = sum(
        (
            ((father[i] == child[0]) & (mother[j] == child[1]))
            | ((father[i] == child[1]) & (mother[j] == child[0]))
        ).astype(np.float64)
        for i in (0, 1)
        for j in (0, 1)
    )
    genotype = p[child[0]] * p[child[1]] * np.where(child[0] == child[1], 1, 2)
    lr: FloatArray = ways / 4 / genotype
    return lr


def exact_marker(relation: str, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Finite log10 LRs and their probability under "related", equal ones added up."""
    a, b, c, d = (axis.ravel() for axis in np.indices((len(p),) * 4))
    if relation == "both_parents":
        child = np.stack([a, c])
        lr = trio_lr(p, np.stack([a, b]), np.stack([c, d]), child)
        weight = p[a] * p[b] * p[c] * p[d]
    else:
        lr = pair_lr(SHARES[relation], p, np.stack([a, b]), np.stack([c, d]))
        weight = p[a] * p[b] * p[c] * p[d] * lr
    kept = weight > 0
    values, place = np.unique(np.round(np.log10(lr[kept]), 12), return_inverse=True)
    weights: FloatArray = np.bincount(place, weights=weight[kept]).astype(np.float64)
    return values.astype(np.float64), weights


def bounds(row: Row, step: float) -> dict[str, tuple[float, float]]:
    """For each rate a lower and an upper bound: every sum rounded down, and up, to the grid."""
    laws = [exact_marker(row.relation, p) for p in row.loci]
    low, high = (_tail_law(laws, step, rounding) for rounding in (np.floor, np.ceil))
    found = {}
    for key in row.rates:
        limit = LIMITS.get(key, -np.inf)
        # P(x | unrelated) = P(x | related) 10**-x: the weight is bounded as the place is.
        room = 10 ** (len(laws) * step)
        found[key] = low(limit) / room, high(limit) * room
    return found


class _TailLaw:
    """A law on the grid; called with a limit it gives the rate of unrelated people."""

    def __init__(self, start: int, law: FloatArray, step: float) -> None:
        self._values = step * (start + np.arange(len(law)))
        self._unrelated = law * 10.0**-self._values

    def __call__(self, limit: float) -> float:
        return float(self._unrelated[self._values >= limit][::-1].sum())


def _tail_law(
    laws: list[tuple[FloatArray, FloatArray]], step: float, rounding: np.ufunc
) -> _TailLaw:
    """The convolution of some markers, each value rounded to the grid."""
    law, start = np.ones(1), 0
    for values, weights in laws:
        cells = rounding(values / step).astype(np.int64)
        wider = np.zeros(len(law) + int(cells.max() - cells.min()))
        for cell, weight in zip(cells - cells.min(), weights, strict=True):
            wider[cell : cell + len(law)] += weight * law
        law, start = wider, start + int(cells.min())
    return _TailLaw(start, law, step)


def drawn(row: Row, rng: Rng, draws: int) -> dict[str, float]:
    """The rates from related people drawn gene by gene, each with the weight 1/LR."""
    total = np.zeros(draws)
    for p in row.loci:
        one, other, more = (rng.choice(len(p), (2, draws), p=p) for _ in range(3))
        if row.relation == "both_parents":
            which = rng.integers(0, 2, (2, draws))
            child = np.stack([one[which[0], np.arange(draws)], other[which[1], np.arange(draws)]])
            total += np.log10(trio_lr(p, one, other, child))
            continue
        shares = SHARES[row.relation]
        common = rng.choice(3, draws, p=shares)
        side = rng.integers(0, 2, draws)
        first = np.where(common > 0, one[np.where(common == 2, 0, side), np.arange(draws)], more[0])
        second = np.where(common == 2, one[1], more[1])
        total += np.log10(pair_lr(shares, p, one, np.stack([first, second])))
    weight = 10.0**-total
    return {key: float(weight[total > LIMITS.get(key, -np.inf)].sum()) / draws for key in row.rates}


def tolerance(key: str, rate: float) -> float:
    """How far the table may be from the exact value."""
    if rate < 1e-9:
        return 0.25
    return 0.07 if key == NOT_EXCLUDED else 0.02


def main() -> None:
    """Check every rate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--step", type=float, default=0.0002)
    asked = parser.parse_args()
    rng = np.random.default_rng(SEED)
    cells, table_within, within = 0, 0, np.zeros(asked.replicates, dtype=np.int64)
    for row in rows(asked.data):
        found = bounds(row, asked.step)
        replicates = [drawn(row, rng, DRAWS) for _ in range(asked.replicates)]
        for key, rate in row.rates.items():
            exact = float(np.mean(found[key]))
            limit = tolerance(key, rate)
            table_within += abs(rate / exact - 1) <= limit
            cells += 1
            values = np.array([replicate[key] for replicate in replicates])
            within += np.abs(values / exact - 1) <= limit
            line = {"relation": row.relation, "panel": row.panel, "rate": key, "table": rate}
            spread = float(np.std(values / exact)) if len(values) else None
            print(json.dumps({**line, "bounds": found[key], "spread": spread}), flush=True)
    counts = {"cells": cells, "table_within": table_within, "draws_within": within.tolist()}
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
