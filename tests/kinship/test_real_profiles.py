"""Real profiles: 1,036 unrelated people (NIST), and children made from real pairs by transmission.

Detection is held against theory: each compiled table says by itself how an unrelated person and
the true child score, so that the rate at which the child comes first is known before the search.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.markers import Genotype, Profile, allele_name, allele_order, allele_size
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import siblings, trio
from reunion.kinship.scan import score
from reunion.kinship.search import People, SearchResult, Settings, find_leads
from reunion.packs.dna import load_dna
from tests.notes import note

PAIRS = 60
POPULATION, TABLE = "Cauc", "nist_caucasian"
DRAWS = 200_000
Rng = np.random.Generator


@dataclass(frozen=True)
class Setting:
    """Real people of one population, children of pairs of them, and everything to search with."""

    profiles: Mapping[str, Profile]
    children: Mapping[str, tuple[str, str]]
    book: CodeBook
    compiler: Compiler

    def codes(self, names: Sequence[str]) -> CodeArray:
        """The codes of people, row by row."""
        missing = self.book.missing_row()
        rows = np.tile(missing, (len(names), 1))
        for row, name in zip(rows, names, strict=True):
            for at, locus in enumerate(self.book.loci):
                if genotype := self.profiles[name].get(locus):
                    row[at] = self.book.code(locus, *genotype)
        return rows

    @property
    def strangers(self) -> set[str]:
        """Real people who are nobody's parents."""
        parents = {name for pair in self.children.values() for name in pair}
        return {name for name in self.profiles if name not in self.children} - parents

    def search(self, families: Sequence[Family], settings: Settings) -> SearchResult:
        """Strangers and the sought children are searched, no other kin of the families."""
        sought = {child for child in self.children if child.endswith("_a")}
        names = sorted(self.strangers | sought)
        return find_leads(
            families, People(names, self.book, self.codes(names)), [self.compiler], settings
        )


@cache
def _setting(path: Path) -> Setting:
    pack = load_dna()
    table = pack.tables[TABLE]
    rng = np.random.default_rng(20240607)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["population"] == POPULATION]
    loci = [m for m in table.markers if f"{m}_1" in rows[0] and m in pack.rates]
    profiles: dict[str, Profile] = {
        row["sample"]: {locus: _pair(row[f"{locus}_1"], row[f"{locus}_2"]) for locus in loci}
        for row in rows
    }
    mutations = {
        locus: Mutation(
            MutationKind.STEPWISE, pack.rates[locus].maternal, pack.rates[locus].paternal, 1e-6, 0.1
        )
        for locus in loci
    }
    alleles = {
        locus: allele_order({a for p in profiles.values() for a in p[locus] if a}) for locus in loci
    }
    book = CodeBook(tuple(loci), tuple(tuple(alleles[locus]) for locus in loci))
    compiler = Compiler.of_table(book, table, mutations)
    names = rng.permutation(sorted(profiles))
    children = {}
    for i in range(PAIRS):
        father, mother = str(names[2 * i]), str(names[2 * i + 1])
        for child in (f"child_{i}_a", f"child_{i}_b"):
            children[child] = (father, mother)
            profiles[child] = {
                locus: _born(rng, compiler, at, profiles[father][locus], profiles[mother][locus])
                for at, locus in enumerate(loci)
            }
    return Setting(profiles, children, book, compiler)


def _pair(first: str, second: str) -> Genotype:
    short, long = sorted((allele_name(first), allele_name(second)), key=allele_size)
    return short, long


def _born(rng: Rng, compiler: Compiler, at: int, father: Genotype, mother: Genotype) -> Genotype:
    """A child's genotype; an allele that mutates out of what the book lists stays as it was."""
    model, listed = compiler.models[at], compiler.book.alleles[at]
    assert model is not None
    born = []
    for parent, matrix in ((father, model.laws.male), (mother, model.laws.female)):
        allele = parent[int(rng.integers(2))]
        assert allele is not None
        arrived = model.frequencies.alleles[
            int(rng.choice(len(matrix), p=matrix[model.positions[allele]]))
        ]
        born.append(arrived if arrived in listed else allele)
    return _pair(*born)


@pytest.fixture(scope="module")
def setting(shared_data: Path) -> Setting:
    """The real people, read once."""
    return _setting(shared_data / "genotypes_nist1036.csv")


