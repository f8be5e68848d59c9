"""What the checks look at: samples with their profiles, and families whose persons gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reunion.kinship.book import CodeArray
from reunion.kinship.compile import Family
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.pedigree import Sex
from reunion.kinship.search import People


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Everybody's profiles, relatives and all others.

    Args:
        people: names and codes.
        sexes: what the sex marker shows, by sample.
        plates: the plate on which a sample was typed, where that is known.
    """

    people: People
    sexes: Mapping[str, Sex] = field(default_factory=dict)
    plates: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Note the row of each sample."""
        rows = {name: row for row, name in enumerate(self.people.names)}
        object.__setattr__(self, "rows", rows)

    def codes(self, sample: str) -> CodeArray:
        """The codes of a sample: uint16 (n_loci,)."""
        codes: CodeArray = self.people.codes[self.rows[sample]]
        return codes

    def profile(self, sample: str) -> Profile:
        """The genotypes of a sample by locus, without those not typed."""
        book = self.people.book
        genotypes: dict[str, Genotype] = {}
        for at, (locus, code) in enumerate(zip(book.loci, self.codes(sample), strict=True)):
            genotype = book.genotype(at, int(code))
            if genotype is not None:
                genotypes[locus] = genotype
        return genotypes


@dataclass(frozen=True, slots=True, eq=False)
class SampledFamily:
    """A family, and which sample each typed person gave."""

    family: Family
    samples: Mapping[str, str]
