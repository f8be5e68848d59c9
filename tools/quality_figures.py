"""Measure the quality checks: exchanged samples and duplicates, planted in invented people.

    python -m tools.quality_figures [--small]

Writes build/figures/quality.json. All people are drawn from a frequency table that ships.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reunion.kinship.compile import Family
from reunion.kinship.quality.consistency import check_consistency
from reunion.kinship.quality.duplicates import find_duplicates
from reunion.kinship.quality.exchanges import Weigher
from reunion.kinship.quality.material import SampledFamily
from reunion.kinship.quality.pairwise import TYPING_ERROR
from reunion.kinship.quality.swaps import GAIN, find_swaps
from reunion.kinship.search import People
from tools.invented_laboratory import DUPLICATE, KINDS, Rng, World, laboratory
from tools.records import Record, write_records


@dataclass(frozen=True)
class SwapFigures:
    """What came of planted exchanges, by kind: how many there were, were named, were noticed.

    `hidden`: those that hardly change the likelihood of all data, so that nobody can find them.
    """

    planted: Counter[int]
    hidden: Counter[int]
    named: Counter[int]
    noticed: Counter[int]
    false_swaps: int
    doubted_in_vain: int
    untouched: int
    seconds: float


def measure_swaps(world: World, rng: Rng, n: int, swaps: int) -> SwapFigures:
    """Plant and look. Named: the two samples stand in one finding; noticed: one of them in any."""
    lab = laboratory(world, rng, n, swaps)
    samples = lab.samples(world)
    start = time.perf_counter()
    plain = world.compiler.without_mutation()
    families, checked, doubted = [], {}, set()
    for at, (pedigree, owned) in enumerate(lab.families):
        profiles = {person: samples.profile(name) for person, name in owned.items()}
        family = Family(f"f{at}", pedigree, "sought", profiles)
        families.append(SampledFamily(family, owned))
        checked[family.id] = found = check_consistency(family, world.compiler, plain)
        seen = {person: samples.sexes[name] for person, name in owned.items()}
        if found.is_doubtful or any(pedigree[p].sex is not sex for p, sex in seen.items()):
            doubted |= set(owned.values())
    doubled = find_duplicates(samples.people, world.compiler)
    found_swaps = find_swaps(families, samples, world.compiler, checked, doubled)
    reported = [{_rows(pair) for pair in (s.samples, *s.as_likely)} for s in found_swaps]
    reported += [{_rows(duplicate.samples)} for duplicate in doubled]
    pairs = set().union(*reported)
    seconds = time.perf_counter() - start
    rows_doubted = {int(name[1:]) for name in doubted} | {row for pair in pairs for row in pair}
    weigher = Weigher(families, samples, world.compiler)
    names = samples.people.names
    planted, hidden, named, noticed = (Counter[int]() for _ in range(4))
    touched = set()
    for pair, kind in lab.planted.items():
        touched |= set(pair)
        planted[kind] += 1
        if kind != DUPLICATE:
            hidden[kind] += weigher.gain(names[pair[0]], names[pair[1]]) < GAIN
        named[kind] += pair in pairs
        noticed[kind] += not rows_doubted.isdisjoint(pair)
    hit = [not touched.isdisjoint(_numbers(f.samples.values())) for f in families]
    vain = [
        not is_hit and checked[f.family.id].is_doubtful
        for f, is_hit in zip(families, hit, strict=True)
    ]
    false = [equals for equals in reported if equals.isdisjoint(lab.planted)]
    return SwapFigures(
        planted, hidden, named, noticed, len(false), sum(vain), len(hit) - sum(hit), seconds
    )


def _numbers(names: Iterable[str]) -> set[int]:
    return {int(name[1:]) for name in names}


def _rows(names: tuple[str, str]) -> tuple[int, int]:
    one, other = (int(name[1:]) for name in names)
    return min(one, other), max(one, other)


@dataclass(frozen=True)
class DuplicateFigures:
    """What came of planted duplicates among unrelated people and pairs of siblings."""

    planted: int
    missed: int
    invented: int
    siblings: int
    siblings_reported: int
    siblings_certain: int
    seconds: float


def measure_duplicates(
    world: World, rng: Rng, n: int, duplicates: int, sibling_pairs: int
) -> DuplicateFigures:
    """Among n profiles: the first ones are there twice, the next ones have a full sibling there."""
    once = world.strangers(rng, n - duplicates - sibling_pairs)
    parents = world.strangers(rng, 2 * sibling_pairs)
    fathers, mothers = parents[:sibling_pairs], parents[sibling_pairs:]
    once[duplicates : duplicates + sibling_pairs] = world.child(rng, fathers, mothers)
    kin = world.child(rng, fathers, mothers)
    original = world.typed_again(rng, once[:duplicates], TYPING_ERROR)
    again = world.typed_again(rng, once[:duplicates], TYPING_ERROR)
    once[:duplicates] = original
    names = [f"s{row:07d}" for row in range(n)]
    people = People(names, world.book, world.codes(np.concatenate([once, again, kin])))
    start = time.perf_counter()
    found = {_rows(f.samples): f for f in find_duplicates(people, world.compiler)}
    seconds = time.perf_counter() - start
    first = len(once)
    wanted = {(at, first + at) for at in range(duplicates)}
    kin_pairs = {(duplicates + at, first + duplicates + at) for at in range(sibling_pairs)}
    return DuplicateFigures(
        duplicates,
        len(wanted - found.keys()),
        len(found.keys() - wanted - kin_pairs),
        sibling_pairs,
        len(found.keys() & kin_pairs),
        sum(found[pair].is_certain for pair in found.keys() & kin_pairs),
        seconds,
    )


Row = tuple[str, float, str, str, bool | None]
"""Name, value, unit, goal, whether it is met."""


def figures(*, samples: int, swaps: int, profiles: int, duplicates: int) -> Iterator[Row]:
    """All figures, one by one."""
    world = World.of_pack()
    rng = np.random.default_rng(20240607)
    found = measure_swaps(world, rng, samples, swaps)
    for kind, title in enumerate(KINDS):
        planted = found.planted[kind]
        base = f"exchange, {title}"
        yield f"{base}: planted", planted, "exchanges", "", None
        yield (
            f"{base}: changes the likelihood less than 1e6, cannot be found",
            (found.hidden[kind]),
            "exchanges",
            "",
            None,
        )
        yield f"{base}: pair named", found.named[kind] / planted, "share", "", None
        yield f"{base}: noticed", found.noticed[kind] / planted, "share", "", None
        visible = planted - found.hidden[kind]
        share = found.named[kind] / visible if visible else 1.0
        yield f"{base}: named of those that can be found", share, "share", "", None
    yield (
        "exchanges and duplicates named in vain",
        found.false_swaps,
        f"in {samples} samples",
        ("0"),
        found.false_swaps == 0,
    )
    share = found.doubted_in_vain / found.untouched
    yield "sound families called doubtful", share, "share", "below 0.01", share < 0.01
    yield "all checks of exchanges", found.seconds, f"s for {samples} samples", "", None
    again = measure_duplicates(world, rng, profiles, duplicates, duplicates)
    yield (
        "duplicates with 1 % typing error per allele, missed",
        again.missed,
        (f"of {again.planted}"),
        "0",
        again.missed == 0,
    )
    yield (
        "duplicates invented",
        again.invented,
        f"among {profiles} profiles",
        ("0"),
        again.invented == 0,
    )
    yield (
        "full siblings reported as duplicates or siblings",
        again.siblings_reported,
        (f"of {again.siblings} pairs"),
        "",
        None,
    )
    yield (
        "full siblings called one person for certain",
        again.siblings_certain,
        (f"of {again.siblings} pairs"),
        "0",
        again.siblings_certain == 0,
    )
    yield "all against all", again.seconds, f"s for {profiles} profiles", "", None


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a hundredth of the size")
    parser.add_argument("--out", type=Path, default=Path("build/figures/quality.json"))
    arguments = parser.parse_args()
    scale = 100 if arguments.small else 1
    rows = []
    for name, value, unit, goal, met in figures(
        samples=100_000 // scale,
        swaps=1_002 if scale == 1 else 60,
        profiles=1_000_000 // scale,
        duplicates=10_000 // scale,
    ):
        print(f"{name}: {value:g} {unit} {goal and f'(goal: {goal})'}", flush=True)
        rows.append(Record(name, value, unit, goal, met))
    command = "python -m tools.quality_figures" + " --small" * arguments.small
    write_records(arguments.out, rows, command=command)


if __name__ == "__main__":
    main()
