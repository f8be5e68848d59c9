"""The X markers of a lead: a block of their own, one marker of each linkage group multiplied.

Markers of one linkage group are handed on together and their alleles go together in a population,
so that their LRs do not multiply without haplotype frequencies. Those are not known here: of each
group the one marker is multiplied that was expected to tell most about this family, before the
candidate's genotypes were looked at; the others are shown by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reunion.kinship.advice import expected_log10_lr
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.likelihood import MarkerModel, observation
from reunion.kinship.markers import Profile
from reunion.kinship.report.evidence import (
    MarkerResult,
    marker_results,
    models_at,
    total,
    typed_places,
)


@dataclass(frozen=True, slots=True)
class XMarker:
    """One X marker.

    Args:
        result: its LRs.
        group: linkage group; "" where it is not known.
        expected: log10 LR that the sought person shows on average, first table.
        is_multiplied: whether it stands for its group in the product.
    """

    result: MarkerResult
    group: str
    expected: float
    is_multiplied: bool


@dataclass(frozen=True, slots=True, eq=False)
class XLead:
    """What a candidate and a family show on the X chromosome.

    Args:
        profile: of the candidate, the X markers that take part.
        tables: frequency tables of X markers.
        models: by table, the markers that take part.
        markers: their results, in order.
        left_out: relatives typed at X markers alone: they take no part.
    """

    profile: Profile
    tables: tuple[FrequencyTable, ...]
    models: Mapping[str, tuple[MarkerModel, ...]]
    markers: tuple[XMarker, ...]
    left_out: tuple[str, ...] = ()

    @property
    def totals(self) -> dict[str, float]:
        """log10 LR of the markers that are multiplied, by table."""
        kept = [marker.result for marker in self.markers if marker.is_multiplied]
        return {table: total(kept, table) for table in self.models}

    @property
    def least(self) -> tuple[str, float]:
        """The table with the least total, and that total."""
        return min(self.totals.items(), key=lambda item: item[1])

    def models_of(self, *, is_multiplied: bool) -> dict[str, tuple[MarkerModel, ...]]:
        """By table, the models of the markers that are multiplied, or of the others."""
        names = {x.result.marker for x in self.markers if x.is_multiplied == is_multiplied}
        return {
            table: tuple(model for model in models if model.name in names)
            for table, models in self.models.items()
        }


def x_lead(
    family: Family,
    profile: Profile,
    compilers: Sequence[Compiler],
    tables: Sequence[FrequencyTable],
    groups: Mapping[str, str],
) -> XLead:
    """The X markers of one candidate for one family.

    Args:
        family: who searches; the profiles hold the X markers of the relatives.
        profile: X markers of the candidate; of a man the allele twice.
        compilers: one for each table, all over one book of X markers, with X-linked models.
        tables: the frequency tables of the compilers.
        groups: linkage group by marker. All markers without one count as one group together,
            which is the careful choice.

    Raises:
        BadSetting: no table, or a marker that is not compiled as X-linked.
        BadGenotype: the sex of the sought person or of a relative is not known, or a man has two
            alleles.
        NotInBook: the book lacks an allele of the candidate.
        Contradiction: the relatives contradict the pedigree.
    """
    if not compilers or not all(m.x_linked for c in compilers for m in c.models if m is not None):
        raise BadSetting(setting="X markers", reason="at least one table, all models X-linked")
    book = compilers[0].book
    codes = book.missing_row().astype(int).tolist()
    sex = family.pedigree[family.sought].sex
    for at, model in enumerate(compilers[0].models):
        if model is not None and (genotype := profile.get(model.name)) is not None:
            observation(family.sought, sex, model, genotype, 0.0)
            codes[at] = book.code(model.name, *genotype)
    results = [*marker_results(family, codes, compilers)]
    names = {result.marker for result in results}
    expected = {law.marker: expected_log10_lr([law]) for law in compilers[0].laws(family, names)}
    best: dict[str, str] = {}
    for name in expected:
        group = groups.get(name, "")
        if group not in best or expected[name] > expected[best[group]]:
            best[group] = name
    return XLead(
        profile={name: profile[name] for name in expected},
        tables=tuple(tables),
        models=models_at(typed_places(codes, compilers[0]), compilers),
        markers=tuple(
            XMarker(
                result,
                group := groups.get(result.marker, ""),
                expected[result.marker],
                best[group] == result.marker,
            )
            for result in results
        ),
    )
