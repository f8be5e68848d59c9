"""A witness: a unit that signs a head only after checking that it continues the last one it saw."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from reunion.base.audit.heads import Head, Signature, is_genuine, sign_as_witness
from reunion.base.audit.journal import write_whole
from reunion.base.audit.trail import Trail, read_heads
from reunion.base.audit.tree import consistency, is_consistent, root_of
from reunion.base.errors import ReunionError


@dataclass(eq=False)
class WitnessRefuses(ReunionError):
    """The head does not continue what the witness saw last, or is not signed as it must be."""

    reason: str
    seen: int
    offered: int


def witness(trail: Trail, *, unit: str, seed: bytes, seen_file: Path) -> Signature:
    """Check the newest head of a trail, keep it as the last one seen, and sign it.

    The head is kept before the signature is given away: a witness that forgot what it signed could
    be made to sign two histories.

    Args:
        seed: the witness's own private key, 32 bytes.
        seen_file: where the witness keeps the last head; at the first time it is not there.

    Raises:
        WitnessRefuses: names what does not fit.
        BadTrail: the file of the last head holds something else.
    """
    seen = read_heads([seen_file])[0] if seen_file.exists() else None
    last = seen.size if seen else 0
    if not trail.heads:
        raise WitnessRefuses("no_head", last, 0)
    head = trail.heads[-1]
    if reason := _objection(trail, head, seen):
        raise WitnessRefuses(reason, last, head.size)
    write_whole(seen_file, json.dumps(head.as_json()) + "\n")
    return sign_as_witness(head, unit, seed)


def _objection(trail: Trail, head: Head, seen: Head | None) -> str:
    """Why the head must not be signed; empty: nothing speaks against it."""
    leaves = trail.leaves[: head.size]
    if not is_genuine(head):
        return "not_signed"
    if len(leaves) < head.size:
        return "leaves_missing"
    if root_of(leaves) != head.root:
        return "root_differs"
    if seen is None:
        return ""
    if head.size < seen.size:
        return "shorter_than_seen"
    if not _is_same_signer(trail, seen, head):
        return "key_not_announced"
    proof = consistency(leaves, seen.size)
    continues = is_consistent(seen.size, seen.root, head.size, head.root, proof)
    return "" if continues else "history_changed"


def _is_same_signer(trail: Trail, seen: Head, head: Head) -> bool:
    """Whether each key from the one last seen on was announced by the one before."""
    key, is_later = seen.announces or seen.public_key, False
    for other in trail.heads:
        if is_later and other.public_key == key and is_genuine(other) and other != head:
            key = other.announces or key
        is_later |= other == seen
    return head.public_key == key or head == seen


def seed_of(file: Path) -> bytes:
    """The private key of a witness from its own file, 32 bytes; made at the first time."""
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(32))
            stream.flush()
            os.fsync(stream.fileno())
    return file.read_bytes()
