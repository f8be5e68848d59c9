"""The numpy networks of joint identification against the engine's own likelihoods."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reunion.kinship._tensors import LocusEvidence, TensorNetwork
from reunion.kinship.errors import TooExpensive
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.identification.menus import blocks, distinct, log10_ratios
from reunion.kinship.likelihood import Budget, MarkerModel, Seen, joint
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.network import shape_of
from reunion.kinship.pedigree import (
    Pedigree,
    avuncular,
    first_cousins,
    half_siblings,
    siblings,
)

STEPWISE = Mutation(MutationKind.STEPWISE, female=0.01, male=0.03, rate2=1e-3, range=0.2)

PEDIGREES: list[Pedigree] = [
    siblings("a", "b", "c"),
    half_siblings("a", "b"),
    avuncular(through="mother").with_child("k", father="uncle", mother="w"),
    first_cousins().with_child("child", father="cousin_1", mother="cousin_2"),
    siblings("a", "b", "c", sex="female")
    .with_twins("a", "b")
    .with_child("k", father="h", mother="b"),
]


def _model(rng: random.Random) -> MarkerModel:
    alleles = ("8", "9", "9.3", "10", *(("silent",) if rng.random() < 0.5 else ()))
    weights = [rng.randint(1, 9) for _ in alleles]
    values = tuple(weight / sum(weights) for weight in weights)
    table = Frequencies("M", alleles, values).prepared(rule=RareRule.AS_GIVEN)
    return MarkerModel(table, STEPWISE if rng.random() < 0.8 else Mutation())


def _seen(rng: random.Random) -> Seen:
    second = -1 if rng.random() < 0.15 else rng.randrange(4)
    return Seen(rng.randrange(4), second, rng.choice((0.0, 0.0, 0.2)))


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(PEDIGREES) - 1), st.randoms(use_true_random=False))
def test_rows_of_menus_have_the_likelihoods_of_the_engine(which: int, rng: random.Random) -> None:
    pedigree, model = PEDIGREES[which], _model(rng)
    shape = shape_of(pedigree)
    people = list(range(len(pedigree.persons)))
    slots = rng.sample(people, rng.randint(1, 3))
    observed = [
        _seen(rng) if person not in slots and rng.random() < 0.5 else None for person in people
    ]
    menus = [[None, *(_seen(rng) for _ in range(3))] for _ in slots]
    rows = np.array([[rng.randrange(4) for _ in slots] for _ in range(6)], dtype=np.int64)

    def log10(row: list[int]) -> float:
        seen = list(observed)
        for slot, menu, entry in zip(slots, menus, row, strict=True):
            seen[slot] = menu[entry]
        return joint(shape, model, seen).log10()

    base = log10([0] * len(slots))
    if base == -math.inf:
        return
    work: list[float] = []
    found = log10_ratios(shape, model.laws, observed, slots, menus, rows, {}, work.append)
    for row, ratio in zip(rows.tolist(), found.tolist(), strict=True):
        expected = log10(row) - base
        assert ratio == expected or ratio == pytest.approx(expected, abs=1e-10)
    menu_of = dict(zip(slots, menus, strict=True))
    table = TensorNetwork(shape, [LocusEvidence(model.laws, observed, menu_of)]).value(Budget())
    first = float(table[tuple(rows[0])])
    assert first == pytest.approx(10 ** log10(rows[0].tolist()), rel=1e-10, abs=1e-300)


def test_a_person_of_known_genotype_parts_before_from_after() -> None:
    family = siblings("a", "b").with_child("k", father="a", mother="w")
    names = [person.id for person in family]
    slots = [names.index("b"), names.index("k")]

    def groups(**seen: Seen) -> list[tuple[int, ...]]:
        observed = [seen.get(name) for name in names]
        return [block.slots for block in blocks(shape_of(family), observed, slots, -1)]

    assert groups() == [(0, 1)]
    assert groups(a=Seen(0, 1)) == [(0,), (1,)]
    # Half a genotype does not part them, nor does a partner.
    assert groups(a=Seen(0, -1)) == [(0, 1)]
    assert groups(w=Seen(0, 1)) == [(0, 1)]


def test_rows_are_told_apart_beyond_64_bits() -> None:
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 1_000_000, (50, 6))
    rows[7] = rows[31]
    first, which = distinct(rows)
    assert len(first) == 49
    assert (rows[first][which] == rows).all()


def test_a_contraction_beyond_its_budget_is_refused() -> None:
    rng = random.Random(1)  # noqa: S311 # no secret
    model = _model(rng)
    observed = [_seen(rng) for _ in PEDIGREES[0].persons]
    network = TensorNetwork(shape_of(PEDIGREES[0]), [LocusEvidence(model.laws, observed)])
    with pytest.raises(TooExpensive, match="numbers in memory"):
        network.value(Budget(cells=0.5))
    with pytest.raises(TooExpensive, match="multiplications"):
        network.value(Budget(multiplications=0.5))
