"""Compiled loops of the scan. Sums run strictly by locus, so all of them give the same bits.

Codes are below the length of the tables: the callers in `scan` see to it, since nothing here
checks bounds. `_scan_plain` has the same functions without numba.
"""

from __future__ import annotations

import numpy as np

from reunion.kinship._kernels import kernel
from reunion.kinship._lanes import sum_lanes
from reunion.kinship.book import CodeArray, IntArray
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import BoolArray
from reunion.kinship.stack import LANES

BLOCK = 256
"""Rows that are summed together first: rounding of a sum of millions stays below 1e-13."""

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
    table: FloatArray,
    floor: float,
    rows: IntArray,
    scores: FloatArray,
) -> tuple[int, int]:
    """Living rows from `row` on that reach `floor`: (how many, row to go on from)."""
    count = 0
    for at in range(row, codes.shape[0]):
        score = 0.0
        for locus in range(codes.shape[1]):
            score += table[codes[at, locus]]
        if score >= floor and not dead[at]:
            if count == rows.shape[0]:
                return count, at
            rows[count] = at
            scores[count] = score
            count += 1
    return count, codes.shape[0]


@kernel
def _keep_least(lanes: FloatArray, populations: int) -> None:
    """The least over the populations of each family moves to the first lanes; NaN wins."""
    width = LANES // populations
    for lane in range(width, width * populations):
        score = lanes[lane]
        if score < lanes[lane % width] or score != score:
            lanes[lane % width] = score


@kernel
def score_groups(
    codes: CodeArray, tables: FloatArray, populations: int, lanes: FloatArray, out: FloatArray
) -> None:
    """`out[family, row]` for as many families as `out` has rows; `lanes` is scratch (LANES,)."""
    width = LANES // populations
    for group in range(tables.shape[0]):
        for row in range(codes.shape[0]):
            sum_lanes(codes, row, tables, group, lanes)
            if populations > 1:
                _keep_least(lanes, populations)
            for lane in range(min(width, out.shape[0] - group * width)):
                out[group * width + lane, row] = lanes[lane]


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
        floors: float64 (n_groups, LANES); +inf where a lane has no family.
        lanes: scratch, float64 (LANES,).
    """
    width = LANES // populations
    count = 0
    for at_group in range(group, tables.shape[0]):
        for at in range(row, codes.shape[0]):
            sum_lanes(codes, at, tables, at_group, lanes)
            if populations > 1:
                _keep_least(lanes, populations)
            reached = 0
            for lane in range(LANES):
                if lanes[lane] >= floors[at_group, lane]:
                    reached += 1
            if reached > 0 and not dead[at]:
                if count + width > rows.shape[0]:
                    return count, at_group, at
                for lane in range(width):
                    if lanes[lane] >= floors[at_group, lane]:
                        families[count] = at_group * width + lane
                        rows[count] = at
                        scores[count] = lanes[lane]
                        count += 1
        row = 0
    return count, tables.shape[0], 0


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
    bits = np.float64(rounded).view(np.int64)
    return series * ((bits + np.int64(1023)) << np.int64(52)).view(np.float64)


@kernel
def sum_groups(
    codes: CodeArray,
    dead: BoolArray,
    tables: FloatArray,
    populations: int,
    block: FloatArray,
    part: FloatArray,
    highest: FloatArray,
    totals: FloatArray,
) -> None:
    """Sums of 10**score over living rows: `totals * 10**highest` is the sum of each lane.

    Args:
        block: scratch, float64 (BLOCK, LANES).
        part: scratch, float64 (LANES,).
        highest: float64 (n_groups, LANES), out: greatest score, the least float if none is finite.
        totals: float64 (n_groups, LANES), out.
    """
    for group in range(tables.shape[0]):
        for lane in range(LANES):
            highest[group, lane] = np.finfo(np.float64).min
            totals[group, lane] = 0.0
        for first in range(0, codes.shape[0], BLOCK):
            rows = min(BLOCK, codes.shape[0] - first)
            for lane in range(LANES):
                part[lane] = highest[group, lane]
            for row in range(rows):
                sum_lanes(codes, first + row, tables, group, block[row])
                if populations > 1:
                    _keep_least(block[row], populations)
                if dead[first + row]:
                    for lane in range(LANES):
                        block[row, lane] = -np.inf
                for lane in range(LANES):
                    part[lane] = max(part[lane], block[row, lane])
            for lane in range(LANES):
                totals[group, lane] *= 10.0 ** (highest[group, lane] - part[lane])
                highest[group, lane] = part[lane]
                part[lane] = 0.0
            for row in range(rows):
                for lane in range(LANES):
                    below = block[row, lane] - highest[group, lane]
                    part[lane] += _ten_to(below if below > FAINT else FAINT)
            for lane in range(LANES):
                totals[group, lane] += part[lane]
