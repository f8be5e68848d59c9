"""Data of laboratories for property tests: what each format can hold, and data of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from hypothesis import strategies as st

from reunion.kinship.formats.dataset import Dataset, MitochondrialRange, Rules, Sample
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.parents import pedigree_of_parents
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.markers import Genotype, allele_order
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Sex
from reunion.packs.dna import load_dna

RULES = Rules(load_dna().checks())
ALLELES = {
    locus.name: allele_order(RULES.checks.listed[locus.name])
    for locus in RULES.checks.catalogue.loci
    if locus.chromosome.isdecimal() and RULES.checks.listed.get(locus.name)
}

_LETTERS = "abcXYZ019.,;:'\"<>&=+-@#()/ 团圆é"
texts = st.text(_LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
words = texts.map(lambda text: text.replace(" ", "_")).filter(
    lambda text: text != "0" and text[0] != "#"
)
blank_or_text = st.just("") | texts


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format holds of a sample, beside its id and its genotypes.

    `fields` are the names that it keeps; `always` those of them that it always asks for.
    """

    ids: st.SearchStrategy[str] = texts
    has_partial: bool = False
    has_sex: bool = False
    most_haplotype_alleles: int = 0
    has_kit: bool = False
    has_role: bool = False
    needs_role: bool = False
    fields: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    longest: int = 12


def genotypes(locus: str, *, has_partial: bool) -> st.SearchStrategy[Genotype]:
    """Genotypes of a locus, alleles from short to long."""
    names = st.sampled_from(ALLELES[locus])
    full = st.tuples(names, names).map(lambda pair: (allele_order(pair)[0], allele_order(pair)[1]))
    partial: st.SearchStrategy[Genotype] = names.map(lambda name: (name, None))
    return full | partial if has_partial else full


@st.composite
def samples(draw: st.DrawFn, holds: Holds, sample_id: str) -> Sample:
    """A sample that a format can hold."""
    loci = draw(st.lists(st.sampled_from(sorted(ALLELES)), min_size=1, max_size=4, unique=True))
    typed = {locus: draw(genotypes(locus, has_partial=holds.has_partial)) for locus in loci}
    sex = draw(st.sampled_from(Sex)) if holds.has_sex else Sex.UNKNOWN
    if draw(st.booleans()):
        shown = {Sex.MALE: ("X", "Y"), Sex.FEMALE: ("X", "X")}
        typed["AMEL"] = shown.get(sex) or draw(st.sampled_from([("X", "X"), ("X", "Y")]))
    haplotypes = {}
    if holds.most_haplotype_alleles and draw(st.booleans()):
        count = draw(st.integers(1, holds.most_haplotype_alleles))
        haplotypes["DYS385"] = tuple(str(11 + at) for at in range(count))
    role = draw(texts if holds.needs_role else blank_or_text) if holds.has_role else ""
    fields = {name: draw(blank_or_text)[: holds.longest] for name in holds.fields}
    fields |= {name: draw(texts)[: holds.longest] for name in holds.always}
    return Sample(
        sample_id,
        typed,
        haplotypes,
        sex=sex,
        kit=draw(blank_or_text) if holds.has_kit else "",
        role=role,
        fields={name: text.strip() for name, text in fields.items() if text.strip()},
    )


@st.composite
def sample_sets(draw: st.DrawFn, holds: Holds) -> tuple[Sample, ...]:
    """Some samples, each with an id of its own."""
    ids = draw(st.lists(holds.ids, min_size=1, max_size=3, unique=True))
    return tuple(draw(samples(holds, sample_id)) for sample_id in ids)


@st.composite
def tables(draw: st.DrawFn, name: str = "") -> FrequencyTable:
    """Frequency tables without labels."""
    loci = draw(st.lists(st.sampled_from(sorted(ALLELES)), min_size=1, max_size=3, unique=True))
    markers = {}
    for locus in loci:
        alleles = draw(
            st.lists(st.sampled_from(ALLELES[locus]), min_size=1, max_size=4, unique=True)
        )
        weights = draw(st.lists(st.integers(1, 99), min_size=len(alleles), max_size=len(alleles)))
        values = tuple(weight / sum(weights) for weight in weights)
        markers[locus] = Frequencies(locus, tuple(allele_order(alleles)), values)
    return FrequencyTable(name or draw(texts), "", "", markers)


