"""Networks and pedigrees: the same in words as in the picture, and the same picture each time."""

from __future__ import annotations

import random
from math import dist
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reunion.base.errors import RuleBroken
from reunion.base.pages.networks import MOST_NODES, SPACING, Link, Network, Node, positions
from reunion.base.pages.pedigrees import FamilyPicture
from reunion.kinship.pedigree import trio


def network(ends: list[tuple[int, int]], size: int, focus: str = "", seed: int = 0) -> Network:
    nodes = [Node(f"n{at}", f"Node {at}", "person" if at % 2 else "phone") for at in range(size)]
    links = [Link(f"n{a}", f"n{b}", "knows") for a, b in ends]
    mixed = random.Random(seed)  # noqa: S311  # an order, not a secret
    mixed.shuffle(nodes)
    mixed.shuffle(links)
    return Network("net", "A network", "It has nodes.", nodes, links, focus)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40), st.integers(1, 9))
def test_places_do_not_depend_on_the_order_and_no_two_are_the_same(
    ends: list[tuple[int, int]], seed: int
) -> None:
    places = positions(network(ends, 20))
    assert places == positions(network(ends, 20, seed=seed))
    spots = list(places.values())
    apart = [dist(a, b) for at, a in enumerate(spots) for b in spots[:at]]
    assert min(apart) > SPACING / 2


def test_a_large_network_is_the_neighbourhood_of_its_focus() -> None:
    chain = [(at, at + 1) for at in range(999)]
    large = network(chain, 1000, focus="n500")
    shown = large.shown
    numbers = sorted(int(node.id[1:]) for node in shown.nodes)
    assert len(numbers) == MOST_NODES
    assert numbers == list(range(numbers[0], numbers[0] + MOST_NODES))
    assert abs(numbers[0] + MOST_NODES / 2 - 500) <= 1
    assert len(shown.links) == MOST_NODES - 1
    assert large.left_out == 700
    assert len(large.drawing["nodes"]) == len(large.listed) == MOST_NODES
    page = render_to_string("components/network.html", {"network": large})
    assert "700 more are farther away and not shown." in page


def test_a_large_network_without_a_focus_is_refused() -> None:
    with pytest.raises(RuleBroken):
        network([], MOST_NODES + 1)
    assert network([], MOST_NODES).shown.left_out == 0


def test_every_link_is_said_at_both_of_its_ends() -> None:
    listed = {node.id: words for node, words in network([(0, 1), (2, 2)], 4).listed}
    assert listed == {
        "n0": ["knows → Node 1"],
        "n1": ["Node 0: knows → this one"],
        "n2": ["knows → Node 2"],
        "n3": [],
    }


def test_kinds_are_told_apart_by_shape_and_by_word() -> None:
    made = network([(0, 1)], 2)
    assert made.legend == [("●", "person"), ("■", "phone")]
    shapes = {node["data"]["id"]: node["data"]["shape"] for node in made.drawing["nodes"]}
    assert shapes == {"n0": "rectangle", "n1": "ellipse"}
    page = render_to_string("components/network.html", {"network": made})
    assert page.count('data-node="') == 2
    assert '<span class="kind">phone</span>' in page


def test_what_is_not_whole_is_refused() -> None:
    node = Node("a", "A", "person")
    for nodes, links in (
        ([node, node], []),
        ([node], [Link("a", "b", "knows")]),
        ([Node(str(at), "A", f"kind {at}") for at in range(7)], []),
    ):
        with pytest.raises(RuleBroken):
            Network("net", "A", "B", nodes, links)
    with pytest.raises(RuleBroken):
        Network("net", "A", "B", [node], [], focus="b")


def family() -> FamilyPicture:
    return FamilyPicture("family", "F-1", trio(), sought="child", typed=["mother"])


def test_a_pedigree_has_its_title_its_description_and_the_same_in_words() -> None:
    made = family()
    drawn = ElementTree.fromstring(made.svg)  # noqa: S314  # our own
    texts = [drawn.findtext(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc")]
    description = "3 persons in 2 generations. Sought: child. Typed: mother."
    assert texts == ["Pedigree of family F-1", description]
    assert dict(made.persons) == {
        "father": "male",
        "mother": "female, typed",
        "child": "sex not known, child of father and mother, sought",
    }
    page = render_to_string("components/pedigree.html", {"family": made})
    assert page.count("<svg") == 1
    assert page.count("<dt>") == 3
    assert "style=" not in page


def test_a_pedigree_speaks_the_language_of_the_page() -> None:
    with translation.override("zh-hans"):
        assert "家系图" in family().svg
        assert dict(family().persons)["father"] == "男"


def test_a_name_in_a_picture_is_text() -> None:
    made = FamilyPicture("family", "<b>", trio(child="<script>"), sought="<script>")
    assert "<script>" not in made.svg
    assert "&lt;script&gt;" in made.svg
