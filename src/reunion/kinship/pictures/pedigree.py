"""A pedigree as SVG, with the standard symbols.

Square, circle, diamond: male, female, sex not known. Filled: typed. A question mark and an arrow:
the sought person. Two lines between partners: they are related. Lines that meet in a point, with a
bar across: identical twins.

Source:
    Bennett et al. 2008, Standardized human pedigree nomenclature, J Genet Couns 17:424-433.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import Any

from reunion.kinship.pedigree import Pedigree, Person, Sex
from reunion.kinship.pictures.layout import (
    CAPTION,
    CAPTION_HEIGHT,
    DROP,
    MARGIN,
    NAME,
    NAME_HEIGHT,
    RADIUS,
    Captions,
    Layout,
    layout,
    name_lines,
)
from reunion.kinship.pictures.routes import Route
from reunion.kinship.pictures.svg import INK, PAPER, Canvas, text_width
from reunion.kinship.pictures.words import PedigreeWords

TYPED = "#444"
HIDDEN = 3.0
"""How far a line goes on under the symbol where it ends."""

ENGLISH = PedigreeWords()


def pedigree_svg(
    pedigree: Pedigree,
    *,
    sought: str | None = None,
    typed: Collection[str] = (),
    captions: Captions | None = None,
    words: PedigreeWords = ENGLISH,
) -> str:
    """The picture of a pedigree.

    Args:
        pedigree: any that the library can hold; up to some sixty persons it stays readable.
        sought: the person who is looked for.
        typed: persons of whom a sample is typed.
        captions: lines under a person, genotypes for example; one with a star is bold.
        words: in the reader's language.

    >>> from reunion.kinship.pedigree import trio
    >>> print(pedigree_svg(trio(), sought="child", typed=["mother"]).splitlines()[2])
    <desc>3 persons in 2 generations. Sought: child. Typed: mother.</desc>
    """
    captions = captions or {}
    plan = layout(pedigree, captions)
    canvas = Canvas()
    for route in plan.routes.routes:
        _draw_lines(canvas, plan, route)
    for person in pedigree:
        symbol = Canvas()
        said = [person.id, getattr(words, person.sex)]
        if person.id == sought:
            said.append(words.sought)
        if person.id in typed:
            said.append(words.typed)
        symbol.add("title", escape(", ".join(said), quote=False))
        x, y = plan.position(person.id)
        _draw_symbol(symbol, x, y, person, person.id == sought, person.id in typed)
        _draw_text(symbol, plan, person.id, captions.get(person.id, ()))
        canvas.add("g", "".join(symbol.parts), **{"class": "person"})
    there = [person.id for person in pedigree if person.id in typed]
    width, height = _draw_legend(canvas, plan.height + 24, words)
    description = words.description.format(
        persons=len(pedigree.persons),
        generations=len(plan.rows),
        sought=sought or words.nobody,
        typed=", ".join(there) or words.nobody,
    )
    return canvas.svg(max(plan.width, width), height, title=words.title, description=description)


def _draw_symbol(
    canvas: Canvas, x: float, y: float, person: Person, is_sought: bool, is_typed: bool
) -> None:
    """Square, circle or diamond; the arrow of the sought person points up to it."""
    look: dict[str, Any] = {
        "fill": TYPED if is_typed else PAPER,
        "stroke": INK,
        "stroke_width": 2.5 if is_sought else 1.5,
    }
    r = RADIUS
    if person.sex is Sex.MALE:
        canvas.add("rect", x=x - r + 1, y=y - r + 1, width=2 * r - 2, height=2 * r - 2, **look)
    elif person.sex is Sex.FEMALE:
        canvas.add("circle", cx=x, cy=y, r=r, **look)
    else:
        corners = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
        canvas.add("polygon", points=" ".join(f"{a:.2f},{b:.2f}" for a, b in corners), **look)
    if is_sought:
        canvas.text(x, y + 5, "?", size=15, bold=True, fill=PAPER if is_typed else INK)
        tip_x, tip_y = x - r + 1, y + r - 1
        canvas.line([(tip_x - 9, tip_y + 9), (tip_x, tip_y)])
        canvas.line([(tip_x - 6, tip_y), (tip_x, tip_y), (tip_x, tip_y + 6)])


def _draw_text(canvas: Canvas, plan: Layout, person: str, captions: Collection[str]) -> None:
    """The name, and the lines below it."""
    x, y = plan.position(person)
    base = y + RADIUS + NAME_HEIGHT + 1
    for line in name_lines(person, plan.column):
        canvas.text(x, base, line, size=NAME)
        base += NAME_HEIGHT
    for line in captions:
        canvas.text(x, base - 2, line, size=CAPTION, bold="*" in line)
        base += CAPTION_HEIGHT


def _draw_lines(canvas: Canvas, plan: Layout, route: Route) -> None:
    """The lines of a couple and of their children."""
    sibship = route.sibship
    for detour, above, below in zip(route.wire, sibship.wire, sibship.wire[1:], strict=False):
        x, y = plan.position(above)
        lane = plan.detour_y(detour.gap, detour.number)
        end_x, end_y = plan.position(below)
        corners = [(x, y), (detour.start, y), (detour.start, lane), (end_x, lane), (end_x, end_y)]
        canvas.line(corners)
    height = _draw_couple(canvas, plan, route) if sibship.mates else None
    for bar in route.bars:
        lane = plan.bar_y(bar.gap, bar.number)
        canvas.line([(bar.source, height or lane), (bar.source, lane)])
        ends = (bar.source, *bar.targets)
        canvas.line([(min(ends), lane), (max(ends), lane)])
        height = lane
    _draw_children(canvas, plan, sibship.children, height)


def _draw_couple(canvas: Canvas, plan: Layout, route: Route) -> float:
    """The line between two partners; the height from which their children hang."""
    left, right = sorted(route.sibship.mates, key=lambda node: plan.x[node])
    start, end = plan.position(left), plan.position(right)
    if route.detour is not None:
        lane = plan.detour_y(route.detour.gap, route.detour.number)
        turns = (route.detour.start, start[1]), (route.detour.end, end[1])
        canvas.line([start, turns[0], (turns[0][0], lane)])
        canvas.line([(turns[1][0], lane), turns[1], end])
        start, end = (turns[0][0], lane), (turns[1][0], lane)
    for by in (-2.0, 2.0) if route.sibship.is_consanguineous else (0.0,):
        canvas.line([(start[0], start[1] + by), (end[0], end[1] + by)])
    return start[1]


def _draw_children(
    canvas: Canvas, plan: Layout, children: Collection[str], bar: float | None
) -> None:
    """From the bar down to each child; twins hang from one point, with a bar across."""
    twins = [group for group in plan.chart.twins if group[0] in children]
    together = {child for group in twins for child in group}
    for child in children:
        x, y = plan.position(child)
        if child not in together and bar is not None:
            canvas.line([(x, bar), (x, y - RADIUS + HIDDEN)])
    for group in twins:
        apex = plan.routes.apex(group)
        top = plan.position(group[0])[1] - RADIUS
        knot = top - DROP + 4
        if bar is not None:
            canvas.line([(apex, bar), (apex, knot)])
        for twin in group:
            canvas.line([(apex, knot), (plan.x[twin], top + HIDDEN)])
        ends = [(apex + plan.x[twin]) / 2 for twin in group]
        canvas.line([(min(ends), (knot + top) / 2), (max(ends), (knot + top) / 2)])


def _draw_legend(canvas: Canvas, y: float, words: PedigreeWords) -> tuple[float, float]:
    """What fill and question mark mean; how much room the legend needs."""
    x = MARGIN
    canvas.add("rect", x=x, y=y - 9, width=10, height=10, fill=TYPED, stroke=INK)
    canvas.text(x + 16, y, words.typed, size=CAPTION + 1, anchor="start")
    x += 16 + text_width(words.typed, CAPTION + 1) + 18
    canvas.text(x, y, "?", size=14, bold=True, anchor="start")
    canvas.text(x + 13, y, words.sought, size=CAPTION + 1, anchor="start")
    return x + 13 + text_width(words.sought, CAPTION + 1) + MARGIN, y + MARGIN
