"""Exchanged samples: found where they can be, and what nobody can find."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from reunion.kinship.compile import Family
from reunion.kinship.likelihood import marker_likelihood
from reunion.kinship.markers import Profile
from reunion.kinship.pedigree import Pedigree, Sex, single
from reunion.kinship.quality.consistency import check_consistency
from reunion.kinship.quality.duplicates import find_duplicates
from reunion.kinship.quality.exchanges import Scope, Swap, Weigher
from reunion.kinship.quality.material import SampledFamily, Samples
from reunion.kinship.quality.swaps import find_swaps
from tools.invented_laboratory import (
    DUPLICATE,
    KINDS,
    PARENT_CHILD,
    SIBLINGS,
    Laboratory,
    World,
    laboratory,
)
from tools.quality_figures import measure_swaps

pytestmark = pytest.mark.threat("T15")

WORLD = World.of_pack()
PLAIN = WORLD.compiler.without_mutation()


def families_of(lab: Laboratory, samples: Samples) -> list[SampledFamily]:
    """The families with the profiles that their labels name."""
    return [
        SampledFamily(
            Family(
                f"f{at}",
                pedigree,
                "sought",
                {person: samples.profile(name) for person, name in owned.items()},
            ),
            owned,
        )
        for at, (pedigree, owned) in enumerate(lab.families)
    ]


def found_in(lab: Laboratory) -> tuple[Swap, ...]:
    """The exchanges that are found."""
    samples = lab.samples(WORLD)
    families = families_of(lab, samples)
    checked = {f.family.id: check_consistency(f.family, WORLD.compiler, PLAIN) for f in families}
    doubled = find_duplicates(samples.people, WORLD.compiler)
    return find_swaps(families, samples, WORLD.compiler, checked, doubled)


def swapped(lab: Laboratory, one: str, other: str) -> None:
    """Exchange what two labels stand for."""
    a, b = int(one[1:]), int(other[1:])
    lab.people[[a, b]] = lab.people[[b, a]]
    lab.sexes[a], lab.sexes[b] = lab.sexes[b], lab.sexes[a]


@pytest.fixture
def lab() -> Laboratory:
    """Sixty samples in families and forty of nobody's relatives, none exchanged."""
    return laboratory(WORLD, np.random.default_rng(1), 100, 0)


def with_four_typed(lab: Laboratory) -> list[dict[str, str]]:
    """The samples of the families with both parents and two siblings."""
    return [owned for _, owned in lab.families if len(owned) == 4]


def test_nothing_is_found_where_nothing_is_wrong(lab: Laboratory) -> None:
    assert found_in(lab) == ()


def test_samples_of_two_families_are_found_and_named(lab: Laboratory) -> None:
    one, other = (owned["sibling_1"] for owned in with_four_typed(lab)[:2])
    swapped(lab, one, other)
    (swap,) = found_in(lab)
    assert swap.samples == (min(one, other), max(one, other))
    assert swap.scope is Scope.BETWEEN_FAMILIES
    assert swap.log10_gain > 20


def test_a_parent_and_the_own_child_are_found_where_the_other_parent_is_typed(
    lab: Laboratory,
) -> None:
    owned = with_four_typed(lab)[0]
    swapped(lab, owned["mother"], owned["sibling_1"])
    (swap,) = found_in(lab)
    assert set(swap.samples) == {owned["mother"], owned["sibling_1"]}
    assert swap.scope is Scope.WITHIN_FAMILY


def test_a_relative_and_a_sample_of_no_family_are_found(lab: Laboratory) -> None:
    owned = with_four_typed(lab)[0]
    swapped(lab, owned["father"], "s0000099")
    (swap,) = found_in(lab)
    assert swap.samples == (owned["father"], "s0000099")
    assert swap.scope is Scope.UNRELATED_SAMPLE
    assert swap.places[1] == ()


@pytest.mark.parametrize("seen", [Sex.FEMALE, None])
def test_siblings_of_one_sex_cannot_be_told_apart(lab: Laboratory, seen: Sex | None) -> None:
    owned = with_four_typed(lab)[0]
    for sibling in ("sibling_1", "sibling_2"):
        lab.sexes[int(owned[sibling][1:])] = seen or Sex.UNKNOWN
    at = next(at for at, (_, of) in enumerate(lab.families) if of is owned)
    pedigree = lab.families[at][0].with_sex("sibling_1", "female").with_sex("sibling_2", "female")
    lab.families[at] = pedigree, owned
    swapped(lab, owned["sibling_1"], owned["sibling_2"])
    assert found_in(lab) == ()


