"""A snapshot on disk: two arrays and the manifest that names them.

The manifest is what counts: it is replaced by an atomic rename when the arrays that it names are
safely on disk, so that a crash at any moment leaves the old snapshot or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.book import CodeArray, CodeBook, IntArray
from reunion.kinship.errors import BadBook, SnapshotFault

Number = TypeVar("Number", np.uint16, np.int64)

MANIFEST = "manifest.json"
FORMAT = 1


class _File(TypedDict):
    """One array as the manifest describes it."""

    name: str
    bytes: int
    sha256: str


class _Manifest(TypedDict):
    """What `manifest.json` holds."""

    format: int
    generation: int
    version: str
    loci: list[str]
    alleles: list[list[str]]
    profiles: int
    last_sequence: int
    codes: _File
    ids: _File


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a snapshot holds; the arrays are mapped from disk, read-only.

    `codes`: uint16 (n, n_loci); `ids`: int64 (n,); `fingerprint`: a hash of the book and of both
    arrays, as the manifest has them.
    """

    book: CodeBook
    codes: CodeArray
    ids: IntArray
    last_sequence: int
    fingerprint: str


def write(
    folder: Path,
    *,
    book: CodeBook,
    last_sequence: int,
    profiles: int,
    codes: Iterable[CodeArray],
    ids: Iterable[IntArray],
) -> None:
    """Write a snapshot of so many profiles, whose codes and ids come in pieces."""
    if not folder.is_dir():
        folder.mkdir()
        with _opened(folder.parent) as parent:
            os.fsync(parent)
    with _opened(folder) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            current = _read_manifest(folder)
        except SnapshotFault:
            current = None  # there is none, or a rebuilt index takes the place of a damaged one
        _remove_others(folder, current)
        generation = current["generation"] + 1 if current else 1
        manifest = _Manifest(
            format=FORMAT,
            generation=generation,
            version=book.version,
            loci=list(book.loci),
            alleles=[list(names) for names in book.alleles],
            profiles=profiles,
            last_sequence=last_sequence,
            codes=_write_array(
                folder / f"codes-{generation}.npy", np.uint16, (profiles, len(book.loci)), codes
            ),
            ids=_write_array(folder / f"ids-{generation}.npy", np.int64, (profiles,), ids),
        )
        new = folder / f"{MANIFEST}.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump(manifest, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.fsync(handle)
        new.replace(folder / MANIFEST)
        os.fsync(handle)


def read(folder: Path, *, verify: bool) -> Content:
    """The snapshot of a folder; SnapshotFault where it is not whole."""
    manifest = _read_manifest(folder)
    try:
        book = CodeBook(tuple(manifest["loci"]), tuple(map(tuple, manifest["alleles"])))
    except BadBook as error:
        raise SnapshotFault(folder=folder, file=MANIFEST, reason=str(error)) from error
    if book.version != manifest["version"]:
        reason = f"its code book is {book.version}, it says {manifest['version']}"
        raise SnapshotFault(folder=folder, file=MANIFEST, reason=reason)
    shape = (manifest["profiles"], len(book.loci))
    codes = _mapped(folder, manifest["codes"], np.uint16, shape, verify)
    ids = _mapped(folder, manifest["ids"], np.int64, shape[:1], verify)
    parts = f"{book.version} {manifest['codes']['sha256']} {manifest['ids']['sha256']}"
    fingerprint = hashlib.sha256(parts.encode()).hexdigest()
    return Content(book, codes, ids, manifest["last_sequence"], fingerprint)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A handle on a folder, to lock it and to bring its list of files to disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _remove_others(folder: Path, current: _Manifest | None) -> None:
    """Remove arrays of earlier snapshots and of saves that were cut short."""
    kept = {current["codes"]["name"], current["ids"]["name"]} if current else set()
    for pattern in ("codes-*.npy", "ids-*.npy"):
        for path in folder.glob(pattern):
            if path.name not in kept:
                path.unlink()


def _write_array(
    path: Path,
    kind: type[Number],
    shape: tuple[int, ...],
    pieces: Iterable[NDArray[Number]],
) -> _File:
    """Write an `.npy` file piece by piece, down to the disk."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header,
        {"descr": np.dtype(kind).newbyteorder("<").str, "fortran_order": False, "shape": shape},
    )
    digest = hashlib.sha256(header.getbuffer())
    with path.open("wb") as file:
        file.write(header.getbuffer())
        for piece in pieces:
            data = np.ascontiguousarray(piece).data
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
        return _File(name=path.name, bytes=file.tell(), sha256=digest.hexdigest())


def _read_manifest(folder: Path) -> _Manifest:
    """The manifest, with every field there and of its kind."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SnapshotFault(folder=folder, file=MANIFEST, reason="it is missing") from error
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            reason = f"it has format {data['format']}, this program reads {FORMAT}"
            raise SnapshotFault(folder=folder, file=MANIFEST, reason=reason)
        return _Manifest(
            format=FORMAT,
            generation=int(data["generation"]),
            version=str(data["version"]),
            loci=[str(name) for name in data["loci"]],
            alleles=[[str(name) for name in names] for names in data["alleles"]],
            profiles=int(data["profiles"]),
            last_sequence=int(data["last_sequence"]),
            codes=_file(data["codes"]),
            ids=_file(data["ids"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        reason = f"it is damaged ({type(error).__name__}: {error})"
        raise SnapshotFault(folder=folder, file=MANIFEST, reason=reason) from error


def _file(data: dict[str, str | int]) -> _File:
    """One file of the manifest; its name may not lead out of the folder."""
    name = Path(str(data["name"])).name
    return _File(name=name, bytes=int(data["bytes"]), sha256=str(data["sha256"]))


def _mapped(
    folder: Path, file: _File, kind: type[Number], shape: tuple[int, ...], verify: bool
) -> NDArray[Number]:
    """An array mapped from disk; its length is always checked, its bytes where wanted."""

    def fault(reason: str) -> SnapshotFault:
        return SnapshotFault(folder=folder, file=file["name"], reason=reason)

    path = folder / file["name"]
    try:
        size = path.stat().st_size
        if size != file["bytes"]:
            raise fault(f"it has {size} bytes, {file['bytes']} are wanted")
        if verify:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if digest != file["sha256"]:
                raise fault(f"its sha256 is {digest}, wanted is {file['sha256']}")
        array: NDArray[Number] = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError as error:
        raise fault("it is missing") from error
    except ValueError as error:
        raise fault(f"it is damaged ({error})") from error
    if array.dtype != kind or array.shape != shape or not array.flags.c_contiguous:
        raise fault(f"it holds {array.dtype} {array.shape}, wanted is {np.dtype(kind)} {shape}")
    return array.view(np.ndarray)
