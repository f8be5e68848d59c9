"""The hash tree over all sealed entries: anyone can check with it that nothing before was changed.

A leaf is the hash of an entry; the root stands for all of them in their order. An inclusion proof
shows that an entry is under a root, a consistency proof that one root continues another.
Source: RFC 6962, 2.1; the checks of proofs as in RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""

_BLOCK = 256


def leaf_of(data: bytes) -> bytes:
    """The hash of one entry, 32 bytes."""
    return sha256(b"\x00" + data).digest()


def parent(left: bytes, right: bytes) -> bytes:
    """The hash over two neighbours, 32 bytes; the first byte keeps it from passing for a leaf."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves, in time linear in their number."""
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)  # an odd last one goes up as it is
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0] if level else EMPTY


@dataclass(slots=True)
class Frontier:
    """All that is needed to go on with a tree: the roots of its full subtrees, largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves; many at once take less time."""
        at = 0
        while at < len(leaves):
            full = self.size % _BLOCK == 0 and len(leaves) - at >= _BLOCK
            width = _BLOCK if full else 1
            self._push(root_of(leaves[at : at + width]), width)
            at += width

    def _push(self, node: bytes, width: int) -> None:
        count = self.size // width
        while count & 1:
            node = parent(self.peaks.pop(), node)
            count >>= 1
        self.peaks.append(node)
        self.size += width

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = parent(peak, node)
        return node


def roots_at(leaves: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The roots over the first leaves, for each of the sizes that there are leaves for."""
    frontier, roots = Frontier(), {}
    for size in sorted({size for size in sizes if 0 <= size <= len(leaves)}):
        frontier.extend(leaves[frontier.size : size])
        roots[size] = frontier.root()
    return roots


def _split(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return int(1 << (count - 1).bit_length() - 1)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that the leaf at an index, from 0, is under the root of all leaves."""
    proof = []
    while len(leaves) > 1:
        middle = _split(len(leaves))
        left, right = leaves[:middle], leaves[middle:]
        if index < middle:
            proof.append(root_of(right))
            leaves = left
        else:
            proof.append(root_of(left))
            leaves, index = right, index - middle
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the leaf stands at an index, from 0, of the tree of a root."""
    if not 0 <= index < size:
        return False
    node, first, last = leaf, index, size - 1
    for step in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = parent(step, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = parent(node, step)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def consistency(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """The proof that the tree of all leaves continues the tree of the first `old` ones."""
    if not 0 < old < len(leaves):
        return []
    proof, is_whole = [], True
    while old != len(leaves):
        middle = _split(len(leaves))
        left, right = leaves[:middle], leaves[middle:]
        if old <= middle:
            proof.append(root_of(right))
            leaves = left
        else:
            proof.append(root_of(left))
            leaves, old, is_whole = right, old - middle, False
    if not is_whole:
        proof.append(root_of(leaves))
    return proof[::-1]


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that a tree continues an older one."""
    if old == new:
        return old_root == new_root and not proof
    if old == 0:
        return old_root == EMPTY and not proof
    if not 0 < old < new:
        return False
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    below = above = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            below, above = parent(step, below), parent(step, above)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            above = parent(above, step)
        first, last = first >> 1, last >> 1
    return last == 0 and below == old_root and above == new_root
