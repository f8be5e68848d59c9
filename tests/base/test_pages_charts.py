"""Charts: colours that differ for every sight; tables and files with the same figures."""

from __future__ import annotations

import csv
import io
import re
from itertools import combinations
from math import dist

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from reunion.base.errors import RuleBroken
from reunion.base.pages.charts import PALETTE, Chart, Gap, Kind, csv_answer, figure_of
from reunion.base.small_cells import published
from tests.base.signing_in import member, with_key

Colour = tuple[float, float, float]

# How colours look without one of the three kinds of cones: Machado, Oliveira & Fernandes 2009, at
# full severity, for linear RGB.
SIGHTS: dict[str, tuple[Colour, Colour, Colour]] = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Colour:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _opened(red), _opened(green), _opened(blue)


def _opened(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lab(colour: str, sight: tuple[Colour, Colour, Colour]) -> Colour:
    """CIE L*a*b* (D65) of a colour as somebody sees it."""
    seen = [sum(a * b for a, b in zip(row, linear(colour), strict=True)) for row in sight]
    red, green, blue = (min(1.0, max(0.0, part)) for part in seen)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, sight: tuple[Colour, Colour, Colour]) -> float:
    """CIE76; 2.3 can just be told apart side by side."""
    return dist(lab(one, sight), lab(other, sight))


def chart(**changed: object) -> Chart:
    values: dict[str, object] = {
        "id": "found",
        "title": "Found <persons>",
        "summary": "Fewer each year.",
        "kind": Kind.BAR,
        "columns": ["Year", "Here", "There"],
        "rows": [("2024", [1240, Gap.SMALL]), ("2025", [Gap.MISSING, 12.5])],
        "unit": "persons",
        "source": "invented",
        "is_synthetic": True,
    }
    return Chart(**{**values, **changed})  # type: ignore[arg-type]  # as above, or as a test says


@pytest.mark.parametrize("colour", PALETTE)
def test_each_colour_stands_out_from_white(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_colours_differ_from_one_another_for_every_sight(sight: str) -> None:
    close = {
        (one, other): round(difference(one, other, SIGHTS[sight]), 1)
        for one, other in combinations(PALETTE, 2)
        if difference(one, other, SIGHTS[sight]) < 10
    }
    assert close == {}


def test_the_table_says_what_the_picture_shows_and_what_it_cannot() -> None:
    made = chart()
    assert made.table == [("2024", ["1,240", "<11"]), ("2025", ["no figure", "12.5"])]
    series = made.drawing["series"]
    assert [one["values"] for one in series] == [[1240.0, None], [None, 12.5]]
    assert [one["words"] for one in series] == [["1,240", "no figure"], ["<11", "12.5"]]
    assert [one["colour"] for one in series] == list(PALETTE[:2])


def test_suppressed_cells_stay_so_in_the_chart_and_its_file() -> None:
    counts = published({"a": 40, "b": 20, "c": 3})
    rows = [(name, [figure_of(count)]) for name, count in counts.cells.items()]
    made = chart(columns=["Kind", "Count"], rows=rows)
    assert made.table == [("a", ["40"]), ("b", ["<11"]), ("c", ["<11"])]
    page = render_to_string("components/chart.html", {"chart": made}, asked())
    assert "or one that would give such a count away" in page
    assert not re.search(r"\b(20|3)\b", re.sub(r'id="[^"]*"', "", str(made.drawing)))


def asked(**query: str) -> HttpRequest:
    return RequestFactory().get("/page/", query)


def test_the_page_has_the_table_the_summary_and_a_link_that_keeps_the_filters() -> None:
    page = render_to_string("components/chart.html", {"chart": chart()}, asked(region="cn/15/"))
    assert page.count("<tr>") == 3
    assert "Found &lt;persons&gt;" in page
    assert "<persons>" not in page
    assert (
        'role="img" aria-labelledby="found-title" aria-describedby="found-summary" hidden' in page
    )
    assert 'href="?region=cn%2F15%2F&amp;csv=found"' in page


def test_the_file_has_the_same_figures_and_only_where_it_is_asked_for() -> None:
    request = RequestFactory().get("/", {"csv": "found"})
    answer = csv_answer(request, chart(id="other"), chart())
    assert answer is not None
    text = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["All people and data here are synthetic."]
    assert rows[1:] == [["Year", "Here", "There"], ["2024", "1240", "<11"],
                        ["2025", "no figure", "12.5"]]  # fmt: skip
    assert csv_answer(RequestFactory().get("/", {"csv": "x"}), chart()) is None
    assert csv_answer(RequestFactory().get("/"), chart()) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"summary": ""},
        {"source": ""},
        {"id": "Not an id"},
        {"columns": ["Year"]},
        {"columns": ["Year", "One"]},
        {"columns": ["Year", *"abcdefg"], "rows": []},
    ],
)
def test_a_chart_that_is_not_whole_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        chart(**changed)


@pytest.mark.django_db
@pytest.mark.one_database
def test_only_pages_with_charts_let_a_library_style_its_own_elements() -> None:
    browser = with_key(member("deng", role="case_leader"))
    relaxed = "style-src-attr 'unsafe-inline'"
    drawn = browser.get("/components/pictures/")["Content-Security-Policy"]
    assert relaxed in drawn
    assert re.search(r"style-src 'self'(?! 'unsafe)", drawn)
    assert "unsafe" not in drawn.replace(relaxed, "")
    assert "unsafe" not in browser.get("/components/")["Content-Security-Policy"]
