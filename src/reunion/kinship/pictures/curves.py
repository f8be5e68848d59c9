"""Curves as SVG: the distribution of a family's log10 LR, and the power of its search."""

from __future__ import annotations

import math

import numpy as np

from reunion.kinship.distribution import LrDistribution
from reunion.kinship.frequencies import FloatArray
from reunion.kinship.pictures.axes import (
    HEIGHT,
    WIDTH,
    Axes,
    legend,
    power_of_ten,
    scale,
)
from reunion.kinship.pictures.svg import INK, Canvas
from reunion.kinship.pictures.words import DistributionWords, PowerWords

BINS = 120
LEAST_SHARE = 0.002
"""What lies beyond in both laws is not shown."""

SMALLEST = -6
"""Fewer expected false leads than 10**-6 are drawn at the foot of the picture."""

DASHES = "6 4"
DISTRIBUTION_ENGLISH = DistributionWords()
POWER_ENGLISH = PowerWords()


def distribution_svg(
    law: LrDistribution,
    *,
    lead: float | None = None,
    words: DistributionWords = DISTRIBUTION_ENGLISH,
) -> str:
    """The laws of log10 LR for the sought person and for unrelated people.

    Args:
        law: of a family.
        lead: log10 LR of a candidate, marked in the picture.
        words: in the reader's language.
    """
    low, high = _range(law, lead)
    edges = np.linspace(low, high, BINS + 1)
    related, unrelated = (_density(law.values, of, edges) for of in (law.related, law.unrelated))
    axes = Axes(
        (low, high), (0.0, 1.05 * max(float(related.max()), float(unrelated.max()), 1e-300))
    )
    middles = (edges[:-1] + edges[1:]) / 2
    canvas = Canvas()
    area = [axes.point(low, 0), *axes.points(middles, related), axes.point(high, 0)]
    canvas.add("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in area), fill="#ddd")
    canvas.line(axes.points(middles, related), width=2)
    canvas.line(axes.points(middles, unrelated), width=2, dashes=DASHES)
    axes.draw(canvas, words.axis, is_left=False)
    legend(canvas, (("", words.related), (DASHES, words.unrelated)))
    if lead is not None and math.isfinite(lead):
        axes.mark(canvas, lead, words.lead.format(lead=f"{lead:.2f}"))
    description = words.description.format(
        median=_number(law.quantile(0.5)),
        low=_number(law.quantile(0.05)),
        excluded=percent(law.excluded_unrelated),
    )
    return canvas.svg(WIDTH, HEIGHT, title=words.title, description=description)


def power_svg(
    law: LrDistribution,
    *,
    people: int,
    threshold: float = 0.0,
    words: PowerWords = POWER_ENGLISH,
) -> str:
    """Sensitivity and expected false leads against the least log10 LR of a lead.

    Args:
        law: of a family.
        people: how many are searched.
        threshold: marked in the picture.
        words: in the reader's language.
    """
    high = max(_share_reached(law.values, law.related, 1 - LEAST_SHARE), threshold + 1, 2.0)
    low = min(0.0, threshold)
    limits = np.linspace(low, high, BINS + 1).tolist()
    found = [law.sensitivity(limit) for limit in limits]
    false = [_log10(law.expected_false_leads(limit, people)) for limit in limits]
    top = max(1, math.ceil(max(false)))
    left, right = Axes((low, high), (0.0, 1.0)), Axes((low, high), (float(SMALLEST), float(top)))
    canvas = Canvas()
    left.draw(canvas, words.axis)
    scale(canvas, [(i / 4, percent(i / 4)) for i in range(5)], left, right=False)
    decades = range(SMALLEST, top + 1, 1 if top - SMALLEST < 9 else 2)
    scale(canvas, [(float(i), power_of_ten(i)) for i in decades], right, right=True)
    canvas.line(left.points(limits, found), width=2)
    canvas.line(right.points(limits, false), width=2, dashes=DASHES, stroke=INK)
    legend(canvas, (("", words.sensitivity), (DASHES, words.false_leads)))
    left.mark(canvas, threshold, words.threshold.format(threshold=f"{threshold:.2f}"))
    description = words.description.format(
        threshold=f"{threshold:.2f}",
        sensitivity=percent(law.sensitivity(threshold)),
        false_leads=f"{law.expected_false_leads(threshold, people):.3g}",
        people=people,
    )
    return canvas.svg(WIDTH, HEIGHT, title=words.title, description=description)


def percent(share: float) -> str:
    """A share in percent; never 100 % or 0 % where something is left.

    >>> percent(0.5), percent(0.99999), percent(1.0), percent(1e-9)
    ('50 %', '> 99.99 %', '100 %', '< 0.01 %')
    """
    if 0.9999 < share < 1:
        return "> 99.99 %"
    if 0 < share < 0.0001:
        return "< 0.01 %"
    return f"{100 * share:.4g} %"


def _range(law: LrDistribution, lead: float | None) -> tuple[float, float]:
    """The values to show: both laws but for their far ends, 0, and the lead."""
    values = law.values
    kept = [0.0]
    for of in (law.related, law.unrelated):
        if of.sum() > LEAST_SHARE:
            kept += [_share_reached(values, of, share) for share in (LEAST_SHARE, 1 - LEAST_SHARE)]
    if lead is not None and math.isfinite(lead):
        kept.append(lead)
    low, high = min(kept), max(kept)
    room = 0.04 * (high - low) + 0.1
    return low - room, high + room


def _share_reached(values: FloatArray, law: FloatArray, share: float) -> float:
    """The value that this share of a law does not pass."""
    reached = np.cumsum(law)
    return float(values[int(np.searchsorted(reached, share * reached[-1]))])


def _density(values: FloatArray, law: FloatArray, edges: FloatArray) -> FloatArray:
    """Probability per unit of log10 LR in each bin."""
    mass, _ = np.histogram(values, bins=edges, weights=law)
    density: FloatArray = mass / (edges[1] - edges[0])
    return density


def _log10(value: float) -> float:
    return math.log10(value) if value > 0 else -math.inf


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-inf"
