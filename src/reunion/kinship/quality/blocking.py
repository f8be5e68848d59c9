"""Pairs of profiles that are alike at nearly all loci, found without comparing every two.

The loci are dealt into m + 2 blocks. Two profiles that differ at no more than m loci agree wholly
in two blocks at least (each locus spoils one block), so that among the pairs of blocks there is
one in which they are equal: rows are sorted by each pair of blocks in turn, and only those with
equal keys are compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reunion.kinship._kernels import kernel
from reunion.kinship.book import CodeArray, IntArray
from reunion.kinship.index import BoolArray

KeyArray = NDArray[np.uint64]

SURELY = 1e-5
"""Chance with which one person's two profiles may differ at more loci than are tolerated."""

WIDELY_TYPED = 0.9
"""Loci typed in fewer of the profiles serve no block."""

ROOM = 1 << 16
"""Pairs that the kernel hands over at a time."""

_SOMETHING = 1e-9
"""Weight of a locus that tells nothing, so that no block stays empty for it."""

_PRIME = np.uint64(0x9E3779B97F4A7C15)


def chance_of_more(differing: int, loci: int, typing_error: float) -> float:
    """Greatest chance that one person's two profiles differ at more than so many loci.

    A locus can differ only if one of its four readings is wrong: 1 - (1 - e)^4 each, independently.

    >>> chance_of_more(8, 20, 0.01) < 2e-7
    True
    """
    wrong = 1 - (1 - typing_error) ** 4
    return math.fsum(
        math.comb(loci, n) * wrong**n * (1 - wrong) ** (loci - n)
        for n in range(differing + 1, loci + 1)
    )


def most_differing(loci: int, typing_error: float) -> int:
    """The number of differing loci that must be tolerated to miss nobody, but for `SURELY`.

    >>> most_differing(20, 0.01), most_differing(20, 0.0)
    (6, 0)
    """
    differing = 0
    while chance_of_more(differing, loci, typing_error) > SURELY:
        differing += 1
    return differing


@dataclass(frozen=True, slots=True, eq=False)
class Blocking:
    """Loci dealt into blocks.

    Two rows are compared for sure where the loci of the blocks at which they differ, or of which
    one of them is not typed, are `tolerated` at most.

    Attributes:
        order: all loci, those of the first block first; those of no block last.
        bounds: int64 (n_blocks + 1,), where each block begins in `order`.
    """

    order: tuple[int, ...]
    bounds: IntArray

    @property
    def tolerated(self) -> int:
        """Loci that may be bad."""
        return len(self.bounds) - 3

    @classmethod
    def of(cls, within: CodeArray, tolerated: int) -> Blocking | None:
        """Blocks that are about equally telling; None where the loci are too few.

        Args:
            within: uint16 (n, n_loci), genotypes numbered from 1 within each locus, 0 not typed.
            tolerated: loci that may be bad.
        """
        is_wide = np.count_nonzero(within, axis=0) >= WIDELY_TYPED * len(within)
        blocks: list[list[int]] = [[] for _ in range(tolerated + 2)]
        if np.count_nonzero(is_wide) < len(blocks):
            return None
        telling = {int(at): _telling(within[:, at]) for at in np.flatnonzero(is_wide)}
        weights = [0.0] * len(blocks)
        for locus in sorted(telling, key=lambda at: -telling[at]):
            least = weights.index(min(weights))
            blocks[least].append(locus)
            weights[least] += telling[locus] + _SOMETHING
        bounds = np.cumsum([0, *map(len, blocks)])
        rest = [int(at) for at in np.flatnonzero(~is_wide)]
        return cls((*(locus for block in blocks for locus in block), *rest), bounds)

    def pairs(
        self, within: CodeArray, *, first_new: int, fewest: int, most: int
    ) -> Iterator[tuple[IntArray, IntArray]]:
        """Rows that share `fewest` typed loci or more and differ at `most` of them or fewer.

        Each pair comes once; not all come that exceed what is tolerated.

        Args:
            within: uint16 (n, n_loci), as in `of`.
            first_new: pairs of two rows before this one are left out.
            fewest: typed in both.
            most: at which both are typed and differ.

        Yields:
            (rows, other rows), int64, equally long; the lower row of a pair comes first.
        """
        codes = np.ascontiguousarray(within[:, list(self.order)])
        keys, whole = self._keys(codes)
        blocks = range(len(self.bounds) - 1)
        pairs = np.empty((ROOM, 2), dtype=np.int64)
        for first, second in combinations(blocks, 2):
            rows = np.flatnonzero(whole[first] & whole[second])
            key = keys[first][rows] * _PRIME + keys[second][rows]
            rows = rows[np.argsort(key)]
            key = np.sort(key)
            sorted_codes = codes[rows]
            at, other = 0, 1
            while at < len(rows):
                count, at, other = _similar(
                    sorted_codes, key, rows, self.bounds, first, second,
                    first_new, fewest, most, at, other, pairs,
                )  # fmt: skip
                met = np.sort(pairs[:count], axis=1)
                yield met[:, 0], met[:, 1]

    def _keys(self, codes: CodeArray) -> tuple[list[KeyArray], list[BoolArray]]:
        """Per block, a key of each row (equal for equal genotypes), and whether it is all typed."""
        keys: list[KeyArray] = []
        whole: list[BoolArray] = []
        for start, stop in zip(self.bounds[:-1], self.bounds[1:], strict=True):
            key = np.zeros(len(codes), dtype=np.uint64)
            for column in range(start, stop):
                key = key * _PRIME + codes[:, column].astype(np.uint64)
            keys.append(key)
            is_whole: BoolArray = np.all(codes[:, start:stop] > 0, axis=1)
            whole.append(is_whole)
        return keys, whole


