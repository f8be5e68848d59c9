"""What the signer keeps for itself, outside the database: a journal of all seals, and its state.

A seal is in the journal, on the disk, before it is in the database. So no position is ever sealed
twice, whenever the signer is killed; and when the database loses seals, the signer knows which.
"""

from __future__ import annotations

import fcntl
import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reunion.base.audit.heads import Head, head_from
from reunion.base.audit.rules import GENESIS, Seal
from reunion.base.audit.tree import Frontier
from reunion.base.errors import ReunionError

_RECORD = struct.Struct(">QqqH12s16s32s32s")  # pos, number, at, epoch, store, entry, leaf, mac
_PAGE = 10_000


@dataclass(eq=False)
class SignerRuns(ReunionError):
    """Another signer works on this folder: there must be one only."""

    folder: str


@dataclass(eq=False)
class StateDamaged(ReunionError):
    """The signer's state file cannot be read; with the file away the journal alone is used."""

    file: str


def write_whole(file: Path, text: str) -> None:
    """Write a file so that after any crash it is the old one or the new one."""
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(slots=True)
class State:
    """How far the signer is, once the database has it too.

    Args:
        frontier: of the tree; its size is the number of seals.
        mac: of the last seal.
        head: the last head that was signed.
        lasts: the largest id seen in each store.
        gaps: ranges of ids below that, which were not there yet when the signer passed them.
    """

    frontier: Frontier = field(default_factory=Frontier)
    mac: bytes = GENESIS
    head: Head | None = None
    lasts: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)

    def text(self) -> str:
        """For the file."""
        plain = {
            "size": self.frontier.size,
            "peaks": [peak.hex() for peak in self.frontier.peaks],
            "mac": self.mac.hex(),
            "head": self.head.as_json() if self.head else None,
            "lasts": self.lasts,
            "gaps": self.gaps,
        }
        return json.dumps(plain) + "\n"


def _state_from(text: str) -> State:
    values = json.loads(text)
    head = values["head"]
    return State(
        Frontier(int(values["size"]), [bytes.fromhex(peak) for peak in values["peaks"]]),
        bytes.fromhex(values["mac"]),
        None if head is None else head_from(head),
        {store: int(last) for store, last in values["lasts"].items()},
        {store: [(a, b, c) for a, b, c in gaps] for store, gaps in values["gaps"].items()},
    )


def read_state(folder: Path) -> State:
    """The state as it was last written; empty at the first time.

    Raises:
        StateDamaged: the file holds something else.
    """
    file = folder / "state.json"
    if not file.exists():
        return State()
    try:
        return _state_from(file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateDamaged(file=file.name) from error


class Desk:
    """The signer's folder: its lock, its journal and its state file."""

    def __init__(self, folder: Path) -> None:
        """Open the folder for the one signer that may work on it.

        Raises:
            SignerRuns: there is another one.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._lock = (folder / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise SignerRuns(folder=folder.name) from error
        self._journal = (folder / "journal").open("a+b")

    def close(self) -> None:
        """Let another signer work."""
        self._journal.close()
        self._lock.close()

    def load_state(self) -> State:
        """The state as it was last written."""
        return read_state(self._folder)

    def save_state(self, state: State) -> None:
        """Write the state, after the database has the seals that it counts."""
        write_whole(self._folder / "state.json", state.text())

    def append(self, seals: Iterable[Seal]) -> None:
        """Put seals at the end of the journal; they are on the disk when this returns."""
        self._journal.write(b"".join(_packed(seal) for seal in seals))
        self._journal.flush()
        os.fsync(self._journal.fileno())

    def cut(self, size: int) -> None:
        """Take away what a crash left half written after a number of seals."""
        self._journal.truncate(size * _RECORD.size)
        os.fsync(self._journal.fileno())

    def seals(self, pos: int = 0) -> Iterator[Seal]:
        """The seals of the journal from a position on."""
        return read_journal(self._folder, pos)


def read_journal(folder: Path, pos: int = 0) -> Iterator[Seal]:
    """The seals of a journal from a position on; a last one that is half written is left out."""
    file = folder / "journal"
    if not file.exists():
        return
    with file.open("rb") as stream:
        stream.seek(max(pos - 1, 0) * _RECORD.size)
        previous = GENESIS
        if pos > 0 and len(before := stream.read(_RECORD.size)) == _RECORD.size:
            previous = _unpacked(before, GENESIS).mac
        while data := stream.read(_RECORD.size * _PAGE):
            for start in range(0, len(data) - _RECORD.size + 1, _RECORD.size):
                seal = _unpacked(data[start : start + _RECORD.size], previous)
                previous = seal.mac
                yield seal


def _packed(seal: Seal) -> bytes:
    return _RECORD.pack(
        seal.pos,
        seal.number,
        seal.at,
        seal.epoch,
        seal.store.encode(),
        bytes.fromhex(seal.entry),
        seal.leaf,
        seal.mac,
    )


def _unpacked(data: bytes, previous: bytes) -> Seal:
    pos, number, at, epoch, store, entry, leaf, mac = _RECORD.unpack(data)
    name = store.rstrip(b"\0").decode("ascii", "replace")
    return Seal(pos, name, number, entry.hex(), leaf, epoch, previous, mac, at)


@dataclass(frozen=True, slots=True)
class KeptSeals:
    """The journal as a check of the chain reads it, while the signer may go on."""

    folder: Path

    def macs(self, first: int, until: int) -> list[bytes]:
        """The keyed hashes of the seals from a position to before another, as far as it goes."""
        data = self._read(first, until - first)
        ends = range(_RECORD.size, len(data) + 1, _RECORD.size)
        return [data[end - 32 : end] for end in ends]

    def entry(self, position: int) -> str:
        """The uuid of the entry at a position, as hexadecimal digits; empty past the end."""
        data = self._read(position, 1)
        return _unpacked(data, GENESIS).entry if len(data) == _RECORD.size else ""

    def _read(self, first: int, count: int) -> bytes:
        file = self.folder / "journal"
        if not file.exists():
            return b""
        with file.open("rb") as stream:
            stream.seek(first * _RECORD.size)
            return stream.read(count * _RECORD.size)
