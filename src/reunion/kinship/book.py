"""The code book: one small integer for each genotype of each locus, the same in every table.

A code has the offset of its locus baked in, so that a family's compiled log10 LRs lie in one flat
table and the score of a profile is the sum of `table[code]` over its codes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.errors import BadBook, NotInBook, UnknownCode
from reunion.kinship.markers import Genotype

CodeArray = NDArray[np.uint16]
IntArray = NDArray[np.int64]

MOST_CODES = 65_536
"""As many as a uint16 can tell apart."""

CHECKED_AT_ONCE = 16_384
"""Rows for which `check` makes its temporary arrays, so that they stay in the cache."""


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Loci and their alleles, in the order that gives every genotype its code.

    The block of a locus with K alleles starts at its offset and holds: the code of "not typed";
    K(K+1)/2 genotypes i <= j, by position of the alleles, at `1 + j(j+1)/2 + i` (the order of
    `np.tril_indices(K)`, rows = j, columns = i); K partial genotypes a/?, whose second allele is
    not known.

    Args:
        loci: names, each once.
        alleles: per locus, names, each once; the order is part of the code.

    Attributes:
        version: hash of loci and alleles: equal books have equal versions.
        offsets: int64 of shape (n_loci + 1,), start of each block; the last one is `size`.

    Raises:
        BadBook: a name is listed twice, or there are more than 65,536 codes.

    >>> book = CodeBook(("TH01", "TPOX"), (("6", "9.3"), ("8",)))
    >>> book.size, book.code("TH01", "9.3", "6"), book.genotype(1, book.code("TPOX", "8", None))
    (9, 2, ('8', None))
    """

    loci: tuple[str, ...]
    alleles: tuple[tuple[str, ...], ...]
    version: str = field(init=False, compare=False)
    offsets: IntArray = field(init=False, repr=False, compare=False)
    _locus: dict[str, int] = field(init=False, repr=False, compare=False)
    _position: tuple[dict[str, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the names; work out version and offsets."""
        if len(self.loci) != len(self.alleles):
            raise BadBook(reason=f"{len(self.loci)} loci, alleles for {len(self.alleles)}")
        if len(set(self.loci)) < len(self.loci):
            raise BadBook(reason="a locus is listed twice")
        for locus, names in zip(self.loci, self.alleles, strict=True):
            if len(set(names)) < len(names):
                raise BadBook(reason=f"an allele of {locus} is listed twice")
        offsets = np.zeros(len(self.loci) + 1, dtype=np.int64)
        offsets[1:] = np.cumsum([_block_size(len(names)) for names in self.alleles])
        if offsets[-1] > MOST_CODES:
            raise BadBook(reason=f"{offsets[-1]} codes are wanted, at most {MOST_CODES} exist")
        offsets.flags.writeable = False
        text = json.dumps([self.loci, self.alleles], separators=(",", ":"))
        object.__setattr__(self, "version", hashlib.sha256(text.encode()).hexdigest()[:16])
        object.__setattr__(self, "offsets", offsets)
        object.__setattr__(self, "_locus", {name: at for at, name in enumerate(self.loci)})
        positions = tuple({name: at for at, name in enumerate(names)} for names in self.alleles)
        object.__setattr__(self, "_position", positions)

    @property
    def size(self) -> int:
        """Number of codes, which is the length of a table."""
        return int(self.offsets[-1])

    def missing_row(self) -> CodeArray:
        """A profile of which no locus is typed: uint16 of shape (n_loci,)."""
        return self.offsets[:-1].astype(np.uint16)

    def code(self, locus: str, allele_1: str, allele_2: str | None) -> int:
        """The code of a genotype, in either order; of a partial one where `allele_2` is None.

        Raises:
            NotInBook: the book lacks the locus or an allele.
        """
        at = self._locus_index(locus)
        first = self._allele_index(at, allele_1)
        start = int(self.offsets[at]) + 1
        if allele_2 is None:
            return start + _pairs(len(self.alleles[at])) + first
        low, high = sorted((first, self._allele_index(at, allele_2)))
        return start + _pairs(high) + low

    def genotype(self, locus_index: int, code: int) -> Genotype | None:
        """The genotype that a code stands for; None where the locus is not typed.

        Raises:
            UnknownCode: the code is not one of this locus.
        """
        names = self.alleles[locus_index]
        within = int(code) - int(self.offsets[locus_index])
        if not 0 <= within < _block_size(len(names)):
            raise UnknownCode(
                row=None, marker=self.loci[locus_index], code=code, version=self.version
            )
        if within == 0:
            return None
        pair = within - 1
        if pair >= _pairs(len(names)):
            return names[pair - _pairs(len(names))], None
        high = (isqrt(8 * pair + 1) - 1) // 2
        return names[pair - _pairs(high)], names[high]

    def blocks(self) -> Iterator[tuple[str, tuple[str, ...], slice]]:
        """Per locus: its name, its alleles, and where its codes lie in a table."""
        bounds = pairwise(self.offsets.tolist())
        for locus, names, (start, stop) in zip(self.loci, self.alleles, bounds, strict=True):
            yield locus, names, slice(start, stop)

    def check(self, codes: CodeArray) -> None:
        """Refuse a matrix with a code that is not one of its column's locus.

        Args:
            codes: uint16 of shape (n, n_loci).

        Raises:
            UnknownCode: names the first such row.
            ValueError: wrong shape or dtype.
        """
        if codes.dtype != np.uint16 or codes.ndim != 2 or codes.shape[1] != len(self.loci):
            raise ValueError(f"codes: uint16 of shape (n, {len(self.loci)}) is wanted")
        first = self.missing_row()
        widest = (np.diff(self.offsets) - 1).astype(np.uint16)
        for start in range(0, len(codes), CHECKED_AT_ONCE):
            # A code below its block wraps around, so that one comparison finds both.
            wrong = codes[start : start + CHECKED_AT_ONCE] - first > widest
            if wrong.any():
                row, at = (int(place) for place in np.argwhere(wrong)[0])
                raise UnknownCode(
                    row=start + row,
                    marker=self.loci[at],
                    code=int(codes[start + row, at]),
                    version=self.version,
                )

    def with_alleles(self, more: Mapping[str, Iterable[str]]) -> CodeBook:
        """A book with these alleles too, each new one after those that its locus has.

        >>> CodeBook(("TPOX",), (("8",),)).with_alleles({"TPOX": ["8", "11"]}).alleles
        (('8', '11'),)
        """
        alleles = list(self.alleles)
        for locus, names in more.items():
            at = self._locus_index(locus)
            alleles[at] = tuple(dict.fromkeys((*alleles[at], *names)))
        return CodeBook(self.loci, tuple(alleles))

    def _locus_index(self, locus: str) -> int:
        try:
            return self._locus[locus]
        except KeyError:
            raise NotInBook(marker=locus, what="this marker", version=self.version) from None

    def _allele_index(self, at: int, allele: str) -> int:
        try:
            return self._position[at][allele]
        except KeyError:
            raise NotInBook(
                marker=self.loci[at], what=f"allele {allele}", version=self.version
            ) from None


def remap(old: CodeBook, new: CodeBook) -> CodeArray:
    """What each code of the old book is in the new one: `lut[codes]` translates a whole matrix.

    Returns:
        uint16 of shape (old.size,).

    Raises:
        BadBook: the two books have different loci, or the same in another order.
        NotInBook: the new book lacks an allele of the old one.

    >>> old = CodeBook(("TPOX",), (("8",),))
    >>> remap(old, old.with_alleles({"TPOX": ["11"]})).tolist()
    [0, 1, 4]
    """
    if old.loci != new.loci:
        raise BadBook(reason=f"the loci of {old.version} and {new.version} differ")
    lut = np.empty(old.size, dtype=np.uint16)
    for at, (locus, _, block) in enumerate(old.blocks()):
        for code in range(block.start, block.stop):
            genotype = old.genotype(at, code)
            lut[code] = new.offsets[at] if genotype is None else new.code(locus, *genotype)
    return lut


def _pairs(alleles: int) -> int:
    """Number of genotypes of so many alleles."""
    return alleles * (alleles + 1) // 2


def _block_size(alleles: int) -> int:
    """Number of codes of a locus with so many alleles."""
    return 1 + _pairs(alleles) + alleles
