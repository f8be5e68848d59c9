"""The scan: the score of every profile for every family, exact, with only what matters kept.

The score of a profile is the sum of the family's table over its codes, locus by locus in the order
of the code book, in float64; of a family with tables for several populations, the least of their
totals. Every path (one family, batches, any number of threads, with or without numba) gives the
same bits as numpy's `s += table[codes[:, locus]]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from reunion.kinship._tasks import Adder, Hits, Keeper, Progress, engine, joined, run
from reunion.kinship.book import CodeArray
from reunion.kinship.errors import BadSetting, UnknownCode, VersionMismatch
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import Index, Segment, read_only
from reunion.kinship.stack import (
    LANES,
    LEAST,
    Batch,
    FamilyTables,
    TableStack,
    batches,
    checked_tables,
)

__all__ = [
    "Hits",
    "Progress",
    "TableStack",
    "joined",
    "lr_parts",
    "lr_sums",
    "score",
    "score_many",
    "search",
]

CHUNK = 65_536
"""Rows of one step: enough that starting it costs nothing, few enough that threads share evenly."""

FIRST_CHUNK = 1_024
"""Rows of the first step, after which the K best so far already keep most others out."""

People: TypeAlias = Index | CodeArray
"""Who is searched: an index, or codes (n, n_loci), whose ids are then the row numbers."""

Tables: TypeAlias = TableStack | Sequence[FamilyTables]
"""Families: prepared, or as a sequence, which is laid out batch by batch while it is searched."""


def score(codes: CodeArray, table: FloatArray) -> FloatArray:
    """Scores of all profiles for one table.

    Args:
        codes: uint16 (n, n_loci).
        table: float64 (n_codes,), log10 LR; 0 at the codes of untyped loci, -inf where excluded.

    Returns:
        float64 (n,), log10 LR.

    Raises:
        UnknownCode: a code beyond the table.
        ValueError: wrong shape or dtype.

    >>> score(np.array([[0, 3], [1, 4]], dtype=np.uint16), np.array([0, 0.5, 0, 0, -np.inf]))
    array([  0., -inf])
    """
    out = np.empty(len(codes), dtype=np.float64)
    (table,) = checked_tables(table, len(table), 0)
    with np.errstate(invalid="ignore"):
        engine().score_one(_checked(codes, len(table)), np.ascontiguousarray(table), out)
    return out


def score_many(codes: CodeArray, tables: Tables) -> FloatArray:
    """Scores of all profiles for all families; for small sets, as nothing is left out.

    Args:
        codes: uint16 (n, n_loci).
        tables: of each family; the least total over its populations counts.

    Returns:
        float64 (n_families, n), log10 LR.

    Raises:
        UnknownCode: a code beyond the tables.
    """
    out = np.empty((len(tables), len(codes)), dtype=np.float64)
    codes = _checked(codes, _size(tables)) if len(tables) else codes
    for batch in _batches(tables):
        lanes = np.empty((2, LANES), dtype=np.float64)
        with np.errstate(invalid="ignore"):
            engine().score_groups(codes, batch.tables, batch.populations, lanes, out[batch.slice])
    return out


def search(
    people: People,
    tables: Tables,
    *,
    threshold: float | Sequence[float] | FloatArray | None = None,
    top: int | None = None,
    weak: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Hits]:
    """The best profiles for each family.

    Args:
        people: whom to search; deleted profiles are passed over.
        tables: of each family; the least total over its populations counts.
        threshold: least score of a hit, log10 LR; one for all families, or one for each.
        top: at most so many hits per family.
        weak: where fewer than so many profiles reach the threshold, the best below it are added
            up to this number.
        threads: how many work side by side; None: one per processor.
        progress: told how far the search is.

    Returns:
        One `Hits` per family, in their order: the same whatever the number of threads. An excluded
        profile (-inf, or not a number because +inf met -inf) is never a hit.

    Raises:
        BadSetting: neither threshold nor top is given, so that every profile would be a hit.
        VersionMismatch: index and tables are of different code books.
        UnknownCode: a code beyond the tables.

    Memory:
        Of the order of the hits returned, plus 18 MB per batch of families not yet laid out; never
        families x profiles.

    >>> codes = np.array([[1], [2], [1], [0]], dtype=np.uint16)
    >>> hits, = search(codes, [np.array([0.0, 2.5, -1.0])], threshold=0.0, top=2)
    >>> hits.ids, hits.scores
    (array([0, 2]), array([2.5, 2.5]))
    """
    least = least_scores(len(tables), threshold, top, weak)
    spans = _spans(people, tables, first=FIRST_CHUNK if top is not None or weak else CHUNK)
    nothing = np.empty(0, dtype=np.int64)
    found = [Hits(nothing, nothing, np.empty(0, dtype=np.float64))] * len(tables)
    keepers = (
        Keeper(batch, least[batch.slice], top, weak, len(spans), found)
        for batch in _batches(tables)
    )
    run(keepers, spans, len(tables), threads, progress)
    return found


def least_scores(
    families: int,
    threshold: float | Sequence[float] | FloatArray | None,
    top: int | None,
    weak: int = 0,
) -> FloatArray:
    """The least score of a hit of each family, float64 (n_families,), log10 LR.

    Raises:
        BadSetting: settings with which nothing can be searched.
    """
    if threshold is None and top is None:
        raise BadSetting(setting="threshold, top", reason="give at least one of them")
    if (top is not None and top < 1) or weak < 0:
        raise BadSetting(setting="top, weak", reason="top counts from 1, weak from 0")
    least = np.broadcast_to(LEAST if threshold is None else threshold, families)
    if np.isnan(least).any():
        raise BadSetting(setting="threshold", reason="it is not a number")
    floored: FloatArray = np.maximum(least, LEAST)
    return floored


def lr_sums(
    people: People,
    tables: Tables,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> FloatArray:
    """log10 of the sum of LR over all living profiles, family by family.

    The sum that posterior probabilities of a whole search need. No term is left out: it is within
    1e-12 relative of the exact sum of `10**score`, whatever the number of threads bit for bit the
    same, and it cannot overflow. An excluded profile adds 0.

    Args:
        people: over whom the sum runs.
        tables: of each family; the least total over its populations counts.
        threads: how many work side by side; None: one per processor.
        progress: told how far it is.

    Returns:
        float64 (n_families,), log10; -inf where everybody is excluded.

    Raises:
        VersionMismatch: index and tables are of different code books.
        UnknownCode: a code beyond the tables.

    >>> lr_sums(np.array([[1], [1]], dtype=np.uint16), [np.array([0.0, 400.0])]).round(6)
    array([400.30103])
    """
    sums = np.full(len(tables), -np.inf, dtype=np.float64)

    def gathered(families: slice, highest: FloatArray, totals: FloatArray) -> None:
        sums[families] = joined(highest, totals)

    spans = _spans(people, tables, first=CHUNK)
    adders = (Adder(batch, len(spans), gathered) for batch in _batches(tables))
    run(adders, spans, len(tables), threads, progress)
    return sums


def lr_parts(
    people: People, tables: Tables, *, threads: int | None = None
) -> tuple[FloatArray, FloatArray]:
    """The sums of LR of every `CHUNK` rows, which `joined` puts together.

    Whoever sums the rows piece by piece, each piece a multiple of `CHUNK` rows but the last one,
    gets the bits of `lr_sums` from the parts of all pieces, one below the other.

    Args:
        people: over whom the sums run.
        tables: of each family; the least total over its populations counts.
        threads: how many work side by side; None: one per processor.

    Returns:
        Greatest log10 LR and sum of LR over it: both float64 (n_spans, n_families).

    Raises:
        VersionMismatch: index and tables are of different code books.
        UnknownCode: a code beyond the tables.
    """
    spans = _spans(people, tables, first=CHUNK)
    parts = np.empty((2, len(spans), len(tables)), dtype=np.float64)

    def gathered(families: slice, highest: FloatArray, totals: FloatArray) -> None:
        parts[0][:, families], parts[1][:, families] = highest, totals

    run((Adder(batch, len(spans), gathered) for batch in _batches(tables)), spans, 0, threads, None)
    return parts[0], parts[1]


def _size(tables: Tables) -> int:
    """Number of codes of the tables."""
    if isinstance(tables, TableStack):
        return tables.size
    return int(np.asarray(tables[0]).shape[-1]) if len(tables) else 0


def _batches(tables: Tables) -> Iterable[Batch]:
    """The families, laid out by now or on the way."""
    return tables.batches if isinstance(tables, TableStack) else batches(tables, _size(tables))


def _spans(people: People, tables: Tables, *, first: int) -> list[Segment]:
    """The rows in steps, the first of `first` rows, the following ones each twice as long."""
    if isinstance(people, Index):
        _check_version(people, tables)
        segments = people.segments()
    else:
        codes = _checked(people, _size(tables)) if len(tables) else people
        ids = np.arange(len(codes), dtype=np.int64)
        segments = (Segment(0, codes, ids, np.zeros(len(codes), dtype=np.bool_)),)
    spans = []
    for segment in segments:
        start = 0
        while start < len(segment):
            spans.append(segment.part(start, start + first))
            start, first = start + first, min(2 * first, CHUNK)
    return spans


def _checked(codes: CodeArray, size: int) -> CodeArray:
    """The codes, contiguous and read-only (so that one compiled form fits all), none too large."""
    if codes.dtype != np.uint16 or codes.ndim != 2:
        raise ValueError("codes: uint16 of shape (n, n_loci) is wanted")
    if codes.size and codes.max() >= size:
        row, locus = (int(at) for at in np.argwhere(codes >= size)[0])
        raise UnknownCode(
            row=row,
            marker=f"number {locus}",
            code=int(codes[row, locus]),
            version=f"with {size} codes",
        )
    return read_only(np.ascontiguousarray(codes))


def _check_version(index: Index, tables: Tables) -> None:
    """Refuse tables of another code book, as far as one can know it of bare arrays."""
    expected = index.book.version
    if isinstance(tables, TableStack) and tables.version != expected:
        raise VersionMismatch(what="a table", found=tables.version, expected=expected)
    if len(tables) and _size(tables) != index.book.size:
        found = f"with {_size(tables)} codes"
        raise VersionMismatch(what="a table", found=found, expected=expected)
