"""The rules that make joint identification affordable: exclusion, settling, swaps, bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from reunion.kinship.errors import (
    BadGenotype,
    BadSetting,
    Contradiction,
    DuplicatePerson,
    TooExpensive,
    TooManyAssignments,
    UnknownPerson,
)
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.identification.assignments import Place, components, count, listed, swappable
from reunion.kinship.identification.identify import (
    Candidate,
    Identification,
    IdentifySettings,
    Reading,
    SoughtGroup,
    Standing,
    identify,
)
from reunion.kinship.likelihood import MarkerModel
from reunion.kinship.markers import Profile
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import Pedigree, Sex, siblings, trio

ALLELES = tuple(map(str, range(8, 18)))
MARKERS = tuple(f"M{at}" for at in range(20))
MODELS = [
    MarkerModel(
        Frequencies(name, ALLELES, (0.1,) * 10).prepared(rule=RareRule.AS_GIVEN),
        Mutation(MutationKind.EQUAL, female=0.001, male=0.002),
    )
    for name in MARKERS
]
ALL = math.inf


def born(pedigree: Pedigree, seed: int) -> dict[str, Profile]:
    """Everybody's genotypes, handed down without mutation."""
    rng = np.random.default_rng(seed)
    people: dict[str, dict[str, tuple[str, str]]] = {}
    for person in pedigree.ordered():
        sides = [
            [
                str(rng.choice(ALLELES) if parent is None else rng.choice(people[parent][name]))
                for name in MARKERS
            ]
            for parent in (person.father, person.mother)
        ]
        people[person.id] = dict(zip(MARKERS, zip(*sides, strict=True), strict=True))
    return {name: dict(genotypes) for name, genotypes in people.items()}


def stranger(seed: int) -> Profile:
    return born(trio(), seed)["father"]


def group(pedigree: Pedigree, sought: Sequence[str], typed: dict[str, Profile]) -> SoughtGroup:
    return SoughtGroup("F", pedigree, tuple(sought), typed)


def standings(found: Identification) -> dict[tuple[str, str], Standing]:
    return {(pair.candidate, pair.sought): pair.standing for pair in found.pairs}


TWO_SONS = siblings("a", sex="male").with_child("b", father="father", mother="mother", sex="female")
PEOPLE = born(TWO_SONS, 1)
PARENTS = {name: PEOPLE[name] for name in ("father", "mother")}


def test_a_pair_that_beats_all_rivals_is_settled_first() -> None:
    candidates = [
        Candidate.alone("A", PEOPLE["a"], sex=Sex.MALE),
        Candidate.alone("B", PEOPLE["b"], sex=Sex.FEMALE),
        Candidate.alone("S", stranger(5), sex=Sex.FEMALE),
    ]
    found = identify(group(TWO_SONS, ("a", "b"), PARENTS), candidates, MODELS)
    assert standings(found) == {
        ("A", "a"): Standing.UNDISPUTED,
        ("A", "b"): Standing.OTHER_SEX,
        ("B", "a"): Standing.OTHER_SEX,
        ("B", "b"): Standing.UNDISPUTED,
        ("S", "a"): Standing.OTHER_SEX,
        ("S", "b"): Standing.EXCLUDED,
    }
    assert found.assignments[0].pairs == (("A", "a"), ("B", "b"))
    assert found.pairs[0].posteriors[Reading.GLOBAL] > 0.9999


def test_settling_first_finds_what_weighing_everything_finds() -> None:
    candidates = [Candidate.alone(name, PEOPLE[name.lower()]) for name in "AB"]
    candidates.append(Candidate.alone("S", stranger(5)))
    family = group(TWO_SONS, ("a", "b"), {"father": PEOPLE["father"]})
    settled = identify(family, candidates, MODELS)
    everything = identify(
        family,
        candidates,
        MODELS,
        IdentifySettings(least_log10_lr=-ALL, undisputed_log10_lr=ALL),
    )
    assert everything.weighed > settled.weighed
    assert {name for name, _ in settled.assignments[0].pairs} == {"A", "B"}
    assert {name for name, _ in everything.assignments[0].pairs} == {"A", "B"}
    assert settled.assignments[0].ways == everything.assignments[0].ways == 2
    assert settled.assignments[0].log10_lr == pytest.approx(
        everything.assignments[0].log10_lr, abs=1e-9
    )
    for one, other in zip(settled.pairs, everything.pairs, strict=True):
        assert one.posteriors[Reading.GLOBAL] == pytest.approx(
            other.posteriors[Reading.GLOBAL], abs=1e-3
        )


