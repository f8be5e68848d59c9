"""Measure how the time of one core grows with profiles, families and markers; print it as JSON.

    python tools/growth.py

Synthetic people and families of mixed shapes, 24 markers where nothing else is said. For each
quantity a list of (size, seconds): "profiles", "families" and "markers" of a search, and "compiled"
families, compiled with stepwise mutation.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from reunion.kinship.book import CodeArray, CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import FloatArray, FrequencyTable
from reunion.kinship.markers import Profile
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.scan import search
from reunion.kinship.simulate import NOT_TYPED, SOUGHT, Province, simulate
from reunion.packs.dna import load_dna

MARKERS = 24
FAMILIES = 16
"""As many as are searched for together where another quantity grows."""

Points = list[tuple[int, float]]


@dataclass(frozen=True)
class Nation:
    """Synthetic people, coded, and the families who search among them."""

    book: CodeBook
    table: FrequencyTable
    mutations: Mapping[str, Mutation]
    codes: CodeArray
    families: Sequence[Family]

    def compiled(self, n: int) -> list[FloatArray]:
        """The tables of the first n families, by a compiler that knows nothing yet."""
        compiler = Compiler.of_table(self.book, self.table, self.mutations)
        return [compiler.table(family) for family in self.families[:n]]


def make_nation(*, people: int, families: int, markers: int) -> Nation:
    """A nation whose markers are those of a shipped table, over and over."""
    shipped = next(iter(load_dna().tables.values()))
    kinds = list(shipped.markers.values())
    names = [f"M{number}" for number in range(1, markers + 1)]
    loci = {name: replace(kinds[i % len(kinds)], marker=name) for i, name in enumerate(names)}
    table = replace(shipped, markers=loci)
    mutation = Mutation(MutationKind.STEPWISE, female=5e-4, male=2e-3, rate2=1e-6, range=0.1)
    mutations = dict.fromkeys(names, mutation)
    province = simulate(
        families=families,
        people=people,
        frequencies=table,
        loci=names,
        mutations=mutations,
        seed=1,
    )
    book = CodeBook(tuple(names), tuple(locus.alleles for locus in province.loci))
    return Nation(book, table, mutations, coded(province, book), families_of(province))


def coded(province: Province, book: CodeBook) -> CodeArray:
    """Everybody's codes, by the layout that `CodeBook` documents."""
    low = province.genotypes.min(axis=2).astype(np.int64)
    high = province.genotypes.max(axis=2).astype(np.int64)
    within = np.where(low == NOT_TYPED, 0, 1 + high * (high + 1) // 2 + low)
    codes = (book.offsets[:-1] + within).astype(np.uint16)
    book.check(codes)
    return codes


def families_of(province: Province) -> list[Family]:
    """The families who search, as the compiler takes them."""
    row = {sample: at for at, sample in enumerate(province.samples)}

    def profile(sample: str) -> Profile:
        genotypes = province.genotypes[row[sample]].tolist()
        return {
            locus.name: (locus.alleles[first], locus.alleles[second])
            for locus, (first, second) in zip(province.loci, genotypes, strict=True)
            if first != NOT_TYPED
        }

    return [
        Family(f.id, f.pedigree, SOUGHT, {p: profile(s) for p, s in f.samples.items()})
        for f in province.families
    ]


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Least CPU time of this thread, after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return min(times)


def measure(people: int = 100_000, families: int = 256) -> dict[str, Points]:
    """Time against each quantity.

    Args:
        people: how many are invented; they are searched up to twenty times over.
        families: how many search at most.
    """
    nation = make_nation(people=people, families=families, markers=2 * MARKERS)
    tables = nation.compiled(families)
    quarters = [part * families // 4 for part in (1, 2, 3, 4)]

    def scan(copies: int, families: int = FAMILIES, markers: int = MARKERS) -> float:
        """Seconds for one core to search so many copies of the people."""
        codes = np.tile(nation.codes[:, :markers], (copies, 1))
        chosen = [table[: nation.book.offsets[markers]] for table in tables[:families]]
        return seconds(partial(search, codes, chosen, top=20, threads=1))

    return {
        "profiles": [(n * len(nation.codes), scan(n)) for n in (5, 10, 15, 20)],
        "families": [(n, scan(5, families=n)) for n in quarters],
        "markers": [(n, scan(10, markers=n)) for n in (8, 16, 24, 32, 40, 48)],
        "compiled": [(n, seconds(partial(nation.compiled, n), 2)) for n in quarters],
    }


if __name__ == "__main__":
    json.dump(measure(), sys.stdout)
