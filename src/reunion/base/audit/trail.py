"""The audit trail as a file that anyone can check, without a database and without a key.

The file has one line that says what it is, one line for each sealed entry (leaf and uuid), one for
each head, one for each signature of a witness. A leaf tells nothing of the entry: it is salted.
Standard library and cryptography only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reunion.base.audit.findings import Fault, Finding
from reunion.base.audit.heads import (
    Head,
    Signature,
    check_heads,
    check_witnesses,
    head_from,
    is_genuine,
)
from reunion.base.audit.tree import (
    consistency,
    inclusion,
    is_consistent,
    is_included,
    leaf_of,
    roots_at,
)

FORMAT = "reunion-audit-1"


class BadTrail(Exception):
    """A file is not an audit trail, a head or a list of keys; the text names line and fault."""


@dataclass(slots=True)
class Trail:
    """Leaves and uuids of all sealed entries, heads, signatures and keys of the witnesses."""

    leaves: list[bytes] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    witnesses: dict[str, bytes] = field(default_factory=dict)

    def entry_at(self, position: int) -> str:
        """The uuid of the entry at a position; empty past the end."""
        return self.entries[position] if position < len(self.entries) else ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a third party holds of its own, and checks a trail against.

    Args:
        heads: heads seen earlier, such as the last one that a witness signed.
        key: the public key that signed the first head.
        witnesses: keys of the witnesses by unit; without it those that the file names count.
        needed: how many witnesses must have signed a head.
        earlier: an earlier trail, which shows the exact place of a change.
        entry: the canonical text of an entry that must be in the trail.
    """

    heads: tuple[Head, ...] = ()
    key: bytes | None = None
    witnesses: Mapping[str, bytes] | None = None
    needed: int = 3
    earlier: Trail | None = None
    entry: bytes | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check.

    Args:
        size: sealed entries; `witnessed` of them are under a head that enough witnesses signed.
        position: place of the entry that was looked for.
    """

    findings: tuple[Finding, ...]
    size: int
    heads: int
    witnessed: int
    position: int | None = None


def check_trail(trail: Trail, held: Held) -> Verdict:
    """Check the tree, the heads, the witnesses, and what the third party holds."""
    keys = trail.witnesses if held.witnesses is None else held.witnesses
    sizes = [head.size for head in (*trail.heads, *held.heads)]
    roots = roots_at(trail.leaves, sizes)
    findings = list(check_heads(trail.heads, roots, len(trail.leaves), pinned=held.key))
    findings += _against_heads(trail, held.heads, roots)
    if held.earlier is not None:
        findings += _against_earlier(trail, held.earlier)
    witnessed, faults = check_witnesses(trail.heads, trail.signatures, keys, needed=held.needed)
    findings += faults
    position = None if held.entry is None else _position_of(held.entry, trail)
    if held.entry is not None and position is None:
        findings.append(Finding(Fault.NOT_INCLUDED))
    named = tuple(_named(finding, trail) for finding in findings)
    return Verdict(named, len(trail.leaves), len(trail.heads), witnessed, position)


def _against_heads(
    trail: Trail, heads: Sequence[Head], roots: Mapping[int, bytes]
) -> Iterator[Finding]:
    """What changed since heads that somebody kept; the place lies after the last that fits."""
    size, good = len(trail.leaves), 0
    whole = roots_at(trail.leaves, [size])[size]
    for place, head in enumerate(sorted(heads, key=lambda head: head.size)):
        if not is_genuine(head):
            yield Finding(Fault.HEAD_ALTERED, place)
        elif head.size > size:
            yield Finding(Fault.TRUNCATED, size, until=head.size)
        elif is_consistent(head.size, head.root, size, whole, consistency(trail.leaves, head.size)):
            good = head.size
        else:
            yield Finding(Fault.HISTORY_CHANGED, good, until=head.size)
            return


def _against_earlier(trail: Trail, earlier: Trail) -> Iterator[Finding]:
    """The first place at which the leaves are not those of an earlier file."""
    for position, (old, new) in enumerate(zip(earlier.leaves, trail.leaves, strict=False)):
        if old != new:
            yield Finding(Fault.HISTORY_CHANGED, position, earlier.entry_at(position))
            return
    if len(earlier.leaves) > len(trail.leaves):
        size = len(trail.leaves)
        yield Finding(Fault.TRUNCATED, size, earlier.entry_at(size), until=len(earlier.leaves))


def _position_of(entry: bytes, trail: Trail) -> int | None:
    """Where an entry stands under the last head, shown by an inclusion proof."""
    leaf = leaf_of(entry)
    if leaf not in trail.leaves or not trail.heads:
        return None
    position, head = trail.leaves.index(leaf), trail.heads[-1]
    proof = inclusion(trail.leaves[: head.size], position) if position < head.size else []
    is_there = is_included(leaf, position, head.size, proof, head.root)
    return position if is_there else None


def _named(finding: Finding, trail: Trail) -> Finding:
    """The finding with the uuid of the entry at its place, where it is about one entry."""
    about_entries = {Fault.TRUNCATED, Fault.HISTORY_CHANGED}
    if finding.entry or finding.position is None or finding.fault not in about_entries:
        return finding
    return Finding(finding.fault, finding.position, trail.entry_at(finding.position), finding.until)


def write_trail(file: Path, trail: Trail) -> None:
    """Write a trail for third parties."""
    witnesses = {unit: key.hex() for unit, key in trail.witnesses.items()}
    first = {"format": FORMAT, "leaves": len(trail.leaves), "witnesses": witnesses}
    with file.open("w", encoding="ascii") as stream:
        stream.write(json.dumps(first) + "\n")
        for leaf, entry in zip(trail.leaves, trail.entries, strict=True):
            stream.write(f"{leaf.hex()} {entry}\n")
        for head in trail.heads:
            stream.write(json.dumps({"head": head.as_json()}) + "\n")
        for signature in trail.signatures:
            stream.write(signature_line(signature) + "\n")


def read_trail(file: Path) -> Trail:
    """Read what `write_trail` wrote.

    Raises:
        BadTrail: the file is something else, or was cut.
    """
    trail, number = Trail(), 0
    try:
        with file.open(encoding="ascii") as stream:
            for number, line in enumerate(stream, 1):
                _take(trail, line, is_first=number == 1)
                if number == 1:
                    wanted = int(json.loads(line)["leaves"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadTrail(f"{file}, line {number}: not a line of an audit trail") from error
    if number == 0 or len(trail.leaves) != wanted:
        raise BadTrail(f"{file}: {len(trail.leaves)} leaves are not as many as its first line says")
    return trail


def _take(trail: Trail, line: str, *, is_first: bool) -> None:
    if not line.startswith("{"):
        leaf, entry = line.split()
        if (len(leaf), len(entry)) != (64, 32):
            raise ValueError(line)
        trail.leaves.append(bytes.fromhex(leaf))
        trail.entries.append(entry)
        return
    values = json.loads(line)
    if is_first:
        if values["format"] != FORMAT:
            raise ValueError(values["format"])
        trail.witnesses = keys_from(values["witnesses"])
    elif "head" in values and "unit" not in values:
        trail.heads.append(head_from(values["head"]))
    else:
        trail.signatures.append(signature_from(values))


def keys_from(values: Mapping[str, str]) -> dict[str, bytes]:
    """Public keys by unit, from hexadecimal digits."""
    return {unit: bytes.fromhex(key) for unit, key in values.items()}


def signature_line(signature: Signature) -> str:
    """A witness's signature as one line of JSON."""
    plain = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in asdict(signature).items()
    }
    return json.dumps(plain)


def signature_from(values: Mapping[str, str]) -> Signature:
    """What `signature_line` wrote, read again."""
    return Signature(
        bytes.fromhex(values["head"]),
        values["unit"],
        bytes.fromhex(values["public_key"]),
        bytes.fromhex(values["signature"]),
    )


def read_heads(files: Iterable[Path]) -> tuple[Head, ...]:
    """Heads that somebody kept, each in a file of its own, as a witness keeps the last one.

    Raises:
        BadTrail: a file holds something else.
    """
    heads = []
    for file in files:
        try:
            heads.append(head_from(json.loads(file.read_text(encoding="utf-8"))))
        except (ValueError, TypeError, AttributeError) as error:
            raise BadTrail(f"{file}: not a head of the audit trail") from error
    return tuple(heads)
