"""The report of one lead as values: what was found, from what, under which settings."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import numpy as np

from reunion.kinship.compile import Compiler, Family
from reunion.kinship.distribution import LrDistribution, lr_distribution
from reunion.kinship.errors import BadSetting, UnknownProfile
from reunion.kinship.frequencies import FloatArray, FrequencyTable
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Profile
from reunion.kinship.scan import lr_sums, score_many
from reunion.kinship.search import People


@dataclass(frozen=True, slots=True)
class Input:
    """A file that the report rests on: its part, its name, its sha256."""

    part: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Amended:
    """The report that this one replaces: its number, and the sha256 of its JSON file."""

    number: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What only the outside can tell.

    Args:
        number: of this report.
        date: of this report.
        inputs: the files that were read.
        samples: sample by relative.
        prior: that the sought person is among the people searched, shared equally by them.
        amends: the report that this one replaces.
        is_synthetic: whether the data belong to no real person.
    """

    number: str
    date: date
    inputs: tuple[Input, ...] = ()
    samples: Mapping[str, str] | None = None
    prior: float = 0.5
    amends: Amended | None = None
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class LinkedMarkers:
    """Markers of one chromosome that are inherited together more often than not.

    Args:
        markers: two or more, in their order on the chromosome.
        recombination: recombination fraction between each and the next.
        independent: log10 LR of all of them, as if each lay on a chromosome of its own.
        linked: log10 LR of all of them together.
    """

    markers: tuple[str, ...]
    recombination: tuple[float, ...]
    independent: float
    linked: float


@dataclass(frozen=True, slots=True)
class Linkage:
    """The groups of linked markers, and log10 LR of all markers with linkage; first table."""

    groups: tuple[LinkedMarkers, ...]
    log10_lr: float