def _families(setting: Setting, typed: str) -> Iterator[tuple[str, Family]]:
    """For each pair, the family that looks for the first child, and who that child is."""
    for child, (father, mother) in setting.children.items():
        if child.endswith("_b"):
            continue
        sibling = f"{child[:-1]}b"
        pedigree = siblings("child", sibling, father=father, mother=mother)
        relatives = {
            "trio": [father, mother],
            "duo": [father],
            "sibling": [sibling],
        }[typed]
        if typed != "sibling":
            pedigree = trio(father, mother, "child")
        profiles = {name: setting.profiles[name] for name in relatives}
        yield child, Family(child, pedigree, "child", profiles)


def _drawn(setting: Setting, rng: Rng, law: Sequence[FloatArray], n: int) -> CodeArray:
    """Codes of n people, drawn locus by locus from a law over the codes."""
    columns = [
        place.start + rng.choice(len(p), n, p=p / p.sum())
        for (_, _, place), p in zip(setting.book.blocks(), law, strict=True)
    ]
    return np.stack(columns, axis=1).astype(np.uint16)


def _laws(setting: Setting, table: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
    """P(code | unrelated) and P(code | true child) per locus: the second is the first times LR."""
    unrelated, related = [], []
    for model, (_, alleles, place) in zip(
        setting.compiler.models, setting.book.blocks(), strict=True
    ):
        assert model is not None
        p = model.frequencies.p[[model.positions[a] for a in alleles]]
        law = np.zeros(place.stop - place.start)
        at = 1
        for j in range(len(alleles)):
            for i in range(j + 1):
                law[at] = p[i] * p[j] * (1 if i == j else 2)
                at += 1
        unrelated.append(law)
        related.append(law * 10 ** table[place])
    return unrelated, related


def _found_first(result: SearchResult, wanted: Sequence[tuple[str, Family]]) -> list[bool]:
    first = {lead.family_id: lead.sample_id for lead in result.leads if lead.rank == 1}
    return [first.get(family.id) == child for child, family in wanted]


def test_planted_children_of_two_typed_parents_come_first(setting: Setting) -> None:
    wanted = list(_families(setting, "trio"))
    result = setting.search([family for _, family in wanted], Settings(top=5))
    found = _found_first(result, wanted)
    note("real_trio_rank_1", float(np.mean(found)), 1.0)
    assert all(found)
    assert all(lead.posterior > 0.999 for lead in result.leads if lead.rank == 1)


@pytest.mark.parametrize("typed", ["duo", "sibling"])
def test_planted_children_come_first_as_often_as_theory_allows(
    setting: Setting, typed: str
) -> None:
    rng = np.random.default_rng(7)
    wanted = list(_families(setting, typed))
    result = setting.search([family for _, family in wanted], Settings(top=1, min_log10_lr=-30))
    rates = []
    others = len(setting.strangers) + PAIRS - 1
    for _, family in wanted:
        table = setting.compiler.table(family)
        unrelated, related = _laws(setting, table)
        scores = np.sort(score(_drawn(setting, rng, unrelated, DRAWS // 10), table))
        true = score(_drawn(setting, rng, related, 200), table)
        above = 1 - np.searchsorted(scores, true) / len(scores)
        rates.append(float(np.mean((1 - above) ** others)))
    expected, found = float(np.sum(rates)), sum(_found_first(result, wanted))
    spread = float(np.sqrt(np.sum([rate * (1 - rate) for rate in rates])))
    note(f"real_{typed}_rank_1", found / len(wanted), expected / len(wanted))
    assert found >= expected - 3 * spread - 1, (found, expected)


@pytest.mark.threat("T17")
@pytest.mark.parametrize(("typed", "threshold"), [("duo", -7.0), ("sibling", 0.0)])
def test_unrelated_people_give_no_more_leads_than_chance(
    setting: Setting, typed: str, threshold: float
) -> None:
    rng = np.random.default_rng(11)
    wanted = list(_families(setting, typed))
    result = setting.search([family for _, family in wanted], Settings(min_log10_lr=threshold))
    strangers = setting.strangers
    false = [lead for lead in result.leads if lead.sample_id in strangers]
    expected = 0.0
    for _, family in wanted:
        table = setting.compiler.table(family)
        unrelated, _ = _laws(setting, table)
        scores = score(_drawn(setting, rng, unrelated, DRAWS // 10), table)
        expected += float(np.mean(scores >= threshold)) * len(strangers)
    note(f"real_{typed}_false_leads", len(false), expected)
    assert expected > 3
    # Leads of one family are not independent, so the bound is wider than Poisson's.
    assert len(false) <= expected + 4 * np.sqrt(2 * expected), (len(false), expected)
