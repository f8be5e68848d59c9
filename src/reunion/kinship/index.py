"""The index: the codes of all profiles, derived from the records and rebuilt whenever in doubt.

A snapshot, immutable and sorted by id, is mapped from disk; what was added since stands in a tail
in memory; what was deleted is marked dead. It holds no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reunion.kinship import _snapshot
from reunion.kinship.book import CodeArray, CodeBook, IntArray
from reunion.kinship.errors import DuplicateProfile, SnapshotFault, UnknownProfile, VersionMismatch

Number = TypeVar("Number", np.uint16, np.int64)
BoolArray = NDArray[np.bool_]

CHUNK = 65_536
"""Profiles that are copied at a time when a snapshot is written."""

SPARE = 4_096
"""Least spare capacity of the tail, in profiles; it doubles when it is full."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Rows of an index that lie together in memory.

    Attributes:
        first_row: number of the first row in the whole index.
        codes: uint16 (n, n_loci), read-only.
        ids: int64 (n,).
        dead: bool (n,), True where the profile was deleted.
    """

    first_row: int
    codes: CodeArray
    ids: IntArray
    dead: BoolArray

    def __len__(self) -> int:
        """Number of rows, dead ones included."""
        return len(self.codes)

    def part(self, start: int, stop: int) -> Segment:
        """The rows from `start` to `stop`, without copying."""
        which = slice(start, stop)
        return Segment(self.first_row + start, self.codes[which], self.ids[which], self.dead[which])


class Index:
    """Codes and ids of all living profiles of one code book.

    One thread writes; a search that runs meanwhile sees the rows that were there when it began.

    Attributes:
        book: the code book that the codes are of.
        last_sequence: number of the last change of the records that is in here.

    >>> book = CodeBook(("TPOX",), (("8", "11"),))
    >>> index = Index.build(book, np.array([[2], [1]], dtype=np.uint16), np.array([7, 5]))
    >>> index.append(np.array([[3]], dtype=np.uint16), np.array([9]))
    >>> index.delete(np.array([7]))
    >>> len(index), [segment.ids.tolist() for segment in index.segments()]
    (2, [[5, 7], [9]])
    """

    def __init__(
        self,
        book: CodeBook,
        codes: CodeArray,
        ids: IntArray,
        *,
        last_sequence: int,
        is_checked: bool,
    ) -> None:
        """For `build` and `open`: ids that rise; `is_checked`: whether the codes were looked at."""
        self.book = book
        self.last_sequence = last_sequence
        self._set_base(codes, ids, is_checked=is_checked)

    def _set_base(self, codes: CodeArray, ids: IntArray, *, is_checked: bool) -> None:
        self._is_checked = is_checked
        self._base = Segment(0, read_only(codes), ids, np.zeros(len(ids), dtype=np.bool_))
        self._tail_codes: CodeArray = np.empty((0, codes.shape[1]), dtype=np.uint16)
        self._tail_ids: IntArray = np.empty(0, dtype=np.int64)
        self._tail_dead: BoolArray = np.empty(0, dtype=np.bool_)
        self._tail_size = 0
        self._deleted = 0
        self._highest_id = int(ids[-1]) if len(ids) else np.iinfo(np.int64).min
        self._tail_rows: dict[int, int] = {}
        self._tail_rows_known = 0

    @classmethod
    def build(
        cls, book: CodeBook, codes: CodeArray, ids: IntArray, *, last_sequence: int = 0
    ) -> Index:
        """An index of these profiles.

        Args:
            book: the code book of the codes.
            codes: uint16 (n, n_loci); kept, not copied, where the ids rise: do not write to it.
            ids: int64 (n,), each once, in any order; kept like the codes.
            last_sequence: number of the last change of the records among them.

        Raises:
            UnknownCode: a code that the book does not give to its locus.
            DuplicateProfile: an id stands twice.
            ValueError: wrong shape or dtype.
        """
        _check_ids(codes, ids)
        book.check(codes)
        if not _is_rising(ids):
            order = np.argsort(ids, kind="stable")
            ids, codes = ids[order], codes[order]
            _check_distinct(ids)
        return cls(
            book,
            np.ascontiguousarray(codes),
            np.ascontiguousarray(ids),
            last_sequence=last_sequence,
            is_checked=True,
        )

    @classmethod
    def open(cls, folder: Path, *, verify: bool = False) -> Index:
        """The index of a snapshot, mapped from disk: read as far as it is searched.

        Args:
            folder: where `save` put it.
            verify: read all of it, compare the sha256 sums, check codes and ids.

        Raises:
            SnapshotFault: a file is missing, truncated, or does not go with the others; with
                `verify`, also where a byte has changed.
        """
        content = _snapshot.read(folder, verify=verify)
        if verify and not _is_rising(content.ids):
            raise SnapshotFault(folder=folder, file="ids", reason="the ids do not rise")
        index = cls(
            content.book,
            content.codes,
            content.ids,
            last_sequence=content.last_sequence,
            is_checked=False,
        )
        if verify:
            index.segments()
        return index

    def save(self, folder: Path) -> None:
        """Write the living profiles as a snapshot; whoever opens it meets the old or the new one.

        One process may save into a folder at a time; others wait. The snapshot before this one is
        kept until the next save, for those who are about to open it.

        Args:
            folder: made where it is missing; its parent exists.
        """
        rows = self._living()
        chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
        _snapshot.write(
            folder,
            book=self.book,
            last_sequence=self.last_sequence,
            profiles=len(rows),
            codes=(self._codes_at(chunk) for chunk in chunks),
            ids=(self._ids_at(chunk) for chunk in chunks),
        )

    def __len__(self) -> int:
        """Number of living profiles."""
        return len(self._base) + self._tail_size - self._deleted

    def segments(self) -> tuple[Segment, ...]:
        """All rows, dead ones included, in at most two pieces; nothing is copied.

        Raises:
            UnknownCode: a snapshot holds a code that its book does not give to the locus. It is
                looked for when the segments are first asked for, as no search checks bounds.
        """
        if not self._is_checked:
            self.book.check(self._base.codes)
            self._is_checked = True
        return tuple(segment for segment in (self._base, self._tail()) if len(segment))

    def append(
        self,
        codes: CodeArray,
        ids: IntArray,
        *,
        version: str | None = None,
        last_sequence: int | None = None,
    ) -> None:
        """Add profiles; all of them or, after an error, none.

        Args:
            codes: uint16 (n, n_loci).
            ids: int64 (n,), none of them living in the index.
            version: of the code book of the codes, where the caller knows it.
            last_sequence: number of the last change of the records that is now in here.

        Raises:
            VersionMismatch: the codes are of another code book.
            UnknownCode: a code that the book does not give to its locus.
            DuplicateProfile: an id is in the index already, or stands twice.
            ValueError: wrong shape or dtype.
        """
        if version is not None and version != self.book.version:
            raise VersionMismatch(what="a profile", found=version, expected=self.book.version)
        _check_ids(codes, ids)
        self.book.check(codes)
        if len(ids):
            self._check_new(ids)
            stop = self._tail_size + len(ids)
            self._reserve(stop)
            self._tail_codes[self._tail_size : stop] = codes
            self._tail_ids[self._tail_size : stop] = ids
            self._tail_size = stop
            self._highest_id = max(self._highest_id, int(ids.max()))
        if last_sequence is not None:
            self.last_sequence = last_sequence

    def delete(self, ids: IntArray, *, last_sequence: int | None = None) -> None:
        """Mark profiles as dead; all of them or, after an error, none.

        Raises:
            UnknownProfile: an id that is not in the index, or stands twice.
        """
        wanted = ids.tolist()
        rows = [self._row(id_) for id_ in wanted]
        if len(set(wanted)) < len(wanted) or -1 in rows:
            seen: set[int] = set()
            for id_, row in zip(wanted, rows, strict=True):
                if row < 0 or id_ in seen:
                    raise UnknownProfile(id=id_)
                seen.add(id_)
        for id_, row in zip(wanted, rows, strict=True):
            if row < len(self._base):
                self._base.dead[row] = True
            else:
                self._tail_dead[row - len(self._base)] = True
                del self._tail_rows[id_]
        self._deleted += len(rows)
        if last_sequence is not None:
            self.last_sequence = last_sequence

    def compact(self) -> None:
        """Move the tail into the base, sorted, and drop the dead; row numbers change.

        The base is then in memory; to have it mapped from disk, save and open.
        """
        rows = self._living()
        self._set_base(self._codes_at(rows), self._ids_at(rows), is_checked=self._is_checked)

    def _tail(self) -> Segment:
        """The rows that were appended."""
        size = self._tail_size
        codes = read_only(self._tail_codes[:size])
        return Segment(len(self._base), codes, self._tail_ids[:size], self._tail_dead[:size])

    def _reserve(self, rows: int) -> None:
        """Make room for so many rows in the tail; running searches keep the old arrays."""
        if rows <= len(self._tail_ids):
            return
        room = max(SPARE, 2 * rows)
        tail = self._tail()
        self._tail_codes = np.empty((room, tail.codes.shape[1]), dtype=np.uint16)
        self._tail_ids = np.empty(room, dtype=np.int64)
        self._tail_dead = np.zeros(room, dtype=np.bool_)
        self._tail_codes[: len(tail)] = tail.codes
        self._tail_ids[: len(tail)] = tail.ids
        self._tail_dead[: len(tail)] = tail.dead

    def _check_new(self, ids: IntArray) -> None:
        """Refuse ids that live here already; at once where they only go on rising."""
        if _is_rising(ids) and ids[0] > self._highest_id:
            return
        _check_distinct(np.sort(ids))
        for id_ in ids.tolist():
            if self._row(id_) >= 0:
                raise DuplicateProfile(id=id_)

    def _row(self, id_: int) -> int:
        """Row of a living profile, or -1."""
        if self._tail_rows_known < self._tail_size:
            new = self._tail_ids[self._tail_rows_known : self._tail_size].tolist()
            self._tail_rows.update(
                zip(new, range(self._tail_rows_known, self._tail_size), strict=True)
            )
            self._tail_rows_known = self._tail_size
        if id_ in self._tail_rows:
            return len(self._base) + self._tail_rows[id_]
        row = int(np.searchsorted(self._base.ids, id_))
        if row < len(self._base) and self._base.ids[row] == id_ and not self._base.dead[row]:
            return row
        return -1

    def _living(self) -> IntArray:
        """Rows of the living profiles, by id."""
        base, tail = self._base, self._tail()
        rows = np.flatnonzero(np.concatenate([~base.dead, ~tail.dead]))
        if len(tail) == 0:
            return rows
        ids = np.concatenate([base.ids[~base.dead], tail.ids[~tail.dead]])
        return rows[np.argsort(ids, kind="stable")]

    def _codes_at(self, rows: IntArray) -> CodeArray:
        """A copy of the codes of these rows."""
        return _taken(self._base.codes, self._tail_codes, rows)

    def _ids_at(self, rows: IntArray) -> IntArray:
        """A copy of the ids of these rows."""
        return _taken(self._base.ids, self._tail_ids, rows)


def _taken(base: NDArray[Number], tail: NDArray[Number], rows: IntArray) -> NDArray[Number]:
    """Rows of two arrays that follow on each other."""
    is_base = rows < len(base)
    if is_base.all():
        return base[rows]
    taken = np.empty((len(rows), *base.shape[1:]), dtype=base.dtype)
    taken[is_base] = base[rows[is_base]]
    taken[~is_base] = tail[rows[~is_base] - len(base)]
    return taken


def read_only(codes: CodeArray) -> CodeArray:
    """A view that cannot be written to, so that one compiled form of a kernel fits all codes."""
    view = codes.view()
    view.flags.writeable = False
    return view


def _check_ids(codes: CodeArray, ids: IntArray) -> None:
    """Refuse ids that do not go with the codes."""
    if ids.dtype != np.int64 or ids.shape != codes.shape[:1]:
        raise ValueError(f"ids: int64 of shape ({len(codes)},) is wanted")


def _check_distinct(ordered: IntArray) -> None:
    """Refuse ids in order, two of which are equal."""
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(same):
        raise DuplicateProfile(id=int(ordered[same[0]]))


def _is_rising(ids: IntArray) -> bool:
    """Whether each id is greater than the one before."""
    return bool((ids[1:] > ids[:-1]).all())
