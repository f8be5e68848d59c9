"""Whose blood, and which markers, would help most: known orders, and an independent sum."""

from __future__ import annotations

import math

import pytest

from reunion.kinship.advice import expected_log10_lr, which_markers_next, whose_blood_next
from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import BadSetting
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import MarkerModel, marker_likelihood
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import siblings, trio

ALLELES = ("8", "9", "10", "11")
MUTATION = Mutation(MutationKind.STEPWISE, female=0.001, male=0.003, rate2=1e-6, range=0.1)


def _model(locus: str, p: tuple[float, ...]) -> MarkerModel:
    prepared = Frequencies(locus, ALLELES, p).prepared(rule=RareRule.AS_GIVEN)
    return MarkerModel(prepared, MUTATION)


MODELS = [_model("rich", (0.25, 0.25, 0.25, 0.25)), _model("poor", (0.97, 0.01, 0.01, 0.01))]
COMPILER = Compiler(CodeBook(("rich", "poor"), (ALLELES, ALLELES)), MODELS)
MOTHER: dict[str, Genotype] = {"rich": ("8", "9"), "poor": ("8", "8")}
WIDE = (
    siblings("sought", "brother")
    .with_parents("father", father="grandfather", mother="grandmother")
    .with_child("uncle", father="grandfather", mother="grandmother")
    .with_child("half", father="father", mother="second wife")
    .with_child("cousin", father="uncle", mother="aunt")
)
FAMILY = Family("F", WIDE, "sought", {"mother": MOTHER})


def test_the_other_parent_comes_first_and_strangers_bring_nothing() -> None:
    gains = {gain.name: gain.log10_lr for gain in whose_blood_next(COMPILER, FAMILY)}
    order = ["father", "brother", "half", "cousin"]
    values = [gains[name] for name in order]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0
    assert gains["second wife"] == pytest.approx(0, abs=1e-12)
    assert gains["aunt"] == pytest.approx(0, abs=1e-12)


def test_the_gain_is_the_sum_over_all_genotypes_of_relative_and_sought() -> None:
    (gain,) = whose_blood_next(COMPILER, FAMILY, ["brother"])
    genotypes: list[Genotype] = [(a, b) for i, a in enumerate(ALLELES) for b in ALLELES[i:]]
    expected = 0.0
    for model in MODELS:
        mother = {"mother": MOTHER[model.name]}
        total = marker_likelihood(WIDE, model, mother)

        def information(
            typed: dict[str, Genotype], base: float, model: MarkerModel = model
        ) -> float:
            parts = []
            for genotype in genotypes:
                joint = marker_likelihood(WIDE, model, {**typed, "sought": genotype})
                alone = marker_likelihood(trio(), model, {"child": genotype})
                parts.append(joint * math.log10(joint / base / alone))
            return math.fsum(parts)

        expected -= information(mother, total) / total
        for genotype in genotypes:
            typed = {**mother, "brother": genotype}
            base = marker_likelihood(WIDE, model, typed)
            expected += information(typed, base) / total
    # The stranger's genotype law is taken without parents' mutation: the difference is tiny.
    assert gain.log10_lr == pytest.approx(expected, rel=5e-3)


def test_brothers_who_play_the_same_part_gain_the_same() -> None:
    pedigree = siblings("sought", "a", "b")
    family = Family("F", pedigree, "sought", {"mother": MOTHER})
    gains = {gain.name: gain.log10_lr for gain in whose_blood_next(COMPILER, family)}
    assert gains["a"] == gains["b"]


def test_who_is_typed_or_sought_cannot_be_asked_for() -> None:
    for person in ("mother", "sought"):
        with pytest.raises(BadSetting, match=person):
            whose_blood_next(COMPILER, FAMILY, [person])


def test_a_marker_with_many_alleles_comes_before_one_with_few() -> None:
    family = Family("F", trio(child="sought"), "sought", {"mother": {}, "father": {}})
    first, second = which_markers_next(COMPILER, family, ["poor", "rich"])
    assert (first.name, second.name) == ("rich", "poor")
    assert first.log10_lr > second.log10_lr + 3 * first.error
    assert 0 < first.error < 0.1


def test_a_marker_that_is_typed_already_is_taken_as_it_is() -> None:
    family = Family("F", trio(child="sought"), "sought", {"mother": MOTHER})
    (gain,) = which_markers_next(COMPILER, family, ["rich"])
    assert gain.log10_lr == pytest.approx(expected_log10_lr(COMPILER.laws(family, ["rich"])))
    assert gain.error < 1e-12


def test_what_is_expected_of_a_marker_already_is_no_gain() -> None:
    family = Family("F", trio(child="sought"), "sought", {"mother": MOTHER, "father": {}})
    (whole,) = which_markers_next(COMPILER, family, ["rich"])
    (gain,) = which_markers_next(COMPILER, family, ["rich"], counted=["rich"])
    now = expected_log10_lr(COMPILER.laws(family, ["rich"]))
    assert now > 0
    assert gain.log10_lr == pytest.approx(whole.log10_lr - now)