def test_siblings_of_two_sexes_are_told_apart_by_the_sex_marker(lab: Laboratory) -> None:
    for at, (pedigree, owned) in enumerate(lab.families):
        if len(owned) == 4:
            changed = pedigree.with_sex("sibling_1", "female").with_sex("sibling_2", "male")
            lab.families[at] = changed, owned
            lab.sexes[int(owned["sibling_1"][1:])] = Sex.FEMALE
            lab.sexes[int(owned["sibling_2"][1:])] = Sex.MALE
    owned = with_four_typed(lab)[0]
    swapped(lab, owned["sibling_1"], owned["sibling_2"])
    (swap,) = found_in(lab)
    assert set(swap.samples) == {owned["sibling_1"], owned["sibling_2"]}


def test_the_gain_of_an_exchange_is_the_ratio_of_all_data_written_out(lab: Laboratory) -> None:
    samples = lab.samples(WORLD)
    families = families_of(lab, samples)
    weigher = Weigher(families, samples, WORLD.compiler)
    first, second = [f for f in families if len(f.samples) == 4][:2]
    one, other, alone = first.samples["mother"], second.samples["sibling_2"], "s0000099"

    def log10(pedigree: Pedigree, profiles: Mapping[str, Profile]) -> float:
        return sum(
            math.log10(
                marker_likelihood(pedigree, m, {p: of[m.name] for p, of in profiles.items()})
            )
            for m in WORLD.compiler.models
            if m is not None
        )

    def everything(exchanged: Mapping[str, str]) -> float:
        total = 0.0
        for sampled in (first, second):
            profiles = {
                person: samples.profile(exchanged.get(name, name))
                for person, name in sampled.samples.items()
            }
            total += log10(sampled.family.pedigree, profiles)
        nobody = samples.profile(exchanged.get(alone, alone))
        return total + log10(single("x"), {"x": nobody})

    unsexed = Weigher(families, Samples(samples.people), WORLD.compiler)
    for pair in ((one, other), (one, alone), (one, first.samples["sibling_1"])):
        by_hand = everything(dict(zip(pair, pair[::-1], strict=True))) - everything({})
        assert unsexed.gain(*pair) == pytest.approx(by_hand, abs=1e-8)
        assert weigher.gain(*pair) <= unsexed.gain(*pair) + 0.01


def test_a_missing_child_in_the_file_is_not_taken_for_an_exchanged_sibling() -> None:
    rng = np.random.default_rng(3)
    for _ in range(8):
        lab = laboratory(WORLD, rng, 60, 0)
        owned = with_four_typed(lab)[0]
        father, mother = (lab.people[[int(owned[p][1:])]] for p in ("father", "mother"))
        lab.people[-1] = WORLD.child(rng, father, mother)[0]
        assert found_in(lab) == ()


def test_a_small_version_of_the_published_figure() -> None:
    figures = measure_swaps(WORLD, np.random.default_rng(4), 1000, 60)
    for kind in range(len(KINDS)):
        # Parent and child of a duo, or siblings, of one sex cannot be told apart.
        least = {PARENT_CHILD: 0.5, SIBLINGS: 0.2}.get(kind, 0.9)
        assert figures.noticed[kind] >= figures.named[kind] >= least * figures.planted[kind]
    assert figures.named[DUPLICATE] == figures.planted[DUPLICATE]
    assert figures.false_swaps <= 1
    assert figures.doubted_in_vain <= 0.02 * figures.untouched


def test_where_two_mothers_or_their_two_children_may_be_exchanged_both_are_said(
    lab: Laboratory,
) -> None:
    duos = [owned for _, owned in lab.families if len(owned) == 2][:2]
    mothers, children = (
        tuple(sorted(owned[person] for owned in duos)) for person in ("mother", "sibling_1")
    )
    for pairs in (mothers, children):
        for name in pairs:
            lab.sexes[int(name[1:])] = Sex.UNKNOWN
    swapped(lab, *mothers)
    (swap,) = found_in(lab)
    assert {swap.samples, *swap.as_likely} == {mothers, children}


def test_a_copy_of_a_relative_in_another_family_suggests_no_exchange() -> None:
    rng = np.random.default_rng(5)
    for _ in range(6):
        lab = laboratory(WORLD, rng, 60, 0)
        duos = [owned for _, owned in lab.families if len(owned) == 2][:2]
        label, copied = (int(owned["mother"][1:]) for owned in duos)
        lab.people[label] = lab.people[copied]
        lab.sexes[label] = lab.sexes[copied]
        assert found_in(lab) == ()