@st.composite
def families(
    draw: st.DrawFn, names: tuple[str, ...], *, sexes: st.SearchStrategy[Sex], family_id: str
) -> FamilyRecord:
    """A family over these persons, in this order; nobody has a sample, nobody is sought.

    Parents stand before their children, and an unknown one may be among them.
    """
    known = {name: draw(sexes) for name in names}
    parents: dict[str, tuple[str | None, str | None]] = {}
    for at, name in enumerate(names):
        men = [other for other in names[:at] if known[other] is not Sex.FEMALE]
        women = [other for other in names[:at] if known[other] is not Sex.MALE]
        father = draw(st.none() | st.sampled_from(men)) if men else None
        women = [other for other in women if other != father]
        mother = draw(st.none() | st.sampled_from(women)) if women else None
        parents[name] = (father, mother)
        known.update({parent: Sex.MALE for parent in [father] if parent is not None})
        known.update({parent: Sex.FEMALE for parent in [mother] if parent is not None})
    return FamilyRecord(family_id, pedigree_of_parents(known, parents), "", {}, {})


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    """Mutation models that Familias knows."""
    kind = draw(
        st.sampled_from([MutationKind.EQUAL, MutationKind.PROPORTIONAL, MutationKind.STEPWISE])
    )
    rates = st.floats(1e-9, 0.01)
    return Mutation(kind, draw(rates), draw(rates), rate2=draw(rates), range=draw(rates))


@st.composite
def ranges(draw: st.DrawFn) -> MitochondrialRange:
    """Sequenced ranges of the mitochondrial genome."""
    first = draw(st.integers(1, 16_000))
    last = draw(st.integers(first, 16_569))
    places = draw(st.lists(st.integers(first, last), max_size=3, unique=True))
    kinds = ["T{}C", "{}.1C", "G{}DEL", "A{}R"]
    differences = tuple(draw(st.sampled_from(kinds)).format(place) for place in places)
    notes = draw(st.lists(texts.map(lambda text: f"-{text}"), max_size=2))
    return MitochondrialRange(first, last, differences, tuple(notes))


EVERYTHING = Holds(
    has_partial=True,
    has_sex=True,
    most_haplotype_alleles=9,
    has_kit=True,
    has_role=True,
    fields=("caseid", "ud1", "ud2", "sample type", "partial", "readingby", "strange"),
    longest=40,
)


@st.composite
def datasets_of_every_kind(draw: st.DrawFn) -> Dataset:
    """Data that no single format can hold as a whole."""
    found = draw(sample_sets(EVERYTHING))
    with_ranges = tuple(
        replace(sample, mitochondrial=tuple(draw(st.lists(ranges(), max_size=1))))
        for sample in found
    )
    names = tuple(sample.id for sample in with_ranges)
    family = draw(families(names, sexes=st.sampled_from(Sex), family_id=draw(texts)))
    sexes = {person.id: person.sex for person in family.pedigree}
    matched = tuple(
        replace(
            sample,
            sex=sexes[sample.id],
            genotypes={m: g for m, g in sample.genotypes.items() if m != "AMEL"},
        )
        for sample in with_ranges
    )
    typed = draw(st.lists(st.sampled_from(names), unique=True))
    family = replace(family, samples={name: name for name in typed})
    untyped = [name for name in names if name not in typed]
    sought = draw(st.sampled_from(["", *untyped]))
    table = draw(st.none() | tables())
    loci = list(table.markers) if table else []
    return Dataset(
        matched,
        draw(st.sampled_from([(), (replace(family, sought=sought),)])),
        table,
        dict.fromkeys(loci[:1], 0.001),
        {locus: draw(mutations()) for locus in loci[:1]},
        draw(st.sampled_from(_KEPT)),
    )


_KEPT: list[Mapping[str, str]] = [
    MappingProxyType({}),
    MappingProxyType({"BATCHID": "plate 7", "a strange place": "text"}),
]