def _telling(column: CodeArray) -> float:
    """-log of the chance that two profiles agree at a locus."""
    counts = np.bincount(column[column > 0])
    shares = counts / max(1, int(counts.sum()))
    return -math.log(max(1e-12, float((shares**2).sum())))


@kernel
def _similar(
    codes: CodeArray,
    key: KeyArray,
    rows: IntArray,
    bounds: IntArray,
    first: int,
    second: int,
    first_new: int,
    fewest: int,
    most: int,
    at: int,
    other: int,
    pairs: IntArray,
) -> tuple[int, int, int]:
    """Pairs of equal key from (at, other) on: (how many, place to go on from).

    A pair that also agrees in earlier blocks was met with these: it counts only if `first` and
    `second` are the first two blocks in which it agrees.

    Args:
        codes: (n, n_loci), in the order of `key`, which rises; loci in the order of the blocks.
        rows: (n,), numbers of the rows.
        pairs: (room, 2), result.
    """
    count = 0
    n, n_loci = codes.shape
    n_blocks = bounds.size - 1
    while at < n:
        while other < n and key[other] == key[at]:
            if rows[at] >= first_new or rows[other] >= first_new:
                shared, differing, block, is_met = 0, 0, 0, False
                agrees = True
                for locus in range(n_loci):
                    if block < n_blocks and locus == bounds[block + 1]:
                        is_wanted = block in (first, second)
                        if block <= second and agrees != is_wanted:
                            is_met = True
                            break
                        block += 1
                        agrees = True
                    one, two = codes[at, locus], codes[other, locus]
                    if one == 0 or two == 0:
                        agrees = False
                    else:
                        shared += 1
                        if one != two:
                            agrees = False
                            differing += 1
                            if differing > most:
                                break
                if n_loci == bounds[second + 1] and not agrees:
                    is_met = True
                if not is_met and differing <= most and shared >= fewest:
                    if count == pairs.shape[0]:
                        return count, at, other
                    pairs[count, 0], pairs[count, 1] = rows[at], rows[other]
                    count += 1
            other += 1
        at += 1
        other = at + 1
    return count, at, other
