"""Compiled loops of the scan. Sums run strictly by locus, so all of them give the same bits.

Codes are below the length of the tables: `scan` and `index` see to it, since nothing here checks
bounds. `_scan_plain` has the same functions without numba.
"""

from __future__ import annotations

import numpy as np

from reunion.kinship._kernels import kernel
from reunion.kinship._lanes import sum_lanes
from reunion.kinship.book import CodeArray, IntArray
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import BoolArray
from reunion.kinship.stack import LANES, LEAST

FAINT = -300.0
"""log10 of a term that adds nothing: it takes the place of all smaller ones, and of zero."""

LOG2_10 = 3.321928094887362
LN_2 = 0.6931471805599453
ROUND = 6755399441055744.0
"""1.5 * 2**52: adding it rounds to an integer, which then stands in the lowest bits."""


@kernel
def score_one(codes: CodeArray, table: FloatArray, out: FloatArray) -> None:
    """`out[row]` = sum over loci of `table[codes[row, locus]]`."""
    for row in range(codes.shape[0]):
        score = 0.0
        for locus in range(codes.shape[1]):
            score += table[codes[row, locus]]
        out[row] = score


@kernel
def scan_one(
    codes: CodeArray,
    dead: BoolArray,
    row: int,
    tables: FloatArray,
    floor: float,
    rows: IntArray,
    scores: FloatArray,
) -> tuple[int, int]:
    """Living rows from `row` on that reach `floor`: (how many, row to go on from).

    Args:
        tables: float64 (n_populations, n_codes); most rows miss the floor in the first already.
    """
    count = 0
    table = tables[0]
    for at in range(row, codes.shape[0]):
        score = 0.0
        for locus in range(codes.shape[1]):
            score += table[codes[at, locus]]
        if score >= floor and not dead[at]:
            for population in range(1, tables.shape[0]):
                other = 0.0
                for locus in range(codes.shape[1]):
                    other += tables[population, codes[at, locus]]
                if other < score or other != other:
                    score = other
            if score >= floor:
                if count == rows.shape[0]:
                    return count, at
                rows[count] = at
                scores[count] = score
                count += 1
    return count, codes.shape[0]


@kernel
def _keep_least(lanes: FloatArray, least: FloatArray) -> None:
    """`least[lane]` becomes the least of both; NaN wins."""
    for lane in range(LANES):
        if lanes[lane] < least[lane] or lanes[lane] != lanes[lane]:
            least[lane] = lanes[lane]


@kernel
def scan_groups(
    codes: CodeArray,
    dead: BoolArray,
    group: int,
    row: int,
    tables: FloatArray,
    populations: int,
    floors: FloatArray,
    lanes: FloatArray,
    families: IntArray,
    rows: IntArray,
    scores: FloatArray,
) -> tuple[int, int, int]:
    """Living rows that reach the floor of a family: (how many, group and row to go on from).

    Args:
        tables: float64 (n_groups * populations, n_codes, LANES).
        floors: float64 (n_groups, LANES); +inf where a lane has no family.
        lanes: scratch, float64 (2, LANES).
    """
    count = 0
    for at_group in range(group, floors.shape[0]):
        floor = floors[at_group]
        for at in range(row, codes.shape[0]):
            reached = sum_lanes(codes, at, tables, at_group * populations, floor, lanes[0])
            for table in range(at_group * populations + 1, (at_group + 1) * populations):
                if reached != 0:
                    reached &= sum_lanes(codes, at, tables, table, floor, lanes[1])
                    _keep_least(lanes[1], lanes[0])
            if reached != 0 and not dead[at]:
                if count + LANES > rows.shape[0]:
                    return count, at_group, at
                for lane in range(LANES):
                    if reached & (1 << lane):
                        families[count] = at_group * LANES + lane
                        rows[count] = at
                        scores[count] = lanes[0, lane]
                        count += 1
        row = 0
    return count, floors.shape[0], 0


