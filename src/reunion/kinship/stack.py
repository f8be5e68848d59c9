"""Compiled tables of many families, laid out for the scan: eight side by side, code by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

import numpy as np

from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import FloatArray

LANES = 8
"""Tables side by side: eight float64 are one cache line, and 24 markers of eight fit an L2 cache.

A family takes one lane per population, so eight populations are the most.
"""

GROUPS = 64
"""Groups of lanes in one batch: 512 tables, 18 MB at 24 markers."""

FamilyTables: TypeAlias = FloatArray | Sequence[FloatArray]
"""log10 LR of one family by code: one table (n_codes,), or one for each population."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Families that are scanned in one go; all have equally many populations.

    Attributes:
        first: position of the first family among all.
        families: how many.
        populations: tables of each family.
        tables: float64, 64-byte aligned, of shape (n_groups, n_codes, LANES): table p of the
            f-th family of a group lies in lane `p * width + f`, and lanes without a table hold
            0. One table alone: of shape (n_codes,).
    """

    first: int
    families: int
    populations: int
    tables: FloatArray

    @property
    def width(self) -> int:
        """Families of one group."""
        return LANES // self.populations


@dataclass(frozen=True, slots=True, eq=False)
class TableStack:
    """Prepared tables: laid out once, searched many times, such as for each new profile.

    Takes as much memory as the tables themselves: 35 KB a table at 24 markers, 3.5 GB for 100,000
    families with one population. Families with 3, 5, 6 or 7 populations leave lanes empty, and
    take up to a third more (5 populations: 60 % more).

    Args:
        families: tables of each family; entries may be -inf, never NaN.
        size: number of codes, the length of each table (`book.size`).
        version: of the code book of the tables.

    Raises:
        ValueError: a table of another shape or dtype, or with a NaN.
        BadSetting: more than eight populations.

    >>> stack = TableStack([np.zeros(9), np.ones(9)], size=9, version="4f2a")
    >>> len(stack), stack.batches[0].tables.shape
    (2, (1, 9, 8))
    """

    families: int = field(init=False)
    batches: tuple[Batch, ...] = field(init=False, repr=False)
    size: int
    version: str

    def __init__(self, families: Sequence[FamilyTables], *, size: int, version: str) -> None:
        """Lay the tables out."""
        object.__setattr__(self, "families", len(families))
        object.__setattr__(self, "batches", tuple(batches(families, size)))
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "version", version)

    def __len__(self) -> int:
        """Number of families."""
        return self.families


def batches(families: Sequence[FamilyTables], size: int) -> Iterator[Batch]:
    """The families in batches, each laid out only when it is asked for."""
    first = 0
    checked = (_checked(tables, size, at) for at, tables in enumerate(families))
    for populations, run in groupby(checked, key=len):
        most = GROUPS * (LANES // populations)
        while members := [tables for tables, _ in zip(run, range(most), strict=False)]:
            yield Batch(first, len(members), populations, _interleaved(members, size))
            first += len(members)


def _checked(tables: FamilyTables, size: int, at: int) -> FloatArray:
    """Tables of one family as float64 (n_populations, n_codes), whatever was given."""
    array = np.asarray(tables)
    if array.ndim == 1:
        array = array[None]
    if array.dtype != np.float64 or array.ndim != 2 or not len(array) or array.shape[1] != size:
        raise ValueError(f"tables of family {at}: float64 of shape (n, {size}) is wanted")
    if len(array) > LANES:
        raise BadSetting(setting="populations", reason=f"{len(array)} given, at most {LANES}")
    if np.isnan(array).any():
        raise ValueError(f"tables of family {at}: an entry is NaN")
    return array


def _interleaved(members: Sequence[FloatArray], size: int) -> FloatArray:
    """The layout that `Batch.tables` describes."""
    populations = len(members[0])
    if len(members) == 1 and populations == 1:
        return np.ascontiguousarray(members[0][0])
    width = LANES // populations
    tables = _aligned_zeros((-(-len(members) // width), size, LANES))
    for at, member in enumerate(members):
        group, lane = divmod(at, width)
        for population, table in enumerate(member):
            tables[group, :, population * width + lane] = table
    return tables


def _aligned_zeros(shape: tuple[int, ...]) -> FloatArray:
    """Zeros that start on a cache line, so that eight lanes never straddle two (976 : 702 M)."""
    count = int(np.prod(shape))
    raw = np.zeros(count + LANES, dtype=np.float64)
    start = -raw.ctypes.data % 64 // 8
    return raw[start : start + count].reshape(shape)