@dataclass(frozen=True, slots=True)
class MarkerResult:
    """One marker of the lead.

    Args:
        marker: name.
        log10_lr: by table; 0 where no relative tells anything.
        is_inconsistent: whether only a mutation (or an error) explains the genotypes.
        added: by table, alleles that the rare-allele rule added.
    """

    marker: str
    log10_lr: Mapping[str, float]
    is_inconsistent: bool
    added: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the lead stands among the people searched.

    Args:
        people: how many were searched.
        rank: by the least log10 LR over the tables, 1 is the best.
        posterior: of being the sought person, given everybody else's LR.
    """

    people: int
    rank: int
    posterior: float


@dataclass(frozen=True, slots=True, eq=False)
class LeadReport:
    """Everything that the report of one lead says.

    Args:
        particulars: from outside.
        family: who searches.
        sample: of the candidate.
        profile: of the candidate, the markers that take part.
        tables: the frequency tables; the first one gives the figures where only one is named.
        models: by table, the markers that take part.
        markers: their results, in order.
        law: the exact law of log10 LR for these markers, first table.
        standing: among the people searched.
        linkage: None where it was not computed.
    """

    particulars: Particulars
    family: Family
    sample: str
    profile: Profile
    tables: tuple[FrequencyTable, ...]
    models: Mapping[str, tuple[MarkerModel, ...]]
    markers: tuple[MarkerResult, ...]
    law: LrDistribution
    standing: Standing
    linkage: Linkage | None = None

    @property
    def totals(self) -> dict[str, float]:
        """log10 LR of all markers, by table; added up in the order of the markers."""
        totals = dict.fromkeys(self.models, 0.0)
        for marker in self.markers:
            for table, value in marker.log10_lr.items():
                totals[table] += value
        return totals

    @property
    def log10_lr(self) -> float:
        """With the first table."""
        return next(iter(self.totals.values()))

    @property
    def least(self) -> tuple[str, float]:
        """The table with the least total, and that total."""
        return min(self.totals.items(), key=lambda item: item[1])

    @property
    def sensitivity(self) -> float:
        """The probability that the sought person reaches the LR of this lead, first table."""
        return 1.0 if self.log10_lr == -math.inf else self.law.sensitivity(self.log10_lr)

    @property
    def false_rate(self) -> float:
        """The same of an unrelated person."""
        return 1.0 if self.log10_lr == -math.inf else self.law.false_rate(self.log10_lr)

    @property
    def expected_false_leads(self) -> float:
        """How many of the people searched would reach this LR on average, were all unrelated."""
        return self.standing.people * self.false_rate

    @property
    def inconsistent(self) -> tuple[str, ...]:
        """Markers that only a mutation (or an error) explains."""
        return tuple(marker.marker for marker in self.markers if marker.is_inconsistent)


def lead_report(
    family: Family,
    sample: str,
    people: People,
    compilers: Sequence[Compiler],
    tables: Sequence[FrequencyTable],
    particulars: Particulars,
    *,
    linkage: Linkage | None = None,
) -> LeadReport:
    """The report of one candidate for one family.

    Args:
        family: who searches.
        sample: one of `people`.
        people: everybody who was searched.
        compilers: one for each table, over the same markers.
        tables: the frequency tables of the compilers.
        particulars: from outside.
        linkage: linked markers taken together, where somebody computed that.

    Raises:
        UnknownProfile: the sample is not among the people searched.
        BadSetting: no table, or two of one name.
        Contradiction: the relatives contradict the pedigree.
    """
    if not compilers or len({compiler.name for compiler in compilers}) < len(compilers):
        raise BadSetting(setting="frequencies", reason="tables of different names, at least one")
    if sample not in people.names:
        raise UnknownProfile(id=sample)
    row = people.names.index(sample)
    codes = people.codes[row].tolist()
    book = people.book
    log10_lr = {compiler.name: compiler.table(family) for compiler in compilers}
    plain = compilers[0].without_mutation().blocks(family)
    places = [
        at
        for at, code in enumerate(codes)
        if code != book.offsets[at] and compilers[0].models[at] is not None
    ]
    profile, markers = {}, []
    for at in places:
        genotype = book.genotype(at, codes[at])
        if genotype is not None:
            profile[book.loci[at]] = genotype
        block = plain[at]
        markers.append(
            MarkerResult(
                book.loci[at],
                {name: float(table[codes[at]]) for name, table in log10_lr.items()},
                block is None or math.isinf(block[codes[at] - book.offsets[at]]),
                {compiler.name: _added(compiler.models[at]) for compiler in compilers},
            )
        )
    laws = [law for law in compilers[0].laws(family) if law.marker in profile]
    return LeadReport(
        particulars=particulars,
        family=family,
        sample=sample,
        profile=profile,
        tables=tuple(tables),
        models={
            compiler.name: tuple(m for at in places if (m := compiler.models[at]) is not None)
            for compiler in compilers
        },
        markers=tuple(markers),
        law=lr_distribution(laws),
        standing=_standing(people, row, np.stack([*log10_lr.values()]), particulars.prior),
        linkage=linkage,
    )


def table_version(table: FrequencyTable) -> str:
    """A name for the content of a frequency table: equal figures, equal version."""
    content = [
        (locus, of.alleles, of.values, of.two_n) for locus, of in sorted(table.markers.items())
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def software() -> dict[str, str]:
    """The versions that the figures were made with."""
    return {
        "reunion": version("reunion"),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _added(model: MarkerModel | None) -> tuple[str, ...]:
    """The alleles that the rare-allele rule added to a marker."""
    return () if model is None else model.frequencies.added


def _standing(people: People, row: int, tables: FloatArray, prior: float) -> Standing:
    """The rank and the posterior of one of the people, as a search gives them (decision 4)."""
    (scores,) = score_many(people.codes, [tables])
    (log10_sum,) = lr_sums(people.codes, [tables]).tolist()
    score = float(scores[row])
    share = math.log10(prior) - math.log10(len(people.names))
    evidence = np.logaddexp2(math.log2(1 - prior), (share + log10_sum) * math.log2(10)) / math.log2(
        10
    )
    before = np.count_nonzero(scores > score) + np.count_nonzero(scores[:row] == score)
    posterior = 0.0 if score == -math.inf else float(10 ** min(0.0, share + score - evidence))
    return Standing(len(people.names), int(before) + 1, posterior)
