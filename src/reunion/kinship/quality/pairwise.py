"""Two profiles side by side: how well no, one or two alleles of common descent explain them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.book import CodeArray, CodeBook, IntArray
from reunion.kinship.compile import Compiler
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.index import BoolArray

LEAST_CHANGE = 1e-4
"""Chance per marker that a parent and a child share no allele, where the mutation rate is smaller:
so that one mismatch excludes nobody."""


class Relation(StrEnum):
    """Relations of two persons, as far as their two genotypes can tell them apart."""

    IDENTICAL = "identical"
    PARENT_CHILD = "parent_child"
    FULL_SIBLINGS = "full_siblings"
    SECOND_DEGREE = "second_degree"
    UNRELATED = "unrelated"


TYPING_ERROR = 0.01
"""Chance that one allele of a sample is read as another one, where nothing else is stated."""


def same_person(typing_error: float) -> tuple[float, float, float]:
    """k0, k1, k2 of one person typed twice, where each allele is misread with this chance.

    A misread allele is any allele, by its frequency. An allele that is read rightly both times, of
    which the chance is (1 - e)^2, is as good as common descent; otherwise it is as good as none.

    >>> same_person(0.0)
    (0.0, 0.0, 1.0)
    """
    right = (1 - typing_error) ** 2
    return (1 - right) ** 2, 2 * right * (1 - right), right**2


SHARES = {
    Relation.IDENTICAL: same_person(TYPING_ERROR),
    Relation.PARENT_CHILD: (0.0, 1.0, 0.0),
    Relation.FULL_SIBLINGS: (0.25, 0.5, 0.25),
    Relation.SECOND_DEGREE: (0.5, 0.5, 0.0),
    Relation.UNRELATED: (1.0, 0.0, 0.0),
}
"""k0, k1, k2: the chances that two persons share 0, 1, 2 alleles by common descent."""


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """Pairs of genotypes compared; every array has one cell for each pair and marker.

    Attributes:
        typed: bool, both genotypes are wholly known.
        equal: bool, both are typed and the same.
        one: float64, P(both | one allele of common descent) / P(both | unrelated).
        two: float64, the same for two alleles; `one` and `two` are 1 where not both are typed.
    """

    typed: BoolArray
    equal: BoolArray
    one: FloatArray
    two: FloatArray

    def log10_lr(self, shares: tuple[float, float, float] | FloatArray) -> FloatArray:
        """log10 LR of a relation against "unrelated", by marker.

        Args:
            shares: k0, k1, k2, the same for all markers; or float64 (n_markers, 3).

        Returns:
            float64 of the shape of `one`; 0 where not both are typed, -inf where impossible.

        >>> both = np.array([[True]])
        >>> Sharing(both, both, np.array([[4.0]]), np.array([[16.0]])).log10_lr((0, 0.75, 0.25))
        array([[0.84509804]])
        """
        k = np.asarray(shares, dtype=np.float64)
        with np.errstate(divide="ignore"):
            law = np.log10(k[..., 0] + k[..., 1] * self.one + k[..., 2] * self.two)
        return np.where(self.typed, law, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class PairMarkers:
    """What comparing two profiles of one code book needs to know of its markers.

    Genotypes that are half known, and markers without frequencies, count as not typed. Theta is 0.

    Attributes:
        book: the code book.
        first, second: int64 (n_codes,), numbers of the two alleles over all markers, or -1.
        frequency: float64 (n_alleles,), by these numbers.
        locus: int64 (n_codes,), marker of each code.
        change: float64 (n_loci,), chance that a parent's allele arrives changed.
    """

    book: CodeBook
    first: IntArray
    second: IntArray
    frequency: FloatArray
    locus: IntArray
    change: FloatArray

    @classmethod
    def of(cls, compiler: Compiler) -> PairMarkers:
        """The markers of a compiler: its code book and its frequencies."""
        book = compiler.book
        first = np.full(book.size, -1, dtype=np.int64)
        second = first.copy()
        locus = np.zeros(book.size, dtype=np.int64)
        change = np.full(len(book.loci), LEAST_CHANGE)
        frequency: list[float] = []
        for at, (model, (_, alleles, place)) in enumerate(
            zip(compiler.models, book.blocks(), strict=True)
        ):
            locus[place] = at
            if model is None:
                continue
            change[at] = max(LEAST_CHANGE, (model.mutation.female + model.mutation.male) / 2)
            p = [float(model.frequencies.p[model.positions[allele]]) for allele in alleles]
            high, low = np.tril_indices(len(alleles))
            genotypes = slice(place.start + 1, place.start + 1 + len(high))
            is_known = np.minimum(np.array(p)[low], np.array(p)[high]) > 0 if p else low > 0
            first[genotypes] = np.where(is_known, low + len(frequency), -1)
            second[genotypes] = np.where(is_known, high + len(frequency), -1)
            frequency += p
        return cls(book, first, second, np.array(frequency or [1.0]), locus, change)

    def sharing(self, codes_1: NDArray[np.integer], codes_2: NDArray[np.integer]) -> Sharing:
        """Compare genotypes cell by cell.

        Args:
            codes_1, codes_2: codes of the book, of equal shapes; cells that face each other are
                of one marker.

        Source:
            One allele: 1/4 sum over i, j of [x_i = y_j] / p(x_i). Two: the share of the two ways to
            pair the alleles that agree, / (p(x_1) p(x_2)). Thompson 1975, Weir et al. 2006.
        """
        a, b = self.first[codes_1], self.second[codes_1]
        c, d = self.first[codes_2], self.second[codes_2]
        typed = (a >= 0) & (c >= 0)
        p_a, p_b = self.frequency[a], self.frequency[b]
        one = ((0.0 + (a == c) + (a == d)) / p_a + (0.0 + (b == c) + (b == d)) / p_b) / 4
        two = (0.0 + ((a == c) & (b == d)) + ((a == d) & (b == c))) / (2 * p_a * p_b)
        equal = typed & (a == c) & (b == d)
        return Sharing(typed, equal, np.where(typed, one, 1.0), np.where(typed, two, 1.0))

    def table(self, row: CodeArray, shares: tuple[float, float, float]) -> FloatArray:
        """log10 LR of a relation to one person, by the code of the other: a table for the scan.

        Args:
            row: uint16 (n_loci,), codes of the person.
            shares: k0, k1, k2.

        Returns:
            float64 (n_codes,).
        """
        return self.sharing(row[self.locus], np.arange(self.book.size)).log10_lr(shares)

    def shares(self, relation: Relation) -> FloatArray:
        """k0, k1, k2 of a relation by marker: float64 (n_loci, 3).

        Between parent and child an allele that arrives changed counts as any allele, by frequency.
        """
        k = np.tile(SHARES[relation], (len(self.book.loci), 1))
        if relation is Relation.PARENT_CHILD:
            k[:, 0], k[:, 1] = self.change, 1 - self.change
        return k
