"""Whether two profiles are one person's, typed twice with errors, or of strangers or siblings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reunion.kinship.book import CodeArray
from reunion.kinship.compile import Compiler
from reunion.kinship.errors import BadSetting, VersionMismatch
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.quality.blocking import most_differing
from reunion.kinship.quality.pairwise import (
    SHARES,
    TYPING_ERROR,
    PairMarkers,
    Relation,
    same_person,
)
from reunion.kinship.quality.severity import Severity
from reunion.kinship.search import People


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """When two profiles are reported as those of one person.

    Args:
        typing_error: chance that one allele is read as another one, 0 to 0.05.
        fewest_shared: loci typed in both; two profiles equal at all of so many are always reported.
        twice: share of the samples that are expected to be there twice: the prior.
        odds: log10 of the posterior odds against "unrelated" from which a pair is reported.
        against_siblings: log10 LR against full siblings from which a pair is reported.
        certain: the same from which siblings are out of the question.
    """

    typing_error: float = TYPING_ERROR
    fewest_shared: int = 10
    twice: float = 1e-3
    odds: float = 1.0
    against_siblings: float = -2.0
    certain: float = 2.0

    def __post_init__(self) -> None:
        """Refuse an error rate at which siblings and typing errors look alike."""
        if not 0 <= self.typing_error <= 0.05:
            raise BadSetting(
                setting="typing error", reason=f"{self.typing_error} is not from 0 to 0.05"
            )

    def least_log10_lr(self, people: int) -> float:
        """log10 LR against "unrelated" from which a pair among so many people is reported.

        >>> round(DuplicateRule().least_log10_lr(1_000_000), 6)
        10.0
        """
        return math.log10(max(1, people) / self.twice) + self.odds


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two samples that seem to be of one person.

    Attributes:
        shared: markers typed in both.
        differing: markers at which they differ.
        log10_lr: one person typed twice, against unrelated people.
        log10_lr_siblings: the same against full siblings.
        is_certain: full siblings are out of the question; identical twins never are.
    """

    samples: tuple[str, str]
    shared: int
    differing: tuple[str, ...]
    log10_lr: float
    log10_lr_siblings: float
    is_certain: bool

    @property
    def severity(self) -> Severity:
        """A person should look: one person may well have given two samples."""
        return Severity.LOOK


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Weighs pairs: by how much which of them are one person's."""

    markers: PairMarkers
    rule: DuplicateRule
    least: float
    tolerated: int

    @classmethod
    def of(cls, people: People, compiler: Compiler, rule: DuplicateRule, known: int) -> Judge:
        """A judge for people who are compared with so many known ones."""
        if compiler.book.version != people.book.version:
            raise VersionMismatch(
                what="the compiler", found=compiler.book.version, expected=people.book.version
            )
        markers = PairMarkers.of(compiler)
        loci = sum(model is not None for model in compiler.models)
        tolerated = most_differing(loci, rule.typing_error)
        return cls(markers, rule, rule.least_log10_lr(known), tolerated)

    def table(self, row: CodeArray) -> tuple[FloatArray, float]:
        """For the scan: the table of a person, and a floor below which nothing is reported."""
        shares = same_person(self.rule.typing_error)
        table = self.markers.table(row, shares)
        # The least log10 LR of a profile that equals this one at the fewest loci that count.
        itself = np.sort(table[row][self.markers.first[row] >= 0])
        fewest = self.rule.fewest_shared
        same = float(itself[:fewest].sum()) if len(itself) >= fewest else np.inf
        # A little lower, since the sums run in another order.
        return table, min(self.least, same) - 1e-6

    def duplicates(
        self, codes_1: CodeArray, codes_2: CodeArray
    ) -> Iterator[tuple[int, int, tuple[str, ...], float, float]]:
        """Of the pairs that are reported: which, loci shared, those that differ, both log10 LR.

        Args:
            codes_1, codes_2: uint16 (n, n_loci).
        """
        rule, sharing = self.rule, self.markers.sharing(codes_1, codes_2)
        shared = sharing.typed.sum(axis=1)
        differs = sharing.typed & ~sharing.equal
        same = sharing.log10_lr(same_person(rule.typing_error)).sum(axis=1)
        against = same - sharing.log10_lr(SHARES[Relation.FULL_SIBLINGS]).sum(axis=1)
        differing = differs.sum(axis=1)
        is_told = (same >= self.least) & (against >= rule.against_siblings)
        is_told &= differing <= self.tolerated
        is_told = (is_told | (differing == 0)) & (shared >= rule.fewest_shared)
        loci = np.array(self.markers.book.loci)
        for at in np.flatnonzero(is_told).tolist():
            yield (
                at,
                int(shared[at]),
                tuple(loci[differs[at]].tolist()),
                float(same[at]),
                float(against[at]),
            )

    def within(self, codes: CodeArray) -> CodeArray:
        """Genotypes numbered from 1 within their locus, 0 if not wholly known: as `codes`."""
        markers = self.markers
        number = np.arange(markers.book.size) - markers.book.offsets[markers.locus]
        return np.where(markers.first >= 0, number, 0).astype(np.uint16)[codes]
