"""What is written reads back the same, and what a format cannot hold is said."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reunion.kinship.formats.dataset import Dataset, MitochondrialRange, Sample
from reunion.kinship.formats.familias_dvi import MISSING
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.parents import pedigree_of_parents
from reunion.kinship.formats.registry import FORMATS, recognise_file
from reunion.kinship.frequencies import Frequencies, FrequencyTable
from reunion.kinship.markers import SILENT
from reunion.kinship.mutation import Mutation
from reunion.kinship.pedigree import Sex
from tests.kinship.datasets import (
    RULES,
    Holds,
    families,
    mutations,
    ranges,
    sample_sets,
    tables,
    texts,
    words,
)

BY_NAME = {found.name: found for found in FORMATS}
KNOWN_SEX = st.sampled_from([Sex.MALE, Sex.FEMALE])


def there_and_back(name: str, dataset: Dataset, stem: str = "data") -> tuple[Dataset, list[str]]:
    """What comes back from a file of this format, and what the writer and the reader said."""
    known = BY_NAME[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}.out"
        said = [*known.write(dataset, path)]
        assert recognise_file(path).name == name
        reading = known.read(path, RULES)
    return reading.dataset, [str(complaint) for complaint in (*said, *reading.quarantine)]


def assert_exact(name: str, dataset: Dataset, stem: str = "data") -> None:
    """Nothing is lost, and nothing is said."""
    back, said = there_and_back(name, dataset, stem)
    assert said == []
    assert back == dataset


@settings(max_examples=40)
@given(sample_sets(Holds(has_partial=True, most_haplotype_alleles=8)))
def test_profiles_read_back_the_same(found: tuple[Sample, ...]) -> None:
    assert_exact("profiles", Dataset(found))


GENEMAPPER = Holds(
    most_haplotype_alleles=9,
    has_kit=True,
    has_role=True,
    fields=("sample file", "sample id", "run name", "ud1", "ud9"),
)


@settings(max_examples=40)
@given(sample_sets(GENEMAPPER))
def test_a_genemapper_table_reads_back_the_same(found: tuple[Sample, ...]) -> None:
    assert_exact("genemapper", Dataset(found))


@settings(max_examples=40)
@given(sample_sets(Holds(most_haplotype_alleles=8, has_kit=True, has_role=True, fields=("ud1",))))
def test_a_genis_table_reads_back_the_same(found: tuple[Sample, ...]) -> None:
    assert_exact("genis", Dataset(found))


CMF = Holds(
    most_haplotype_alleles=9,
    has_kit=True,
    has_role=True,
    needs_role=True,
    fields=("caseid", "specimencomment", "batchid", "partial"),
    always=("readingby", "readingdatetime"),
)
HEADER = {
    "HEADERVERSION": "3.2",
    "MESSAGETYPE": "Import",
    "DESTINATIONORI": "CN1",
    "SOURCELAB": "CN2",
    "SUBMITBYUSERID": "analyst01",
    "SUBMITDATETIME": "2026-11-23T09:00:00",
    "BATCHID": "PLATE <1>",
}


@settings(max_examples=40)
@given(sample_sets(CMF))
def test_a_cmf_file_reads_back_the_same(found: tuple[Sample, ...]) -> None:
    assert_exact("cmf", Dataset(found, kept=HEADER))


@settings(max_examples=40)
@given(st.lists(st.tuples(texts, ranges()), min_size=1, max_size=3, unique_by=lambda t: t[0]))
def test_mitochondrial_ranges_read_back_the_same(
    found: list[tuple[str, MitochondrialRange]],
) -> None:
    people = tuple(Sample(name, mitochondrial=(of,), role="ER") for name, of in found)
    assert_exact("genis-mito", Dataset(people))


@settings(max_examples=40)
@given(tables("table"), st.booleans())
def test_frequency_tables_read_back_the_same(table: FrequencyTable, has_minima: bool) -> None:
    minima = dict.fromkeys(table.markers, 0.0025) if has_minima else {}
    assert_exact("genis-frequencies", Dataset(frequencies=table, minima=minima), "table")
    assert_exact("familias-frequencies", Dataset(frequencies=table), "table")
    sampled = {
        locus: replace(of, two_n=200) if has_minima else of for locus, of in table.markers.items()
    }
    labelled = replace(table, markers=sampled, population="Han", source="own figures")
    assert_exact("frequencies", Dataset(frequencies=labelled), "table")


@settings(max_examples=40)
@given(sample_sets(Holds(most_haplotype_alleles=2)))
def test_the_genotype_text_of_familias_reads_back_the_same(found: tuple[Sample, ...]) -> None:
    assert_exact("familias-genotypes", Dataset(found))


@settings(max_examples=40)
@given(st.data())
def test_families_read_back_the_same(data: st.DataObject) -> None:
    names = tuple(data.draw(st.lists(texts, min_size=3, max_size=5, unique=True)))
    family = data.draw(families(names, sexes=st.sampled_from(Sex), family_id="F 1"))
    people = [person.id for person in family.pedigree if person.id in names]
    chain = family.pedigree
    sought = next((n for n in people if not chain[n].is_founder), None)
    if sought is None:
        return
    parent = next(p for p in (chain[sought].father, chain[sought].mother) if p in names)
    record = replace(family, sought=sought, samples={str(parent): "S-1"})
    back, _ = there_and_back("families", Dataset(families=(record,)))
    assert back == Dataset(families=(record,))


@settings(max_examples=40)
@given(st.data())
def test_plink_files_read_back_the_same(data: st.DataObject) -> None:
    holds = Holds(ids=words, has_partial=True, has_sex=True, most_haplotype_alleles=2)
    found = data.draw(sample_sets(holds))
    names = tuple(data.draw(st.lists(words.map("p{}".format), min_size=1, max_size=4, unique=True)))
    family = data.draw(families(names, sexes=st.sampled_from(Sex), family_id="F1"))
    sexes = {person.id: person.sex for person in family.pedigree}
    members = tuple(
        Sample(name, {"TH01": ("6", "9.3"), "Penta D": ("9", None)}, sex=sexes[name])
        for name in data.draw(st.lists(st.sampled_from(names), unique=True))
    )
    record = replace(family, samples={sample.id: sample.id for sample in members})
    order = sorted(members, key=lambda sample: [p.id for p in family.pedigree].index(sample.id))
    kept = {f"phenotype F1 {names[0]}": "2", "map TH01": "11 2.7 2171115"} if members else {}
    assert_exact("ped", Dataset((*order, *found), (record,), kept=kept))


@settings(max_examples=40)
@given(st.data())
def test_familias_projects_read_back_the_same(data: st.DataObject) -> None:
    names = tuple(data.draw(st.lists(texts, min_size=2, max_size=4, unique=True)))
    hypotheses = [
        data.draw(families(names, sexes=st.just(Sex.MALE), family_id=title))
        for title in ("H1", "H2")
    ]
    table = data.draw(tables())
    table = replace(table, markers={m: _with_extras(of, data) for m, of in table.markers.items()})
    locus, of = next(iter(table.markers.items()))
    typed = data.draw(st.lists(st.sampled_from(names), unique=True))
    allele = of.alleles[0]
    members = {name: Sample(name, {locus: (allele, allele)}, sex=Sex.MALE) for name in typed}
    samples = {name: name for name in names if name in members}
    records = tuple(replace(family, samples=samples) for family in hypotheses)
    loose = tuple(
        replace(sample, id=f"U {sample.id}")
        for sample in data.draw(sample_sets(Holds(has_sex=True, most_haplotype_alleles=2)))
    )
    reference = data.draw(_reference_families())
    dataset = Dataset(
        (*(members[name] for name in samples), *loose, *reference[1]),
        (*records, *reference[0]),
        table,
        {locus: 0.001},
        {marker: data.draw(mutations()) for marker in table.markers},
        {
            "free line": "a note",
            f"person {names[0]}": "#FALSE#; 1970; #TRUE#",
            "[Advanced]": ADVANCED,
        },
    )
    assert_exact("familias", dataset)


ADVANCED = "[Advanced]\n[[Direct/Identity]]\nDropin= 0"


def _with_extras(of: Frequencies, data: st.DataObject) -> Frequencies:
    """The same frequencies, maybe with a silent allele and a number of alleles."""
    two_n = data.draw(st.none() | st.integers(1, 9999))
    if data.draw(st.booleans()):
        values = tuple(value * 0.99 for value in of.values)
        return Frequencies(of.marker, (*of.alleles, SILENT), (*values, 0.01), two_n)
    return replace(of, two_n=two_n)


@st.composite
def _reference_families(
    draw: st.DrawFn,
) -> tuple[tuple[FamilyRecord, ...], tuple[Sample, ...]]:
    """A family who searches, or none, with the samples of its members."""
    if draw(st.booleans()):
        return (), ()
    names = tuple(
        f"R {text}" for text in draw(st.lists(texts, min_size=1, max_size=3, unique=True))
    )
    family = draw(families((*names, MISSING), sexes=KNOWN_SEX, family_id=draw(texts)))
    family = replace(
        family,
        pedigree=family.pedigree.with_sex(MISSING, "unknown"),
        sought=MISSING,
    )
    if family.pedigree[MISSING].is_founder:
        return (), ()
    typed = draw(st.lists(st.sampled_from(names), unique=True))
    sexes = {person.id: person.sex for person in family.pedigree}
    found = tuple(
        Sample(name, {"TH01": ("6", "7")}, sex=sexes[name]) for name in names if name in typed
    )
    return (replace(family, samples={sample.id: sample.id for sample in found}),), found


def test_a_model_without_rates_comes_back_as_none() -> None:
    table = Frequencies("TH01", ("6", "7"), (0.5, 0.5))
    dataset = Dataset(
        frequencies=FrequencyTable("t", "", "", {"TH01": table}), mutations={"TH01": Mutation()}
    )
    assert_exact("familias", dataset)


def test_identical_twins_and_populations_of_families_read_back_the_same() -> None:
    twins = pedigree_of_parents(
        {"fa": Sex.MALE, "mo": Sex.FEMALE, "a": Sex.FEMALE, "b": Sex.FEMALE},
        {"a": ("fa", "mo"), "b": ("fa", "mo")},
    ).with_twins("a", "b")
    family = FamilyRecord("G", twins, "a", {"fa": "S1"}, {}, populations={"a": "Han"})
    assert_exact("families", Dataset(families=(family,)))


def test_declared_populations_that_a_format_cannot_hold_are_said() -> None:
    pedigree = pedigree_of_parents({"fa": Sex.MALE, "a": Sex.MALE}, {"a": ("fa", None)})
    family = FamilyRecord("G", pedigree, "", {}, {}, populations={"a": "Han"})
    for name in ("ped", "familias"):
        _, said = there_and_back(name, Dataset(families=(family,)))
        assert any("declared populations" in sentence for sentence in said)
