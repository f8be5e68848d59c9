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
from reunion.kinship.formats.populations import Unfitted
from reunion.kinship.frequencies import FloatArray, FrequencyTable
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Profile
from reunion.kinship.power import Limit, limit_at, wanted_false_leads
from reunion.kinship.report.evidence import (
    MarkerResult,
    marker_results,
    models_at,
    total,
    typed_places,
)
from reunion.kinship.report.x import XLead
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
        unfitted: declared populations of the family that no frequency table is of.
    """

    number: str
    date: date
    inputs: tuple[Input, ...] = ()
    samples: Mapping[str, str] | None = None
    prior: float = 0.5
    amends: Amended | None = None
    is_synthetic: bool = False
    unfitted: tuple[Unfitted, ...] = ()


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
    """The groups of linked markers, log10 LR of all markers with linkage, and the table used."""

    groups: tuple[LinkedMarkers, ...]
    log10_lr: float
    table: str


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


@dataclass(frozen=True, slots=True)
class Strength:
    """What the evidence can do with one table; shares are probabilities.

    Args:
        log10_lr: of the lead.
        median, low: log10 LR that the sought person exceeds with probability 0.5 and 0.95.
        at_lead: a search that takes everybody from the LR of the lead on.
        false_rate: the share of unrelated people who reach the LR of the lead.
        threshold: the least limit, from 0 on, with no more false leads than wanted.
        at_zero: a search that takes everybody from an LR of 1 on.
    """

    log10_lr: float
    median: float
    low: float
    at_lead: Limit
    false_rate: float
    threshold: Limit
    at_zero: Limit

    @classmethod
    def of(cls, law: LrDistribution, log10_lr: float, people: int, wanted: float) -> Strength:
        """The figures of one law; everybody reaches the LR 0 of somebody excluded."""
        if log10_lr == -math.inf:
            at_lead, false_rate = Limit(log10_lr, 1.0, float(people)), 1.0
        else:
            at_lead = limit_at(law, log10_lr, people)
            false_rate = law.false_rate(log10_lr)
        return cls(
            log10_lr=log10_lr,
            median=law.quantile(0.5),
            low=law.quantile(0.05),
            at_lead=at_lead,
            false_rate=false_rate,
            threshold=limit_at(law, max(0.0, law.threshold(wanted, people)), people),
            at_zero=limit_at(law, 0.0, people),
        )


@dataclass(frozen=True, slots=True, eq=False)
class LeadReport:
    """Everything that the report of one lead says.

    Args:
        particulars: from outside.
        family: who searches.
        sample: of the candidate.
        profile: of the candidate, the markers that take part.
        tables: the frequency tables.
        models: by table, the markers that take part.
        markers: their results, in order.
        laws: by table, the exact law of log10 LR for these markers.
        wanted: false leads that the laboratory will work through for this family.
        standing: among the people searched.
        linkage: None where it was not computed.
        x: markers of the X chromosome, kept apart from all the figures above; None without any.
    """

    particulars: Particulars
    family: Family
    sample: str
    profile: Profile
    tables: tuple[FrequencyTable, ...]
    models: Mapping[str, tuple[MarkerModel, ...]]
    markers: tuple[MarkerResult, ...]
    laws: Mapping[str, LrDistribution]
    wanted: float
    standing: Standing
    linkage: Linkage | None = None
    x: XLead | None = None

    @property
    def totals(self) -> dict[str, float]:
        """log10 LR of all markers, by table; added up in the order of the markers."""
        return {table: total(self.markers, table) for table in self.models}

    @property
    def log10_lr(self) -> float:
        """With the first table."""
        return next(iter(self.totals.values()))

    @property
    def least(self) -> tuple[str, float]:
        """The table with the least total, and that total: the careful figure."""
        return min(self.totals.items(), key=lambda item: item[1])

    @property
    def law(self) -> LrDistribution:
        """The law of log10 LR with the table that gives the least total."""
        return self.laws[self.least[0]]

    @property
    def strengths(self) -> dict[str, Strength]:
        """What the evidence can do, by table."""
        return {
            table: Strength.of(self.laws[table], value, self.standing.people, self.wanted)
            for table, value in self.totals.items()
        }

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
    x: XLead | None = None,
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
        x: the X markers of the lead, where there are some.

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
    places = typed_places(codes, compilers[0])
    seen = {book.loci[at]: book.genotype(at, codes[at]) for at in places}
    profile = {locus: genotype for locus, genotype in seen.items() if genotype is not None}
    return LeadReport(
        particulars=particulars,
        family=family,
        sample=sample,
        profile=profile,
        tables=tuple(tables),
        models=models_at(places, compilers),
        markers=tuple(marker_results(family, codes, compilers)),
        laws={
            compiler.name: lr_distribution(compiler.laws(family, profile)) for compiler in compilers
        },
        wanted=wanted_false_leads(family),
        standing=_standing(
            people,
            row,
            np.stack([compiler.table(family) for compiler in compilers]),
            particulars.prior,
        ),
        linkage=linkage,
        x=x,
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
