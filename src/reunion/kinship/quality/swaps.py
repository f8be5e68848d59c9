"""Exchanged samples: two profiles that fit far better when their labels are exchanged.

Within a family every two samples are tried. Over a whole file, each place (a typed person of a
family) that its own sample does not fit is compiled as if the person were sought, and everybody's
profile is scanned for it; the exchanges that this suggests are then weighed exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reunion.kinship.compile import Compiler, Family
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.quality.consistency import AS_LIKELY, Change, Consistency
from reunion.kinship.quality.exchanges import Swap, Weigher
from reunion.kinship.quality.material import SampledFamily, Samples
from reunion.kinship.quality.sameness import Duplicate
from reunion.kinship.scan import search

GAIN = 6.0
"""log10: an exchange is reported where it makes all data 1e6 times more likely (dna.md 3.10)."""

UNFIT = -1.0
"""log10: a place takes part in the exchanges over a file where its own sample fits it ten times
worse than a stranger's; a sample may take a place that it fits better than that."""

SIDE_GAIN = 2.0
"""log10: what each side of an exchange must gain, where neither side alone is convincing."""

TOGETHER = 512
"""Places that are compiled and scanned together."""


@dataclass(frozen=True, slots=True)
class _UnfitPlace:
    """A place whose own sample fits it worse than a stranger's would: by number of the family."""

    family: int
    person: str
    fit: float


@dataclass(frozen=True, slots=True)
class _Side:
    """How much better a sample fits a place than the one labelled so, and how well it does."""

    gain: float
    fit: float


def find_swaps(
    families: Sequence[SampledFamily],
    samples: Samples,
    compiler: Compiler,
    consistencies: Mapping[str, Consistency],
    duplicates: Iterable[Duplicate] = (),
    *,
    threads: int | None = None,
) -> tuple[Swap, ...]:
    """Every exchange of two samples that raises the likelihood of all data by 1e6 or more.

    Looked at are: all pairs within each family; and over the whole file the pairs of which each
    side gains 100, or one side alone gains 1000 and fits by itself better than chance. The sex
    marker counts as evidence. Within a family an exchange must explain at least as much as one
    link cut or one profile replaced would. Where several exchanges touch one family or sample, the
    best one is reported, since it often brings the others with it: correct it, then check again.

    What no method can find: an exchange that leaves the likelihood as it is (two full siblings, or
    parent and child of a duo, of one sex; both parents without a typed child), and three or more
    samples exchanged in a circle, unless two of them alone gain enough.

    Args:
        families: persons and their samples.
        samples: everybody's profiles.
        compiler: the markers.
        consistencies: of `check_consistency`, by family.
        duplicates: samples of one person; no exchange is suggested that brings them into one
            family, where the same genotype twice would pass for parent and child.
        threads: None: one per processor.
    """
    weigher = Weigher(families, samples, compiler)
    doubled: dict[str, set[str]] = defaultdict(set)
    for duplicate in duplicates:
        one, other = duplicate.samples
        doubled[one].add(other)
        doubled[other].add(one)
    least = {
        pair: GAIN
        for pair in _suggested(weigher, consistencies, threads)
        if not weigher.joins(*pair, doubled)
    }
    for sampled in families:
        # Within a family, an exchange must also explain more than one link or one sample would.
        checked = consistencies.get(sampled.family.id)
        alternatives = checked.alternatives if checked else ()
        alone = -min((alternative.log10_lr for alternative in alternatives), default=0.0)
        for one, other in combinations(sampled.samples.values(), 2):
            least[min(one, other), max(one, other)] = max(GAIN, alone)
    found = {pair: gain for pair in least if (gain := weigher.gain(*pair)) >= least[pair]}
    taken: dict[str, tuple[str, str]] = {}
    as_likely: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for pair in sorted(found, key=lambda pair: (-found[pair], pair)):
        touched = weigher.touched(*pair)
        better = {taken[sample] for sample in touched if sample in taken}
        for rival in better:
            if found[pair] >= found[rival] - AS_LIKELY:
                as_likely[rival].append(pair)
        if not better:
            taken.update(dict.fromkeys(touched, pair))
            as_likely[pair] = []
    return tuple(weigher.swap(*pair, found[pair], equals) for pair, equals in as_likely.items())


def _suggested(
    weigher: Weigher, consistencies: Mapping[str, Consistency], threads: int | None
) -> Iterator[tuple[str, str]]:
    """Pairs of samples, not of one family, that might have been exchanged."""
    sides: dict[tuple[str, str], _Side] = {}
    unfit = list(_unfit_places(weigher, consistencies))
    for start in range(0, len(unfit), TOGETHER):
        for pair, side in _sides(weigher, unfit[start : start + TOGETHER], threads):
            if pair not in sides or sides[pair].gain < side.gain:
                sides[pair] = side
    for (sample, other), side in sides.items():
        back = sides.get((other, sample))
        bar = weigher.bar(sample, other)
        is_enough = side.gain >= GAIN / 2 and side.fit >= bar
        if back is not None:
            is_enough |= side.gain + back.gain >= GAIN and side.fit + back.fit >= bar
        if is_enough:
            yield min(sample, other), max(sample, other)


def _unfit_places(
    weigher: Weigher, consistencies: Mapping[str, Consistency]
) -> Iterator[_UnfitPlace]:
    """The places that their own samples do not fit."""
    for at, sampled in enumerate(weigher.families):
        checked = consistencies.get(sampled.family.id)
        for alternative in checked.alternatives if checked else ():
            if alternative.change is Change.SAMPLE_REPLACED:
                person = alternative.person
                sex = weigher.sex(at, person, sampled.samples[person])
                if alternative.log10_lr + sex < UNFIT:
                    yield _UnfitPlace(at, person, alternative.log10_lr + sex)


def _sides(
    weigher: Weigher, places: Sequence[_UnfitPlace], threads: int | None
) -> Iterator[tuple[tuple[str, str], _Side]]:
    """For unfit places: (own sample, sample that fits better), and how much better."""
    people = weigher.samples.people
    tables = [_table(weigher, place) for place in places]
    least = np.array([max(UNFIT, place.fit + SIDE_GAIN) for place in places])
    hits = search(people.codes, tables, threshold=least, threads=threads)
    for place, hit in zip(places, hits, strict=True):
        own = weigher.families[place.family].samples
        for row, score in zip(hit.rows.tolist(), hit.scores.tolist(), strict=True):
            sample = people.names[row]
            fit = score + weigher.sex(place.family, place.person, sample)
            if fit >= UNFIT and fit >= place.fit + SIDE_GAIN and sample not in own.values():
                yield (own[place.person], sample), _Side(fit - place.fit, fit)


def _table(weigher: Weigher, place: _UnfitPlace) -> FloatArray:
    """How well each genotype fits a place; markers where the relatives contradict tell nothing."""
    family = weigher.families[place.family].family
    others = {name: of for name, of in family.profiles.items() if name != place.person}
    sought = Family(family.id, family.pedigree, place.person, others, family.dropout)
    blocks = weigher.compiler.blocks(sought)
    places = (where for _, _, where in weigher.compiler.book.blocks())
    return np.concatenate(
        [
            np.zeros(where.stop - where.start) if block is None else block
            for block, where in zip(blocks, places, strict=True)
        ]
    )
