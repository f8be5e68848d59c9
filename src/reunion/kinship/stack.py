"""Compiled tables of many families, laid out for the scan: eight side by side, code by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TypeAlias

import numpy as np

from reunion.kinship.frequencies import FloatArray

LANES = 8
"""Tables side by side: eight float64 are one cache line; 24 markers of eight fit an L2 cache."""

GROUPS = 64
"""Most sets of eight tables in one batch: 512 tables, 18 MB at 24 markers."""

LEAST = float(np.finfo(np.float64).min)
"""The least finite score: a floor that keeps every row but the excluded ones (-inf)."""

FamilyTables: TypeAlias = FloatArray | Sequence[FloatArray]
"""log10 LR of one family by code: one table (n_codes,), or one for each population."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Families that are scanned in one go; all have equally many populations.

    Attributes:
        first: position of the first family among all.
        families: how many.
        populations: tables of each family.
        tables: float64, 64-byte aligned, of shape (n_groups * populations, n_codes, LANES): the
            table p of family f lies in lane `f % LANES` of `f // LANES * populations + p`; lanes
            without a family hold 0.
        alone: where the batch is one family, its tables, (populations, n_codes): they are scanned
            faster so.
    """

    first: int
    families: int
    populations: int
    tables: FloatArray
    alone: FloatArray | None

    @property
    def groups(self) -> int:
        """Sets of up to eight families."""
        return -(-self.families // LANES)

    @property
    def slice(self) -> slice:
        """Where these families stand among all."""
        return slice(self.first, self.first + self.families)


@dataclass(frozen=True, slots=True, eq=False)
class TableStack:
    """Prepared tables: laid out once, searched many times, such as for each new profile.

    Takes as much memory as the tables themselves: 35 KB a table at 24 markers, 3.5 GB for 100,000
    families with one population.

    Args:
        families: tables of each family; entries may be -inf, never NaN.
        size: number of codes, the length of each table (`book.size`).
        version: of the code book of the tables.

    Raises:
        ValueError: a table of another shape or dtype, or with a NaN.

    >>> stack = TableStack([np.zeros(9), np.ones(9)], size=9, version="4f2a")
    >>> len(stack), stack.batches[0].tables.shape
    (2, (1, 9, 8))
    """

    families: int
    size: int
    version: str
    batches: tuple[Batch, ...] = field(repr=False)

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
    checked = (checked_tables(tables, size, at) for at, tables in enumerate(families))
    for populations, run in groupby(checked, key=len):
        most = max(1, GROUPS // populations) * LANES
        while members := list(islice(run, most)):
            alone = np.ascontiguousarray(members[0]) if len(members) == 1 else None
            yield Batch(first, len(members), populations, _interleaved(members, size), alone)
            first += len(members)


def checked_tables(tables: FamilyTables, size: int, at: int) -> FloatArray:
    """Tables of one family as float64 (n_populations, n_codes), whatever was given."""
    array = np.asarray(tables)
    if array.ndim == 1:
        array = array[None]
    if array.dtype != np.float64 or array.ndim != 2 or not len(array) or array.shape[1] != size:
        raise ValueError(f"tables of family {at}: float64 of shape (n, {size}) is wanted")
    if np.isnan(array).any():
        raise ValueError(f"tables of family {at}: an entry is NaN")
    return array


def _interleaved(members: Sequence[FloatArray], size: int) -> FloatArray:
    """The layout that `Batch.tables` describes."""
    populations = len(members[0])
    tables = _aligned_zeros((-(-len(members) // LANES) * populations, size, LANES))
    for at, member in enumerate(members):
        group, lane = divmod(at, LANES)
        for population, table in enumerate(member):
            tables[group * populations + population, :, lane] = table
    return tables


def _aligned_zeros(shape: tuple[int, ...]) -> FloatArray:
    """Zeros that start on a cache line, so that no set of eight lanes straddles two."""
    count = int(np.prod(shape))
    raw = np.zeros(count + LANES, dtype=np.float64)
    start = -raw.ctypes.data % 64 // 8
    return raw[start : start + count].reshape(shape)
