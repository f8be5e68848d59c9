"""The functions of `_scan_kernels` in numpy, for where numba is missing; scores have the same bits.

What they give back is described there.
"""

from __future__ import annotations

import numpy as np

from reunion.kinship.book import CodeArray, IntArray
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import BoolArray
from reunion.kinship.stack import LANES, LEAST

BLOCK = 256
"""Rows in one go, so that numpy's temporary arrays stay in the cache."""


def score_one(codes: CodeArray, table: FloatArray, out: FloatArray) -> None:
    """Scores of all rows for one table."""
    out[:] = 0.0
    for locus in range(codes.shape[1]):
        out += table[codes[:, locus]]


def scan_one(
    codes: CodeArray,
    dead: BoolArray,
    row: int,
    tables: FloatArray,
    floor: float,
    rows: IntArray,
    scores: FloatArray,
) -> tuple[int, int]:
    """Living rows from `row` on that reach `floor`: (how many, row to go on from)."""
    total = _least(codes[row:], tables[..., None])[:, 0]
    found = np.flatnonzero((total >= floor) & ~dead[row:])
    count = min(len(found), len(rows))
    rows[:count] = found[:count] + row
    scores[:count] = total[found[:count]]
    return count, len(codes) if count == len(found) else int(found[count]) + row


def score_groups(
    codes: CodeArray, tables: FloatArray, populations: int, lanes: FloatArray, out: FloatArray
) -> None:
    """Scores of all rows for each family; `lanes` is not used."""
    for group in range(len(tables) // populations):
        families = out[group * LANES : (group + 1) * LANES]
        families[:] = _least(codes, _of(tables, populations, group))[:, : len(families)].T


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
    """Living rows that reach the floor of a family: (how many, group and row to go on from)."""
    count = 0
    for at_group in range(group, len(floors)):
        for first in range(row, len(codes), BLOCK):
            block = slice(first, first + BLOCK)
            total = _least(codes[block], _of(tables, populations, at_group))
            found, lane = np.nonzero((total >= floors[at_group]) & ~dead[block, None])
            if count + len(found) > len(rows):
                return count, at_group, first
            new = slice(count, count + len(found))
            families[new] = at_group * LANES + lane
            rows[new] = found + first
            scores[new] = total[found, lane]
            count += len(found)
        row = 0
    return count, len(floors), 0


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
    """Sums of 10**score over living rows; `block` and `lanes` are not used."""
    for group in range(len(totals)):
        total = _least(codes[~dead], _of(tables, populations, group))
        highest[group] = np.fmax.reduce(total, axis=0, initial=LEAST)
        below = total - highest[group]
        totals[group] = np.sum(10.0 ** np.where(np.isnan(below), -np.inf, below), axis=0)


def _of(tables: FloatArray, populations: int, group: int) -> FloatArray:
    """The tables of one group: (populations, n_codes, LANES)."""
    return tables[group * populations : (group + 1) * populations]


def _least(codes: CodeArray, tables: FloatArray) -> FloatArray:
    """Least total over the populations, (n, n_lanes); `tables`: (populations, n_codes, n_lanes)."""
    least = np.full((len(codes), tables.shape[2]), np.inf, dtype=np.float64)
    for table in tables:
        total = np.zeros_like(least)
        for locus in range(codes.shape[1]):
            total += table[codes[:, locus]]
        least = np.where((total < least) | (total != total), total, least)
    return least