def test_one_mismatch_excludes_nobody() -> None:
    changed = dict(PEOPLE["a"])
    own = {allele for name in ("father", "mother") for allele in PEOPLE[name]["M3"]}
    other = next(allele for allele in ALLELES if allele not in own)
    changed["M3"] = (other, changed["M3"][0])
    found = identify(
        group(TWO_SONS, ("a",), PARENTS), [Candidate.alone("A", changed, sex=Sex.MALE)], MODELS
    )
    assert found.pairs[0].standing is Standing.UNDISPUTED


def test_siblings_who_can_be_swapped_share_one_answer() -> None:
    family = siblings("a", "b", "c")
    people = born(family, 2)
    known = group(family, ("a", "b", "c"), {n: people[n] for n in ("father", "mother")})
    candidates = [Candidate.alone("X", people["a"]), Candidate.alone("Y", people["c"])]
    found = identify(known, candidates, MODELS)
    best = found.assignments[0]
    assert len(best.pairs) == 2
    assert best.ways == 6
    assert best.posterior > 0.999
    for pair in found.pairs:
        assert pair.swaps == ("a", "b", "c")
        assert pair.posteriors[Reading.GLOBAL] == pytest.approx(1 / 3, abs=1e-3)


def test_couples_that_can_be_swapped_share_one_answer() -> None:
    family = siblings("a", "b", father="G", mother="H", sex="male")
    for couple in "ab":
        for child in "12":
            family = family.with_child(couple + child, father=couple, mother=f"wife of {couple}")
    people = born(family, 3)
    sought = ("a1", "a2", "b1", "b2")
    known = group(family, sought, {n: people[n] for n in ("G", "H")})
    candidates = [Candidate.alone(n, people[n]) for n in ("a1", "b1", "b2")]
    found = identify(known, candidates, MODELS)
    best = found.assignments[0]
    # Which couple is a and which b: 2; the children of each: 2 and 2.
    assert best.ways == 8
    assert best.posterior > 0.99


def test_a_found_relative_helps_to_find_the_next_one() -> None:
    family = siblings("uncle", "f", father="G", mother="H", sex="male").with_child(
        "c", father="f", mother="w"
    )
    people = born(family, 4)
    known = group(family, ("f", "c"), {n: people[n] for n in ("G", "H")})
    candidates = [
        Candidate.alone("F", people["f"], sex=Sex.MALE),
        Candidate.alone("C", people["c"]),
    ]
    found = identify(known, candidates, MODELS)
    by_pair = {(pair.candidate, pair.sought): pair for pair in found.pairs}
    assert found.assignments[0].pairs == (("F", "f"), ("C", "c"))
    # Alone, the grandchild's LR is that of a grandchild; with the father found, that of a child.
    together = found.assignments[0].log10_lr
    assert together > by_pair["F", "f"].log10_lr + by_pair["C", "c"].log10_lr + 2


def test_four_readings_answer_four_questions() -> None:
    candidates = [Candidate.alone("A", PEOPLE["a"]), Candidate.alone("B", PEOPLE["b"])]
    family = group(TWO_SONS, ("a", "b"), {"father": PEOPLE["father"]})
    weigh = IdentifySettings(least_log10_lr=-ALL, undisputed_log10_lr=ALL, odds=0.5)
    found = identify(family, candidates, MODELS, weigh)
    lr = {(pair.candidate, pair.sought): 0.5 * 10**pair.log10_lr for pair in found.pairs}
    for pair in found.pairs:
        own = lr[pair.candidate, pair.sought]
        row = sum(lr[pair.candidate, sought] for sought in "ab")
        column = sum(lr[candidate, pair.sought] for candidate in "AB")
        assert pair.posteriors[Reading.ONE_TO_ONE] == pytest.approx(own / (1 + own))
        assert pair.posteriors[Reading.CANDIDATE_DRIVEN] == pytest.approx(own / (1 + row))
        assert pair.posteriors[Reading.FAMILY_DRIVEN] == pytest.approx(own / (1 + column))
        assert pair.posteriors[Reading.GLOBAL] == pytest.approx(0.5, abs=1e-3)


def test_too_many_assignments_are_refused_with_what_would_make_them_fewer() -> None:
    family = siblings("G2", "p1", "p2", "p3", "p4", father="G", mother="H", sex="male")
    sought = []
    for at in range(1, 5):
        family = family.with_child(f"c{at}", father=f"p{at}", mother=f"w{at}")
        sought.append(f"c{at}")
    people = born(family, 6)
    known = group(family, sought, {"G2": people["G2"]})
    candidates = [Candidate.alone(f"S{at}", stranger(at)) for at in range(9)]
    small = IdentifySettings(least_log10_lr=-ALL, most_assignments=1000)
    with pytest.raises(TooManyAssignments, match="9 candidates for 4 sought") as refused:
        identify(known, candidates, MODELS, small)
    fields = refused.value.fields
    limit = fields["least_log10_lr"]
    assert isinstance(limit, float)
    assert f"below {limit:.1f}" in str(refused.value)
    followed = IdentifySettings(least_log10_lr=limit, most_assignments=1000)
    assert identify(known, candidates, MODELS, followed).weighed <= 1000


