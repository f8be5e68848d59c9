"""A synthetic province: people, families who search, and the truth about who belongs to whom.

Founders carry alleles drawn from a frequency table; children inherit by Mendel's rules with
mutation. Everything made here is invented, and every id says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reunion.kinship.errors import BadSetting
from reunion.kinship.formats.output import TRUTH_COLUMNS, whole_file, write_csv
from reunion.kinship.frequencies import FloatArray, FrequencyTable, RareRule
from reunion.kinship.mutation import Mutation
from reunion.kinship.pedigree import Pedigree, Sex, grandparents, half_siblings, siblings, trio

AlleleArray: TypeAlias = NDArray[np.int16]
Rng: TypeAlias = np.random.Generator

SOUGHT = "sought"
FOUND_SHARE = 0.12
MISSING = 0.004
"""Share of markers that are not typed, as laboratories see it in good samples."""

NOT_TYPED = -1

README = """SYNTHETIC DATA. All persons, families, samples and genotypes here are invented.

families.csv  who searches for whom
profiles.csv  genotypes of relatives and of people
truth.csv     which sample belongs to the sought person of which family

Seed {seed}; {people} people; {families} families; frequencies {table}.
"""


class Locus(NamedTuple):
    """What gene dropping needs of a marker: alleles, frequencies (K,), cumulative transitions."""

    name: str
    alleles: tuple[str, ...]
    p: FloatArray
    female: FloatArray
    male: FloatArray


class Plan(NamedTuple):
    """A kind of family: who is in it, who is typed, and how common it is."""

    pedigree: Pedigree
    typed: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class SyntheticFamily:
    """A family who searches: samples by typed person, and that of the sought one if planted."""

    id: str
    pedigree: Pedigree
    samples: Mapping[str, str]
    planted: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Province:
    """Families, people and truth.

    Attributes:
        loci: markers, with their alleles.
        families: who searches.
        samples: ids of all samples, sorted: relatives and people.
        genotypes: int16 (n_samples, n_loci, 2), positions of alleles; NOT_TYPED where missing.
        people: number of samples that are of people, planted ones included.
        seed: where everything came from.
        table: name of the frequency table.
    """

    loci: tuple[Locus, ...]
    families: tuple[SyntheticFamily, ...]
    samples: tuple[str, ...]
    genotypes: AlleleArray
    people: int
    seed: int
    table: str

    def write(self, folder: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Write families.csv, profiles.csv, truth.csv and README.txt, each whole or not at all.

        Args:
            folder: made where it is not there.
            progress: told (samples written, of how many).
        """
        folder.mkdir(parents=True, exist_ok=True)
        write_csv(
            folder / "families.csv",
            ("family_id", "person_id", "father_id", "mother_id", "sex", "sample_id", "sought"),
            (row for family in self.families for row in _family_rows(family)),
        )
        truth = ((f.id, SOUGHT, f.planted) for f in self.families if f.planted is not None)
        write_csv(folder / "truth.csv", TRUTH_COLUMNS, truth)
        with whole_file(folder / "profiles.csv") as stream:
            stream.write("sample_id,marker,allele_1,allele_2\n")
            cells = [_cells(locus) for locus in self.loci]
            step = 2000
            for start in range(0, len(self.samples), step):
                rows = self.genotypes[start : start + step].tolist()
                names = self.samples[start : start + step]
                stream.writelines(_sample_lines(names, rows, cells))
                if progress is not None:
                    progress(min(start + step, len(self.samples)), len(self.samples))
        with whole_file(folder / "README.txt") as stream:
            stream.write(
                README.format(
                    seed=self.seed,
                    people=self.people,
                    families=len(self.families),
                    table=self.table,
                )
            )


