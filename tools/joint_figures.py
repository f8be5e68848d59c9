"""Measure joint identification: 16 candidates for 15 sought persons, families of several shapes.

    python -m tools.joint_figures

Writes build/figures/joint.json. All people are drawn from a frequency table that ships.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reunion.kinship.errors import TooExpensive, TooManyAssignments
from reunion.kinship.identification.identify import Candidate, SoughtGroup, identify
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Genotype, Profile
from reunion.kinship.pedigree import Pedigree, siblings, single
from reunion.packs.dna import load_dna
from tools.records import Record, write_records

TABLE, KIT = "nist_asian", "GlobalFiler"
SECONDS = 10.0
COMMAND = "python -m tools.joint_figures"

Rng = np.random.Generator


@dataclass(frozen=True)
class Shape:
    """A family of 15 sought persons."""

    name: str
    pedigree: Pedigree
    sought: tuple[str, ...]
    typed: tuple[str, ...]


def shapes() -> list[Shape]:
    """From the easiest to those that cannot be solved."""
    couples = Pedigree(())
    for k in range(5):
        for i in range(3):
            couples = couples.with_child(f"c{k}{i}", father=f"F{k}", mother=f"M{k}", sex=sex(i))
    children = tuple(f"c{k}{i}" for k in range(5) for i in range(3))
    parents = tuple(f"{p}{k}" for p in "FM" for k in range(5))
    brothers = siblings(*(f"F{k}" for k in range(5)), father="G", mother="H", sex="male")
    cousins = brothers
    for k in range(5):
        for i in range(3):
            cousins = cousins.with_child(f"c{k}{i}", father=f"F{k}", mother=f"M{k}", sex=sex(i))
    mothers = tuple(f"M{k}" for k in range(5))
    some = (*(f"F{k}" for k in range(4)), *(f"c{k}{i}" for k in range(4) for i in range(3)))
    sibs = siblings(*(f"s{i}" for i in range(16)))
    fifteen = tuple(f"s{i}" for i in range(15))
    return [
        Shape("five_couples_typed_parents", couples, children, parents),
        Shape("cousins_typed_grandparents_and_mothers", cousins, children, ("G", "H", *mothers)),
        Shape("fathers_and_children_typed_mothers", cousins, some[:15], ("H", *mothers)),
        Shape("fifteen_siblings_typed_mother", sibs, fifteen, ("mother",)),
        Shape("fifteen_siblings_of_one_typed", sibs, fifteen, ("s15",)),
        Shape("cousins_typed_grandparents", cousins, children, ("G", "H")),
    ]


def sex(number: int) -> str:
    """By turns."""
    return "female" if number % 2 else "male"


def models() -> list[MarkerModel]:
    """The markers of the kit, with mutation."""
    pack = load_dna()
    table = pack.tables[TABLE].markers
    loci = [locus for locus in pack.kits[KIT].autosomal if locus in table]
    mutations = pack.mutations(loci)
    return [MarkerModel(table[locus].prepared(), mutations[locus]) for locus in loci]


def born(pedigree: Pedigree, markers: Sequence[MarkerModel], rng: Rng) -> dict[str, Profile]:
    """Everybody's genotypes, handed down without mutation."""
    people: dict[str, dict[str, Genotype]] = {}
    alleles: dict[tuple[str, str], list[str]] = {}
    for person in pedigree.ordered():
        profile: dict[str, Genotype] = {}
        for marker in markers:
            pair = [
                str(rng.choice(marker.frequencies.alleles, p=marker.laws.p))
                if parent is None
                else alleles[parent, marker.name][int(rng.integers(2))]
                for parent in (person.father, person.mother)
            ]
            alleles[person.id, marker.name] = pair
            profile[marker.name] = (pair[0], pair[1])
        people[person.id] = profile
    return dict(people)


Row = tuple[str, float, str, str | None, bool | None]


def figures() -> Iterator[Row]:
    """Name, value, unit, goal and whether it is met: for 12 and for 4 true ones among 16."""
    markers = models()
    worst, wrong = 0.0, 0
    for shape in shapes():
        for true in (12, 4):
            rng = np.random.default_rng(5)
            people = born(shape.pedigree, markers, rng)
            found = rng.choice(len(shape.sought), true, replace=False).tolist()
            candidates = [
                Candidate.alone(name, people[name], sex=shape.pedigree[name].sex)
                for name in (shape.sought[at] for at in found)
            ]
            candidates += [
                Candidate.alone(f"stranger {at}", born(single("x"), markers, rng)["x"])
                for at in range(16 - true)
            ]
            typed = {name: people[name] for name in shape.typed}
            group = SoughtGroup(shape.name, shape.pedigree, shape.sought, typed)
            start, ended = time.perf_counter(), "weighed"
            try:
                best = identify(group, candidates, markers).assignments[0]
                names = {name for name, _ in best.pairs}
                wrong += len(names ^ {candidate.id for candidate in candidates[:true]})
            except (TooManyAssignments, TooExpensive) as refused:
                ended = f"refused, {type(refused).__name__}"
            seconds = time.perf_counter() - start
            worst = max(worst, seconds)
            yield (
                f"{shape.name}_{true}_of_16, {ended}",
                seconds,
                "s",
                f"< {SECONDS:g}",
                seconds < SECONDS,
            )
    yield "slowest_of_16_x_15", worst, "s", f"< {SECONDS:g}", worst < SECONDS
    yield "candidates_taken_or_left_out_wrongly", float(wrong), "candidates", None, None


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/figures/joint.json"))
    arguments = parser.parse_args()
    rows = []
    for name, value, unit, goal, met in figures():
        print(f"{name}: {value:.3g} {unit} {f'(goal: {goal})' if goal else ''}", flush=True)
        rows.append(Record(name.replace("_", " "), value, unit, goal, met))
    write_records(
        arguments.out, rows, command=COMMAND, libraries=("reunion", "numpy", "opt_einsum")
    )


if __name__ == "__main__":
    main()