@kernel
def score_groups(
    codes: CodeArray, tables: FloatArray, populations: int, lanes: FloatArray, out: FloatArray
) -> None:
    """`out[family, row]` for as many families as `out` has rows; `lanes` is scratch (2, LANES)."""
    for group in range(tables.shape[0] // populations):
        for row in range(codes.shape[0]):
            sum_lanes(codes, row, tables, group * populations, lanes[0], lanes[0])
            for table in range(group * populations + 1, (group + 1) * populations):
                sum_lanes(codes, row, tables, table, lanes[1], lanes[1])
                _keep_least(lanes[1], lanes[0])
            for lane in range(min(LANES, out.shape[0] - group * LANES)):
                out[group * LANES + lane, row] = lanes[0, lane]


@kernel
def _ten_to(x: float) -> float:
    """10**x for FAINT <= x <= 0, within 1e-14 relative near 0; plain arithmetic vectorises."""
    rounded = x * LOG2_10 + ROUND
    rest = (x * LOG2_10 - (rounded - ROUND)) * LN_2
    series = 1.0 / 479001600
    series = series * rest + 1.0 / 39916800
    series = series * rest + 1.0 / 3628800
    series = series * rest + 1.0 / 362880
    series = series * rest + 1.0 / 40320
    series = series * rest + 1.0 / 5040
    series = series * rest + 1.0 / 720
    series = series * rest + 1.0 / 120
    series = series * rest + 1.0 / 24
    series = series * rest + 1.0 / 6
    series = series * rest + 0.5
    series = series * rest + 1.0
    series = series * rest + 1.0
    exponent = (np.float64(rounded).view(np.int64) + np.int64(1023)) << np.int64(52)
    return series * np.int64(exponent).view(np.float64)


@kernel
def sum_groups(
    codes: CodeArray,
    dead: BoolArray,
    tables: FloatArray,
    populations: int,
    block: FloatArray,
    lanes: FloatArray,
    highest: FloatArray,
    totals: FloatArray,
) -> None:
    """Sums of 10**score over living rows: `totals * 10**highest` is the sum of each lane.

    Args:
        block: scratch, float64 (n, LANES): so many rows are summed together, n a power of two.
        lanes: scratch, float64 (2, LANES).
        highest: float64 (n_groups, LANES), out: greatest score; LEAST if all are -inf.
        totals: float64 (n_groups, LANES), out.
    """
    terms = block.reshape(-1)
    for group in range(totals.shape[0]):
        total, before, top = totals[group], lanes[0], highest[group]
        total[:] = 0.0
        top[:] = LEAST
        for first in range(0, codes.shape[0], block.shape[0]):
            rows = min(block.shape[0], codes.shape[0] - first)
            before[:] = top
            block[rows:] = -np.inf
            for row in range(rows):
                if dead[first + row]:
                    block[row] = -np.inf
                    continue
                at, table = first + row, group * populations
                higher = sum_lanes(codes, at, tables, table, top, block[row])
                for other in range(table + 1, table + populations):
                    higher &= sum_lanes(codes, at, tables, other, top, lanes[1])
                    _keep_least(lanes[1], block[row])
                if higher != 0:
                    for lane in range(LANES):
                        if block[row, lane] > top[lane]:
                            top[lane] = block[row, lane]
            for row in range(block.shape[0]):
                for lane in range(LANES):
                    block[row, lane] -= top[lane]
            # Long loops over one array are vectorised; folding halves keeps rounding small too.
            for at in range(terms.shape[0]):
                terms[at] = _ten_to(terms[at] if terms[at] > FAINT else FAINT)
            half = terms.shape[0]
            while half > LANES:
                half //= 2
                for at in range(half):
                    terms[at] += terms[at + half]
            for lane in range(LANES):
                total[lane] = total[lane] * 10.0 ** (before[lane] - top[lane]) + terms[lane]