def simulate(
    *,
    families: int,
    people: int,
    frequencies: FrequencyTable,
    loci: Sequence[str],
    mutations: Mapping[str, Mutation],
    seed: int,
    found_share: float = FOUND_SHARE,
) -> Province:
    """Invent a province.

    Args:
        families: how many search, of mixed shapes.
        people: how many are in the database besides the relatives, planted ones included.
        frequencies: table that founders are drawn from.
        loci: markers that are typed.
        mutations: model by locus; none where absent.
        seed: the same seed makes the same province.
        found_share: share of the families whose sought person is among the people.

    Raises:
        BadSetting: numbers that do not fit, or a marker that the table lacks.
    """
    planted = round(found_share * families)
    if families < 0 or people < 0 or not 0 <= found_share <= 1:
        raise BadSetting(setting="families, people", reason="they count from 0")
    if planted > people:
        raise BadSetting(
            setting="people",
            reason=f"{people} cannot hold the {planted} sought persons to be found",
        )
    lacking = [name for name in loci if name not in frequencies.markers]
    if lacking or not loci:
        raise BadSetting(
            setting="panel",
            reason=f"the table {frequencies.name} lacks {', '.join(lacking) or 'all'}",
        )
    rng = np.random.default_rng(seed)
    markers = tuple(_locus(frequencies, name, mutations.get(name, Mutation())) for name in loci)
    kinds = rng.choice(len(PLANS), families, p=[plan.share for plan in PLANS])
    is_planted = np.zeros(families, dtype=np.bool_)
    is_planted[rng.permutation(families)[:planted]] = True
    owners: list[tuple[int, str]] = []
    parts = [_founders(rng, people - planted, markers)]
    for kind, plan in enumerate(PLANS):
        members = np.flatnonzero(kinds == kind)
        drawn = drop_genes(rng, plan.pedigree, len(members), markers)
        for person in plan.typed:
            owners += [(at, person) for at in members.tolist()]
            parts.append(drawn[person])
        owners += [(at, SOUGHT) for at in members[is_planted[members]].tolist()]
        parts.append(drawn[SOUGHT][is_planted[members]])
    genotypes = np.concatenate(parts)
    genotypes[rng.random(genotypes.shape[:2]) < MISSING] = NOT_TYPED
    # Numbers are given at random, so that they do not tell who is planted.
    numbers = rng.permutation(len(genotypes))
    placed = np.empty_like(genotypes)
    placed[numbers] = genotypes
    samples = tuple([f"SYN-S-{i:07}" for i in range(1, len(genotypes) + 1)])
    first = len(genotypes) - len(owners)
    of_owner = {owner: samples[numbers[first + i]] for i, owner in enumerate(owners)}
    made = tuple(
        SyntheticFamily(
            id=f"SYN-F-{at + 1:05}",
            pedigree=PLANS[kind].pedigree,
            samples={person: of_owner[at, person] for person in PLANS[kind].typed},
            planted=of_owner.get((at, SOUGHT)),
        )
        for at, kind in enumerate(kinds.tolist())
    )
    return Province(markers, made, samples, placed, people, seed, frequencies.name)


def _locus(table: FrequencyTable, name: str, mutation: Mutation) -> Locus:
    """A marker of the table, its transitions summed up along each row."""
    frequencies = table.markers[name].prepared(rule=RareRule.REJECT)
    female, male = mutation.transitions(
        frequencies.alleles, frequencies.p, silent=frequencies.silent, marker=name
    )
    return Locus(
        name, frequencies.alleles, frequencies.p, female.cumsum(axis=1), male.cumsum(axis=1)
    )


def drop_genes(
    rng: Rng, pedigree: Pedigree, n: int, loci: Sequence[Locus]
) -> dict[str, AlleleArray]:
    """Genotypes of everybody in n families of one pedigree, at autosomal markers.

    Founders draw from the frequencies (theta 0), both alleles being one by descent with the
    probability of their inbreeding coefficient; children inherit with mutation; identical twins
    are alike.

    Returns:
        by person int16 (n, n_loci, 2), positions of the paternal and the maternal allele.

    Source:
        MacCluer et al. 1986, Zoo Biology 5:147-160 (gene dropping).
    """
    drawn: dict[str, AlleleArray] = {}
    for person in pedigree.ordered():
        twins = next((group for group in pedigree.twins if person.id in group), ())
        twin = next((drawn[other] for other in twins if other in drawn), None)
        if twin is not None:
            drawn[person.id] = twin
        elif person.father is None or person.mother is None:
            drawn[person.id] = _founders(rng, n, loci, person.inbreeding)
        else:
            child = np.empty((n, len(loci), 2), dtype=np.int16)
            for at, locus in enumerate(loci):
                child[:, at, 0] = _passed(rng, drawn[person.father][:, at], locus.male)
                child[:, at, 1] = _passed(rng, drawn[person.mother][:, at], locus.female)
            drawn[person.id] = child
    return drawn


