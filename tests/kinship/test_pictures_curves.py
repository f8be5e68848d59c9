"""Curves: distributions and power as pictures."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest

from reunion.kinship.distribution import LrDistribution
from reunion.kinship.pictures.axes import Axes, ticks
from reunion.kinship.pictures.curves import distribution_svg, power_svg

RELATED = np.array([0.1, 0.2, 0.4, 0.3])
VALUES = np.arange(-1.0, 3.0)
LAW = LrDistribution(-1.0, 1.0, RELATED, RELATED * 10.0**-VALUES / 2, 0.0, 0.25)
TINY = LrDistribution(40.0, 1.0, np.array([1.0]), np.array([1e-40]), 0.0, 1.0)


@pytest.mark.parametrize("law", [LAW, TINY], ids=["ordinary", "one cell, all others excluded"])
@pytest.mark.parametrize("lead", [None, 1.25, -math.inf])
def test_a_distribution_is_drawn_with_title_description_and_lead(
    law: LrDistribution, lead: float | None
) -> None:
    svg = distribution_svg(law, lead=lead)
    root = ElementTree.fromstring(svg)  # noqa: S314 # made by us just now
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert ("this lead: 1.25" in svg) == (lead == 1.25)
    assert "nan" not in svg
    assert svg == distribution_svg(law, lead=lead)


@pytest.mark.parametrize("law", [LAW, TINY], ids=["ordinary", "one cell, all others excluded"])
def test_a_power_curve_says_what_happens_at_the_threshold(law: LrDistribution) -> None:
    svg = power_svg(law, people=1000, threshold=2.0)
    assert "threshold 2.00" in svg
    assert "nan" not in svg
    ElementTree.fromstring(svg)  # noqa: S314 # made by us just now


def test_the_description_of_a_power_curve_has_the_figures() -> None:
    svg = power_svg(LAW, people=1000, threshold=2.0)
    assert "found with probability 30 %" in svg
    assert "1.5 false leads" in svg


def test_both_curves_differ_by_more_than_colour() -> None:
    for svg in (distribution_svg(LAW), power_svg(LAW, people=10)):
        assert svg.count('stroke-dasharray="6 4"') == 2  # the curve, and the legend


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0.0, 1.0) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert all(-61 <= tick <= 13 and tick % 20 == 0 for tick in ticks(-61, 13))


def test_what_lies_beyond_a_frame_is_drawn_on_its_edge() -> None:
    axes = Axes((0.0, 1.0), (0.0, 1.0))
    assert axes.point(0.5, -math.inf) == axes.point(0.5, 0.0)
    assert axes.point(7.0, 0.5) == axes.point(1.0, 0.5)
