"""Compiled tables: equal to the full likelihood ratio, whatever the family and the settings."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from reunion.kinship.book import CodeBook
from reunion.kinship.compile import Compiler, Family
from reunion.kinship.errors import BadGenotype, Contradiction, TooExpensive, UnknownPerson
from reunion.kinship.frequencies import Frequencies, RareRule
from reunion.kinship.likelihood import Budget, MarkerModel, marker_likelihood
from reunion.kinship.markers import Genotype
from reunion.kinship.mutation import Mutation, MutationKind
from reunion.kinship.pedigree import (
    Pedigree,
    Person,
    avuncular,
    first_cousins,
    grandparents,
    half_siblings,
    siblings,
    single,
    trio,
)

ALLELES = ("8", "9", "9.3", "10", "11")
P = (0.1, 0.25, 0.15, 0.3, 0.2)
STEPWISE = Mutation(MutationKind.STEPWISE, female=0.001, male=0.004, rate2=1e-4, range=0.1)
BOOK = CodeBook(("M",), (ALLELES,))


def _model(
    mutation: Mutation = STEPWISE, theta: float = 0.0, silent: float = 0.0, x_linked: bool = False
) -> MarkerModel:
    alleles: tuple[str, ...] = ALLELES
    p: tuple[float, ...] = P
    if silent:
        alleles, p = (*ALLELES, "silent"), (*[v * (1 - silent) for v in P], silent)
    prepared = Frequencies("M", alleles, p).prepared(rule=RareRule.AS_GIVEN)
    return MarkerModel(prepared, mutation, theta, x_linked)


def _family(pedigree: Pedigree, sought: str = "child", **typed: Genotype) -> Family:
    return Family("F", pedigree, sought, {person: {"M": g} for person, g in typed.items()})


def _genotypes() -> Iterator[Genotype]:
    yield from ((ALLELES[i], ALLELES[j]) for j in range(5) for i in range(j + 1))
    yield from ((allele, None) for allele in ALLELES)


FAMILIES = {
    "duo": _family(trio(), father=("8", "9")),
    "trio": _family(trio(), father=("8", "9"), mother=("9.3", "9.3")),
    "apparent mutation": _family(trio(), father=("8", "8"), mother=("10", "11")),
    "siblings, parents untyped": _family(
        siblings("child", "s1", "s2"), s1=("8", "9"), s2=("9.3", "10")
    ),
    "half sibling and parent": _family(
        half_siblings("child", "half"), half=("8", "11"), father=("8", "9")
    ),
    "grandparents and other parent": _family(
        grandparents(), grandfather=("8", "8"), grandmother=("9", "10"), other_parent=("9", "9.3")
    ),
    "uncle": _family(avuncular(), uncle=("9", "10")),
    "own child and spouse": _family(
        trio("child", "spouse", "grandchild"), grandchild=("8", "9"), spouse=("9", "9")
    ),
    "child of cousins": _family(
        first_cousins("a", "b").with_child("child", father="a", mother="b"),
        grandfather=("8", "9"),
        a=("9", "10"),
    ),
    "a parent sought": _family(
        siblings("s1", "s2"), "father", s1=("8", "9"), s2=("9", "10"), mother=("9", "9")
    ),
    "twin of the sought": _family(
        siblings("child", "twin").with_twins("child", "twin"), twin=("8", "9")
    ),
    "partial genotype": _family(trio(), father=("8", None)),
    "nobody typed": _family(trio()),
}
MODELS = {
    "mutation": _model(),
    "none": _model(Mutation()),
    "theta": _model(theta=0.02),
    "silent": _model(silent=0.03),
    "theta and silent": _model(theta=0.01, silent=0.03),
}


def _ratio(family: Family, model: MarkerModel, genotype: Genotype) -> float | None:
    """The LR from two full likelihoods; None for 0/0."""
    typed = {person: profile["M"] for person, profile in family.profiles.items()}
    together = family.pedigree.joined(single("stranger", sex=family.pedigree[family.sought].sex))
    related = marker_likelihood(family.pedigree, model, {**typed, family.sought: genotype})
    unrelated = marker_likelihood(together, model, {**typed, "stranger": genotype})
    return None if related == unrelated == 0 else related / unrelated


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_table_equals_the_full_likelihood_ratio(family: Family, model: MarkerModel) -> None:
    compiler = Compiler(BOOK, [model])
    table = compiler.table(family)
    assert table[0] == 0.0
    for genotype in _genotypes():
        entry = table[BOOK.code("M", *genotype)]
        expected = _ratio(family, model, genotype)
        assert expected is not None
        assert 10**entry == pytest.approx(expected, rel=1e-10, abs=1e-300), genotype


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_expected_lr_of_unrelated_people_is_one(family: Family, model: MarkerModel) -> None:
    table = Compiler(BOOK, [model]).table(family)
    typed = {person: profile["M"] for person, profile in family.profiles.items()}
    together = family.pedigree.joined(single("stranger"))
    total = marker_likelihood(together, model, typed)
    visible = [g for g in _genotypes() if g[1] is not None]
    expectation = math.fsum(
        marker_likelihood(together, model, {**typed, "stranger": g})
        / total
        * 10 ** table[BOOK.code("M", *g)]
        for g in visible
    )
    hidden = 0.0
    if model.laws.silent >= 0:
        # A candidate with two silent alleles shows nothing: its share is taken from H1's side.
        hidden = 1 - math.fsum(
            marker_likelihood(family.pedigree, model, {**typed, family.sought: g})
            / marker_likelihood(family.pedigree, model, typed)
            for g in visible
        )
    assert expectation + hidden == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_x_tables_equal_the_full_likelihood_ratio(sex: str) -> None:
    model = _model(x_linked=True)
    family = _family(trio(sex=sex), father=("8", "8"), mother=("9", "10"))
    table = Compiler(BOOK, [model]).table(family)
    for genotype in _genotypes():
        entry = table[BOOK.code("M", *genotype)]
        if sex == "male" and genotype[1] not in (None, genotype[0]):
            assert entry == -math.inf
        else:
            assert 10**entry == pytest.approx(_ratio(family, model, genotype), rel=1e-10)


def test_drop_out_of_a_relative_is_in_the_table() -> None:
    family = Family("F", trio(), "child", {"father": {"M": ("8", "8")}}, {"father": 0.2})
    entry = Compiler(BOOK, [_model(Mutation())]).table(family)[BOOK.code("M", "9", "10")]
    assert -math.inf < entry < 0


def test_an_inbred_founder_is_in_the_table() -> None:
    plain = _family(trio(), father=("8", "9"))
    inbred = _family(
        trio("child", "spouse", "grandchild").with_inbreeding("spouse", 0.25),
        grandchild=("8", "9"),
        spouse=("9", "9"),
    )
    compiler = Compiler(BOOK, [_model()])
    assert not np.array_equal(compiler.table(plain), compiler.table(inbred))
    for genotype in (("8", "9"), ("10", "10")):
        entry = compiler.table(inbred)[BOOK.code("M", *genotype)]
        assert 10**entry == pytest.approx(_ratio(inbred, _model(), genotype), rel=1e-10)


def test_names_and_the_order_of_persons_change_nothing() -> None:
    family = FAMILIES["grandparents and other parent"]
    names = {person.id: f"x{i}" for i, person in enumerate(family.pedigree)}
    renamed = Family(
        "G",
        Pedigree(tuple(reversed(family.pedigree.renamed(names).persons))),
        names["child"],
        {names[person]: profile for person, profile in family.profiles.items()},
    )
    compiler = Compiler(BOOK, [_model()])
    np.testing.assert_allclose(compiler.table(renamed), compiler.table(family), rtol=1e-12)


def test_equal_evidence_in_an_equal_shape_is_compiled_once() -> None:
    compiler = Compiler(BOOK, [_model()])
    first = compiler.blocks(_family(trio(), father=("8", "9")))[0]
    again = compiler.blocks(_family(trio("dad", "mum", "kid"), "kid", dad=("8", "9")))[0]
    other = compiler.blocks(_family(trio(), mother=("8", "9")))[0]
    assert first is again
    assert first is not other


def test_the_content_hash_tells_equal_tables_from_others() -> None:
    compiler, other = Compiler(BOOK, [_model()]), Compiler(BOOK, [_model(theta=0.01)])
    family, wider = _family(trio(), father=("8", "9")), _family(trio(), mother=("8", "9"))
    assert compiler.content_hash(family) == compiler.content_hash(
        _family(trio("dad", "mum", "kid"), "kid", dad=("8", "9"))
    )
    hashes = {
        compiler.content_hash(family),
        compiler.content_hash(wider),
        other.content_hash(family),
    }
    assert len(hashes) == 3


def test_a_locus_without_a_model_says_nothing() -> None:
    table = Compiler(BOOK, [None]).table(FAMILIES["duo"])
    assert not table.any()


def test_alleles_of_the_book_that_the_table_lacks_follow_the_rule() -> None:
    book = CodeBook(("M",), (("8", "14"),))
    model = MarkerModel(Frequencies("M", ALLELES, P, two_n=500).prepared(["14"]), STEPWISE)
    table = Compiler(book, [model]).table(_family(trio(), father=("14", "8")))
    assert table[book.code("M", "14", "14")] > table[book.code("M", "8", "14")] > 0


def test_relatives_who_contradict_the_pedigree_are_refused_with_the_marker() -> None:
    family = _family(siblings("child", "s"), father=("8", "8"), s=("9", "9"))
    with pytest.raises(Contradiction, match="at marker M"):
        Compiler(BOOK, [_model(Mutation())]).table(family)
    assert np.isfinite(Compiler(BOOK, [_model()]).table(family)).all()


def test_without_mutation_marks_what_is_inconsistent() -> None:
    table = Compiler(BOOK, [_model()]).without_mutation().table(FAMILIES["duo"])
    assert table[BOOK.code("M", "10", "10")] == -math.inf
    assert table[BOOK.code("M", "8", "10")] > 0


def test_a_family_names_people_of_its_pedigree_and_leaves_the_sought_untyped() -> None:
    with pytest.raises(UnknownPerson, match="stranger"):
        Family("F", trio(), "stranger", {})
    with pytest.raises(BadGenotype, match="sought person is typed"):
        Family("F", trio(), "child", {"child": {"M": ("8", "9")}})


def test_what_is_beyond_the_budget_is_refused_with_its_cost_and_a_way_out() -> None:
    pedigree = siblings("child", *"abcdef")
    family = Family("F", pedigree, "child", {name: {"M": ("8", "9")} for name in "abcdef"})
    with pytest.raises(TooExpensive, match=r"multiplications .* theta 0"):
        Compiler(BOOK, [_model(theta=0.01)], budget=Budget(multiplications=1e3)).table(family)


def test_an_x_marker_needs_the_sex_of_the_sought() -> None:
    persons = (Person("child", "father", "mother"), Person("father"), Person("mother"))
    with pytest.raises(BadGenotype, match="needs the sex"):
        Compiler(BOOK, [_model(x_linked=True)]).table(_family(Pedigree(persons)))
