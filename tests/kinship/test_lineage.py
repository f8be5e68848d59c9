"""Paternal and maternal lines: against enumeration, published tables and closed formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import pytest

from reunion.kinship.errors import BadSequence, BadSetting
from reunion.kinship.lineage import (
    CountedFrequency,
    Verdict,
    YComparison,
    YHaplotype,
    chance_of_no_difference,
    compare_y,
)
from reunion.kinship.mitochondrial import MitoSequence, compare_mito
from reunion.packs.dna import load_dna

RATES = {locus: found.rate for locus, found in load_dna().y_rates.items()}
KITS = load_dna().y_kits
UNSEEN = CountedFrequency(0, 10_000)


@pytest.mark.parametrize(
    ("kit", "markers", "total", "none"),
    [
        ("Yfiler", 17, 0.045, (0.956, 0.915, 0.837)),
        ("PowerPlex Y23", 23, 0.086, (0.917, 0.841, 0.707)),
        ("Yfiler Plus", 27, 0.144, (0.865, 0.748, 0.560)),
    ],
)
def test_the_chance_of_no_difference_is_that_of_the_published_table(
    kit: str, markers: int, total: float, none: tuple[float, float, float]
) -> None:
    assert len(KITS[kit]) == markers
    assert sum(RATES[marker] for marker in KITS[kit]) == pytest.approx(total, abs=6e-4)
    for meioses, expected in zip((1, 2, 4), none, strict=True):
        ours = chance_of_no_difference(KITS[kit], RATES, meioses)
        assert ours == pytest.approx(expected, abs=6e-4)


def haplotype(**changes: str) -> YHaplotype:
    """A haplotype of all markers of Yfiler Plus, some of them changed."""
    plain = dict.fromkeys(KITS["Yfiler Plus"], "14")
    plain |= {"DYS389I": "13", "DYS389II": "29", "DYS385a": "11", "DYS385b": "17"}
    return YHaplotype.of({**plain, **changes})


def compared(one: YHaplotype, other: YHaplotype, meioses: int = 1) -> YComparison:
    return compare_y(one, other, meioses=meioses, rates=RATES, frequency=UNSEEN)


def test_equal_haplotypes_of_father_and_son_support() -> None:
    found = compared(haplotype(), haplotype())
    assert found.differing == ()
    assert found.lr == pytest.approx(
        chance_of_no_difference(KITS["Yfiler Plus"], RATES, 1) * 10_001, rel=0.01
    )
    assert found.verdict is Verdict.SUPPORT
    assert found.least_lr < found.lr


def by_paths(start: Sequence[int], end: Sequence[int], rates: Sequence[float], m: int) -> float:
    """P(unordered alleles `end` | copies `start`), by every way in which m meioses may step."""
    steps = {rate: {-1: rate / 2, 0: 1 - rate, 1: rate / 2} for rate in rates}
    total = 0.0
    for ways in product((-1, 0, 1), repeat=m * len(start)):
        parts = [ways[at * m : (at + 1) * m] for at in range(len(start))]
        reached = [value + sum(part) for value, part in zip(start, parts, strict=True)]
        if sorted(reached) == sorted(end):
            total += math.prod(
                steps[rate][step] for rate, part in zip(rates, parts, strict=True) for step in part
            )
    return total


@pytest.mark.parametrize("meioses", [1, 2, 3])
@pytest.mark.parametrize("end", [(11, 14), (12, 14), (11, 13), (12, 13), (12, 12), (13, 13)])
def test_the_chance_of_two_copies_is_the_sum_over_all_steps_and_both_ways(
    meioses: int, end: tuple[int, int]
) -> None:
    start = (12, 13)
    one, other = (YHaplotype.of({"DYS385a": str(a), "DYS385b": str(b)}) for a, b in (start, end))
    rates = {"DYS385a": 0.1, "DYS385b": 0.3}
    found = compare_y(one, other, meioses=meioses, rates=rates, frequency=UNSEEN)
    expected = by_paths(start, end, list(rates.values()), meioses)
    assert 10**found.log10_likelihood == pytest.approx(expected, abs=2e-6)


def test_two_copies_have_no_order() -> None:
    assert haplotype(DYS385a="11", DYS385b="17") == haplotype(DYS385a="17", DYS385b="11")


def test_the_repeats_of_dys389i_within_dys389ii_count_once() -> None:
    found = compared(haplotype(), haplotype(DYS389I="14", DYS389II="30"))
    assert found.differing == ("DYS389I",)


@pytest.mark.parametrize("meioses", [1, 2])
def test_two_differences_never_speak_against_close_relatives(meioses: int) -> None:
    far = haplotype(DYS19="19", DYS392="18.2")
    assert compared(haplotype(), far, meioses).verdict is Verdict.INCONCLUSIVE
    assert compared(haplotype(), far, 4).verdict is Verdict.AGAINST


def test_many_differences_speak_against_and_exclude_never() -> None:
    far = haplotype(DYS19="19", DYS392="17", DYS437="9", DYS448="19", DYS438="11")
    found = compared(haplotype(), far, 2)
    assert found.verdict is Verdict.AGAINST
    assert found.lr == 1e-4


def test_only_markers_of_both_with_a_rate_are_compared() -> None:
    one, other = YHaplotype.of({"DYS19": "14", "DYS385a": "11"}), YHaplotype.of({"DYS391": "10"})
    found = compared(one, other)
    assert (found.markers, found.lr, found.verdict) == ((), 1.0, Verdict.INCONCLUSIVE)


def test_no_birth_between_two_men_is_refused() -> None:
    with pytest.raises(BadSetting):
        compared(haplotype(), haplotype(), 0)


@pytest.mark.parametrize(("seen", "size"), [(0, 1), (0, 500), (3, 500), (40, 90), (7, 7), (0, 0)])
def test_the_upper_bound_leaves_five_in_a_hundred_for_so_few_sightings(
    seen: int, size: int
) -> None:
    counted = CountedFrequency(seen, size)
    p = counted.upper
    few = sum(math.comb(size, i) * p**i * (1 - p) ** (size - i) for i in range(seen + 1))
    assert p == 1 if seen == size else few == pytest.approx(0.05, rel=1e-9)
    if seen == 0 and size:
        assert p == pytest.approx(1 - 0.05 ** (1 / size), rel=1e-9)


def test_more_sightings_than_haplotypes_are_refused() -> None:
    with pytest.raises(BadSetting):
        CountedFrequency(3, 2)


HV1, HV2 = (16024, 16365), (73, 340)


@pytest.mark.parametrize(
    ("one", "other", "differing", "verdict"),
    [
        (("T16093C",), ("T16093C",), (), Verdict.SUPPORT),
        (("T16093C", "A263G"), ("A263G",), ("16093",), Verdict.INCONCLUSIVE),
        (("T16093C", "C16223T"), (), ("16093", "16223"), Verdict.AGAINST),
        (("309.1C", "315.1C"), ("315.1C", "315.2C"), (), Verdict.SUPPORT),
        (("16193.1C",), (), ("16193.1",), Verdict.INCONCLUSIVE),
        (("16193.1C", "16193.2C"), (), ("16193.1",), Verdict.INCONCLUSIVE),
        (("G16047DEL",), (), ("16047",), Verdict.INCONCLUSIVE),
        (("A249DEL", "A250DEL"), (), ("249",), Verdict.INCONCLUSIVE),
        (("T16093Y",), ("T16093C",), (), Verdict.SUPPORT),
        (("T16093Y",), (), (), Verdict.SUPPORT),
        (("T16093R",), (), ("16093",), Verdict.INCONCLUSIVE),
        (("T16093A",), ("T16093C",), ("16093",), Verdict.INCONCLUSIVE),
    ],
)
def test_differences_of_two_sequences(
    one: tuple[str, ...], other: tuple[str, ...], differing: tuple[str, ...], verdict: Verdict
) -> None:
    first, second = (MitoSequence((HV1, HV2), notes) for notes in (one, other))
    for found in (compare_mito(first, second), compare_mito(second, first)):
        assert (found.differing, found.verdict) == (differing, verdict)


def test_settings_make_lengths_and_mixtures_count() -> None:
    one = MitoSequence((HV1, HV2), ("309.1C", "T16093Y"))
    other = MitoSequence((HV1, HV2), ())
    found = compare_mito(one, other, is_length_ignored=False, is_heteroplasmy_ignored=False)
    assert found.differing == ("309.1", "16093")


def test_only_what_both_have_sequenced_is_compared() -> None:
    one = MitoSequence((HV1, HV2), ("T16093C", "T152C"))
    other = MitoSequence((HV1,), ("T16093C",))
    found = compare_mito(one, other)
    assert (found.positions, found.differing) == (342, ())
    little = compare_mito(one, MitoSequence(((16080, 16100),), ("T16093C",)))
    assert (little.positions, little.verdict) == (21, Verdict.INCONCLUSIVE)
    none = compare_mito(MitoSequence((HV2,), ()), other)
    assert (none.positions, none.verdict) == (0, Verdict.INCONCLUSIVE)


def test_a_range_may_run_through_the_origin() -> None:
    whole = MitoSequence(((16024, 576),), ("T16093C", "A263G"))
    assert len(whole.positions) == 546 + 576


@pytest.mark.parametrize(
    "note", ["", "16093", "T99999C", "T20000C", "16093.0C", "16093.1DEL", "XT16093C", "T500C"]
)
def test_a_note_that_cannot_be_read_is_refused(note: str) -> None:
    with pytest.raises(BadSequence):
        MitoSequence((HV1, HV2), (note,))


def test_a_position_stands_only_once_and_ranges_lie_on_the_molecule() -> None:
    with pytest.raises(BadSequence):
        MitoSequence((HV1,), ("T16093C", "T16093A"))
    with pytest.raises(BadSequence):
        MitoSequence(((0, 100),), ())


def test_support_by_a_sequence_is_one_over_the_upper_bound_and_contradiction_has_no_figure() -> (
    None
):
    one = MitoSequence((HV1,), ("T16093C",))
    seen = CountedFrequency(2, 1000)
    assert compare_mito(one, one, frequency=seen).least_lr == 1 / seen.upper
    assert compare_mito(one, MitoSequence((HV1,), ()), frequency=seen).least_lr is None