def _founders(rng: Rng, n: int, loci: Sequence[Locus], inbreeding: float = 0.0) -> AlleleArray:
    """Genotypes of people whose parents nobody knows: int16 (n, n_loci, 2)."""
    out = np.empty((n, len(loci), 2), dtype=np.int16)
    for at, locus in enumerate(loci):
        out[:, at] = rng.choice(len(locus.p), (n, 2), p=locus.p)
    if inbreeding > 0:
        by_descent = rng.random((n, len(loci))) < inbreeding
        out[by_descent, 1] = out[by_descent, 0]
    return out


def _passed(rng: Rng, parents: AlleleArray, cumulative: FloatArray) -> NDArray[np.int64]:
    """The alleles that parents (n, 2) hand on, after mutation: int64 (n,)."""
    n = len(parents)
    before = parents[np.arange(n), rng.integers(2, size=n)]
    after: NDArray[np.int64] = (cumulative[before] <= rng.random((n, 1))).sum(axis=1)
    return np.minimum(after, len(cumulative) - 1)  # a row may sum to a little less than 1


def _family_rows(family: SyntheticFamily) -> Iterator[tuple[str, ...]]:
    """The rows of families.csv."""
    letters = {Sex.MALE: "M", Sex.FEMALE: "F", Sex.UNKNOWN: "U"}
    for person in family.pedigree:
        yield (
            family.id,
            person.id,
            person.father or "",
            person.mother or "",
            letters[person.sex],
            family.samples.get(person.id, ""),
            "1" if person.id == SOUGHT else "0",
        )


def _sample_lines(
    samples: Sequence[str], rows: Sequence[Sequence[Sequence[int]]], cells: Sequence[Cells]
) -> Iterator[str]:
    """The rows of profiles.csv; a marker that is not typed has none."""
    for sample, genotypes in zip(samples, rows, strict=True):
        for (first, second), cell in zip(genotypes, cells, strict=True):
            if first != NOT_TYPED:
                yield f"{sample},{cell[first][second]}"


Cells: TypeAlias = Sequence[Sequence[str]]
"""The end of a row of profiles.csv by both alleles' positions."""


def _cells(locus: Locus) -> Cells:
    """Each genotype of a locus written once; which allele stands first tells nothing."""
    names = locus.alleles
    return [
        [f"{locus.name},{names[min(i, j)]},{names[max(i, j)]}\n" for j in range(len(names))]
        for i in range(len(names))
    ]


def _plans() -> Iterator[Plan]:
    """The kinds of families, commonest first."""
    parents = trio(child=SOUGHT)
    yield Plan(parents, ("father", "mother"), 0.30)
    yield Plan(parents, ("mother",), 0.10)
    yield Plan(parents, ("father",), 0.08)
    one = siblings(SOUGHT, "sibling")
    yield Plan(one, ("mother", "sibling"), 0.10)
    yield Plan(siblings(SOUGHT, "sibling_1", "sibling_2"), ("sibling_1", "sibling_2"), 0.08)
    three = siblings(SOUGHT, "sibling_1", "sibling_2", "sibling_3")
    yield Plan(three, ("sibling_1", "sibling_2", "sibling_3"), 0.06)
    line = grandparents(SOUGHT, parent="father", other="mother")
    yield Plan(line, ("grandfather", "grandmother", "mother"), 0.06)
    uncle = line.with_child("uncle", father="grandfather", mother="grandmother", sex="male")
    yield Plan(uncle, ("uncle", "mother"), 0.05)
    half = half_siblings(
        SOUGHT,
        "half_sibling",
        shared="mother",
        first_other="father",
        second_other="stepfather",
        through="mother",
    )
    yield Plan(half, ("mother", "half_sibling"), 0.05)
    own = trio(SOUGHT, "wife", "grandchild", sex="female").with_parents(
        SOUGHT, father="father", mother="mother"
    )
    yield Plan(own, ("wife", "grandchild", "mother"), 0.05)
    both = line.with_parents("mother", father="mothers_father", mother="mothers_mother")
    grand = ("grandfather", "grandmother", "mothers_father", "mothers_mother")
    yield Plan(both, grand, 0.04)
    wide = both.with_child("sibling_1", father="father", mother="mother")
    wide = wide.with_child("sibling_2", father="father", mother="mother")
    yield Plan(wide, (*grand, "sibling_1", "sibling_2"), 0.03)


PLANS = tuple(_plans())
"""Mixed shapes; the last one has six typed relatives and two untyped parents."""
