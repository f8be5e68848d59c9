"""Pedigrees: what can be said in one line, and what is refused by name and rule."""

from __future__ import annotations

import pytest

from reunion.kinship.errors import (
    DuplicatePerson,
    ImpossibleInbreeding,
    ImpossibleParent,
    ImpossibleTwins,
    OneParent,
    OwnAncestor,
    PedigreeError,
    UnknownPerson,
)
from reunion.kinship.pedigree import (
    Pedigree,
    Person,
    Sex,
    avuncular,
    first_cousins,
    grandparents,
    half_siblings,
    pedigree_of,
    siblings,
    single,
    trio,
)


def test_a_trio_has_two_founders_and_one_child() -> None:
    family = trio()
    assert [p.id for p in family.founders] == ["father", "mother"]
    assert [p.id for p in family.children_of("mother")] == ["child"]


def test_nouns_make_the_relations_that_they_name() -> None:
    assert half_siblings("a", "b", through="mother")["b"].mother == "father"
    assert grandparents(through="mother")["child"].mother == "parent"
    assert avuncular()["uncle"].father == avuncular()["parent"].father
    cousins = first_cousins()
    assert cousins["parent_1"].mother == cousins["parent_2"].mother
    assert cousins["cousin_1"].mother != cousins["cousin_2"].mother


def test_verbs_return_a_changed_copy() -> None:
    family = trio()
    wider = family.with_parents("father", father="gf", mother="gm").with_sex("child", "male")
    assert family["father"].is_founder
    assert wider["father"].father == "gf"
    assert wider["child"].sex is Sex.MALE


def test_a_childless_person_can_be_left_out_and_a_parent_cannot() -> None:
    assert "child" not in trio().without("child")
    with pytest.raises(UnknownPerson, match="has children"):
        trio().without("father")


def test_cousins_may_marry() -> None:
    loop = first_cousins("a", "b").with_child("c", father="a", mother="b")
    order = [person.id for person in loop.ordered()]
    assert order.index("c") > order.index("a") > order.index("grandfather")


def test_renaming_reaches_parents_and_twins() -> None:
    family = siblings("t1", "t2").with_twins("t1", "t2").renamed({"father": "f", "t2": "z"})
    assert family["z"].father == "f"
    assert family.twins == (("t1", "z"),)


def test_joining_keeps_persons_who_stand_in_both() -> None:
    both = trio().joined(trio(child="second"))
    assert [p.id for p in both] == ["father", "mother", "child", "second"]


def test_the_part_of_a_parent_tells_an_unknown_sex() -> None:
    family = pedigree_of([("f", None, None, "unknown"), ("m", None, None, "unknown")]).with_child(
        "c", father="f", mother="m"
    )
    assert (family["f"].sex, family["m"].sex, family["c"].sex) == (
        Sex.MALE,
        Sex.FEMALE,
        Sex.UNKNOWN,
    )


def test_somebody_who_is_an_own_ancestor_is_named_with_the_chain() -> None:
    rows = [("a", "b", "m", "male"), ("b", "a", "m", "male"), ("m", None, None, "female")]
    with pytest.raises(OwnAncestor, match=r"own ancestor: .* < ") as refused:
        pedigree_of(rows)
    assert refused.value.fields["person"] in ("a", "b")


def test_an_own_parent_is_an_own_ancestor() -> None:
    with pytest.raises(OwnAncestor, match="person a is"):
        pedigree_of([("a", "a", "m", "male"), ("m", None, None, "female")])


@pytest.mark.parametrize(
    ("persons", "error", "names"),
    [
        ([Person("a"), Person("a")], DuplicatePerson, "a"),
        ([Person("a", father="x")], OneParent, "a"),
        ([Person("a", "x", "y")], UnknownPerson, "x"),
        ([Person("x"), Person("a", "x", "x")], ImpossibleParent, "x cannot be the mother of a"),
        (
            [Person("f", sex=Sex.FEMALE), Person("m"), Person("a", "f", "m")],
            ImpossibleParent,
            "f cannot be the father of a",
        ),
        ([Person("a", inbreeding=1.5)], ImpossibleInbreeding, "a"),
        ([Person("f"), Person("m"), Person("a", "f", "m", inbreeding=0.1)], PedigreeError, "a"),
    ],
)
def test_a_fault_is_named_with_the_person(
    persons: list[Person], error: type[PedigreeError], names: str
) -> None:
    with pytest.raises(error, match=names):
        Pedigree(tuple(persons))


def test_twins_share_parents_and_sex() -> None:
    with pytest.raises(ImpossibleTwins, match="parents differ"):
        trio().with_twins("child", "father")
    with pytest.raises(ImpossibleTwins, match="sex differs"):
        siblings("a", "b").with_sex("a", "male").with_sex("b", "female").with_twins("a", "b")
    with pytest.raises(ImpossibleTwins, match="two different"):
        single("a").with_twins("a", "a")


def test_a_pedigree_of_thousands_of_generations_is_ordered_without_recursion() -> None:
    rows: list[tuple[str, str | None, str | None, str]] = [("p0", None, None, "male")]
    for i in range(1, 3000):
        rows += [(f"w{i}", None, None, "female"), (f"p{i}", f"p{i - 1}", f"w{i}", "male")]
    assert pedigree_of(reversed(rows)).ordered()[-1].id == "p2999"
