"""Pictures of pedigrees: whatever the library can hold is drawn, each person once, in its row."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from reunion.kinship.pedigree import (
    Pedigree,
    Person,
    Sex,
    avuncular,
    first_cousins,
    grandparents,
    half_siblings,
    siblings,
    single,
    trio,
)
from reunion.kinship.pictures.generations import chart
from reunion.kinship.pictures.layout import RADIUS, layout
from reunion.kinship.pictures.pedigree import pedigree_svg
from reunion.kinship.pictures.routes import CLEAR
from tests.reference.families import random_pedigree

SVG = "{http://www.w3.org/2000/svg}"


def many_partners(count: int) -> Pedigree:
    """A man with a child by each of so many women."""
    pedigree = Pedigree(())
    for number in range(count):
        pedigree = pedigree.with_child(f"c{number}", father="man", mother=f"w{number}")
    return pedigree


def uncle_and_niece() -> Pedigree:
    """Partners of two generations."""
    parents = siblings("uncle", father="G", mother="H", sex="male")
    niece = parents.with_child("B", father="G", mother="H", sex="female")
    niece = niece.with_child("niece", father="E", mother="B", sex="female")
    return niece.with_child("child", father="uncle", mother="niece")


def father_and_daughter() -> Pedigree:
    """A loop of one step."""
    return trio(sex="female").with_child("inner", father="father", mother="child")


def founder_twins() -> Pedigree:
    """Twins whose parents are not known, and a marriage of their children."""
    twins = Pedigree((Person("t1", sex=Sex.FEMALE), Person("t2", sex=Sex.FEMALE)))
    cousins = twins.with_twins("t1", "t2").with_child("a", father="f1", mother="t1", sex="male")
    cousins = cousins.with_child("b", father="f2", mother="t2", sex="female")
    return cousins.with_child("child", father="a", mother="b")


PEDIGREES = {
    "nobody": Pedigree(()),
    "one": single("somebody"),
    "trio": trio(),
    "half siblings": half_siblings("a", "b"),
    "uncle": avuncular(),
    "cousin marriage": first_cousins("a", "b")
    .with_sex("a", "male")
    .with_child("child", father="a", mother="b"),
    "uncle and niece": uncle_and_niece(),
    "father and daughter": father_and_daughter(),
    "five partners": many_partners(5),
    "twins": siblings("a", "b", "c").with_twins("a", "b"),
    "twins who are founders": founder_twins(),
    "two families": trio().joined(siblings("x", "y", father="F", mother="M")),
    **{f"random {n}, {s}": random_pedigree(s, n) for n in (6, 15, 30) for s in range(4)},
    "random 60": random_pedigree(3, 60),
}

every_pedigree = pytest.mark.parametrize("pedigree", PEDIGREES.values(), ids=PEDIGREES.keys())


@every_pedigree
def test_every_person_is_drawn_once_and_apart_from_all_others(pedigree: Pedigree) -> None:
    root = ElementTree.fromstring(pedigree_svg(pedigree))  # noqa: S314 # made by us just now
    titles = [
        (group.findtext(f"{SVG}title") or "").split(", ")[0]
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "person"
    ]
    assert titles == [person.id for person in pedigree]
    plan = layout(pedigree)
    places = [plan.position(person.id) for person in pedigree]
    for at, (x, y) in enumerate(places):
        for x2, y2 in places[:at]:
            assert abs(x - x2) > 2 * RADIUS or abs(y - y2) > 2 * RADIUS
        assert RADIUS <= x <= plan.width - RADIUS


@every_pedigree
def test_parents_stand_above_their_children_and_siblings_in_one_row(pedigree: Pedigree) -> None:
    plan = layout(pedigree)
    for sibship in plan.chart.sibships:
        rows = {plan.row_of[child] for child in sibship.children}
        assert len(rows) == 1
        for parent in filter(None, (sibship.father, sibship.mother)):
            assert plan.row_of[parent] < min(rows)


@every_pedigree
def test_no_line_runs_through_a_symbol_of_somebody_else(pedigree: Pedigree) -> None:
    """Lines pass a row between the symbols, and lanes lie below the texts of the row."""
    plan = layout(pedigree)
    for row in plan.rows:
        for one, other in pairwise(row):
            assert plan.x[other] - plan.x[one] > RADIUS + CLEAR - 2
    for route in plan.routes.routes:
        for bar in route.bars:
            y = plan.bar_y(bar.gap, bar.number)
            assert y > plan.y[bar.gap] + RADIUS
            assert y < plan.y[bar.gap + 1] - RADIUS


def test_the_same_pedigree_gives_the_same_picture() -> None:
    pedigree = random_pedigree(2, 25)
    assert pedigree_svg(pedigree) == pedigree_svg(pedigree)


@pytest.mark.parametrize(
    "name", ["trio", "half siblings", "uncle", "cousin marriage", "twins", "two families"]
)
def test_common_families_are_drawn_without_crossing(name: str) -> None:
    plan = layout(PEDIGREES[name])
    for sibship in plan.chart.sibships:
        row = plan.rows[plan.row_of[sibship.mates[0]]]
        assert abs(row.index(sibship.mates[0]) - row.index(sibship.mates[1])) == 1
    for gap in range(len(plan.rows)):
        bars = [bar for route in plan.routes.routes for bar in route.bars if bar.gap == gap]
        stretches = sorted((min(b.source, *b.targets), max(b.source, *b.targets)) for b in bars)
        assert all(one[1] < other[0] for one, other in pairwise(stretches))


def test_grandparents_on_both_sides_stand_over_their_own_children() -> None:
    family = grandparents("child", other="mother").with_parents(
        "mother", father="grandfather 2", mother="grandmother 2"
    )
    (_, second, _) = layout(family).rows
    assert set(second) == {"parent", "mother"}


def test_relatives_who_marry_have_two_lines_between_them() -> None:
    married = [s for s in chart(PEDIGREES["cousin marriage"]).sibships if s.is_consanguineous]
    assert [sibship.children for sibship in married] == [("child",)]
    assert pedigree_svg(trio()).count("<path") == 4  # the couple, down, the bar, the child
    kin, apart = pedigree_svg(PEDIGREES["cousin marriage"]), pedigree_svg(first_cousins("a", "b"))
    assert kin.count("<path") == apart.count("<path") + 5


def test_children_of_identical_twins_are_relatives() -> None:
    married = [s for s in chart(founder_twins()).sibships if s.is_consanguineous]
    assert [sibship.children for sibship in married] == [("child",)]


def test_sex_sample_and_the_sought_person_show_without_colour() -> None:
    svg = pedigree_svg(trio(sex="unknown"), sought="child", typed=["mother"])
    assert svg.count("<rect") == 2  # the father, and the sign in the legend
    assert svg.count("<circle") == svg.count("<polygon") == 1
    assert '<circle cx="' in svg
    assert 'fill="#444"' in svg.split("<circle")[1].split("/>")[0]
    assert svg.count(">?</text>") == 2  # the sought person, and the legend


def test_a_picture_has_words_for_those_who_do_not_see_it_and_no_script() -> None:
    odd = single("a < b & 'c'").joined(trio())
    svg = pedigree_svg(odd, sought="child", typed=["mother"], captions={"mother": ["FGA 21/22"]})
    root = ElementTree.fromstring(svg)  # noqa: S314 # made by us just now
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Pedigree"
    assert "Typed: mother." in (root.findtext(f"{SVG}desc") or "")
    assert "FGA 21/22" in svg
    assert "a < b & 'c', sex not known" in [title.text for title in root.iter(f"{SVG}title")]
    assert not any(word in svg for word in ("<script", "style=", "href", "onload"))


def test_a_family_of_five_columns_fits_a_telephone() -> None:
    family = siblings("a", "b", "c", "d", "e")
    assert layout(family).width <= 360