def test_work_beyond_the_bound_is_refused() -> None:
    candidates = [Candidate.alone("A", PEOPLE["a"])]
    with pytest.raises(TooExpensive, match="fewer candidates"):
        identify(group(TWO_SONS, ("a",), PARENTS), candidates, MODELS, IdentifySettings(work=1e6))


def test_counting_agrees_with_listing_and_with_the_formula() -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        places, slot = [], 0
        for _ in range(int(rng.integers(1, 4))):
            room = int(rng.integers(1, 3))
            allowed = tuple(np.flatnonzero(rng.random(5) < 0.6).tolist())
            places.append(Place(tuple(range(slot, slot + room)), allowed))
            slot += room
        counted = count(places)
        rows = listed(places, slot, 10_000)
        assert counted is not None
        assert rows is not None
        assert counted[0] == len(rows) == len(np.unique(rows, axis=0))
        filled = [
            math.prod(place.ways(int((row[list(place.slots)] >= 0).sum())) for place in places)
            for row in rows
        ]
        assert counted[1] == sum(filled)
        assert listed(places, slot, len(rows) - 1) is None if len(rows) > 1 else True
    a, b = 6, 4
    grid = count([Place((slot,), tuple(range(a))) for slot in range(b)])
    formula = sum(math.factorial(k) * math.comb(a, k) * math.comb(b, k) for k in range(b + 1))
    assert grid == (formula, formula)
    assert count([Place((slot,), (0,)) for slot in range(40)]) is None


def test_places_hang_together_by_candidates_and_by_the_pedigree() -> None:
    one, two, three = Place((0,), (0,)), Place((1,), (1,)), Place((2,), (0, 2))
    assert components([one, two, three], [{0}, {1}, {2}]) == [[two], [one, three]]
    assert components([one, two, Place((2,), ())], [{0, 1, 2}]) == [[one, two]]


def test_who_can_be_swapped_is_read_from_the_pedigree() -> None:
    family = siblings("a", "b", "c", "d").with_child("k", father="c", mother="w")
    typed: dict[str, Profile] = {"k": {}}
    assert swappable(group(family, ("a", "b", "c"), typed)) == [(0, 1), (2,)]
    # Without anybody typed or sought below, a child in the pedigree bears on nothing.
    assert swappable(group(family, ("a", "b", "c"), {"d": {}})) == [(0, 1, 2)]
    twins = family.with_twins("a", "d")
    assert swappable(group(twins, ("a", "b"), {"d": {}})) == [(0,), (1,)]


def test_faults_are_named() -> None:
    with pytest.raises(UnknownPerson, match="nobody"):
        group(TWO_SONS, ("nobody",), {})
    with pytest.raises(BadGenotype, match="typed"):
        group(TWO_SONS, ("a",), {"a": PEOPLE["a"]})
    with pytest.raises(DuplicatePerson):
        group(TWO_SONS, ("a", "a"), {})
    with pytest.raises(UnknownPerson, match="candidate"):
        Candidate("X", TWO_SONS, "nobody", {})
    twice = [Candidate.alone("X", PEOPLE["a"])] * 2
    with pytest.raises(BadSetting, match="one id"):
        identify(group(TWO_SONS, ("a",), PARENTS), twice, MODELS)
    with pytest.raises(BadSetting, match="no pair"):
        identify(
            group(TWO_SONS, ("a",), PARENTS),
            twice[:1],
            MODELS,
            IdentifySettings(pair_odds={("X", "b"): 2.0}),
        )
    for bad in (
        {"odds": 0.0},
        {"undisputed_log10_lr": 0.0},
        {"least_log10_lr": math.nan},
        {"top": 0},
    ):
        with pytest.raises(BadSetting):
            IdentifySettings(**bad)
    impossible: dict[str, Profile] = {"father": {"M0": ("8", "8")}, "a": {"M0": ("9", "9")}}
    plain = [MarkerModel(MODELS[0].frequencies)]
    with pytest.raises(Contradiction, match="M0"):
        identify(group(TWO_SONS, ("b",), impossible), [], plain)


def test_without_candidates_nobody_is_assigned() -> None:
    found = identify(group(TWO_SONS, ("a", "b"), PARENTS), [], MODELS)
    assert found.pairs == ()
    assert found.assignments[0].pairs == ()
    assert found.assignments[0].posterior == 1
