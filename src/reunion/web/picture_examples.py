"""The page of pictures and documents: each once, with invented contents, as on `components`.

It is a page of its own because its policy lets a drawing library style its own elements.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reunion.base.documents.letters import TYPE as WORD
from reunion.base.documents.letters import Letter, letter_docx
from reunion.base.documents.meetings import TYPE as CALENDAR
from reunion.base.documents.meetings import Meeting, Office, invitation
from reunion.base.documents.printing import (
    Dossier,
    Pairs,
    Paragraph,
    Picture,
    Poster,
    Rows,
    Section,
    Side,
    labels_pdf,
)
from reunion.base.documents.qr import Code
from reunion.base.errors import NotFound
from reunion.base.pages.calendars import StatedDate, StatedDateField
from reunion.base.pages.charts import Chart, Gap, Kind, csv_answer, draws_charts
from reunion.base.pages.maps import PlacesMap, PublicPlace, PublicPoint
from reunion.base.pages.networks import Link, Network, Node
from reunion.base.pages.pedigrees import FamilyPicture
from reunion.base.permissions.declare import signed_in
from reunion.base.units.pack import jurisdiction
from reunion.kinship.pedigree import grandparents
from reunion.packs.jurisdiction import load_jurisdiction

PDF = "application/pdf"


class DateForm(forms.Form):
    """The entry of a date as somebody states it."""

    born = StatedDateField(
        label=gettext_lazy("Day of birth"),
        initial=StatedDate(1994, 8, 15, is_lunar=True, about=True),
        required=False,
    )


@signed_in()
@require_safe
@draws_charts
def picture_examples(request: HttpRequest) -> HttpResponseBase:
    """Each picture once; with `?file=`, one of the documents."""
    if settings.MODE != "demo":
        raise NotFound(kind="page")
    at = timezone.now()
    charts = example_charts()
    if (made := FILES.get(request.GET.get("file", ""))) is not None:
        kind, content = made
        name = request.GET["file"]
        return HttpResponse(
            content(at),
            content_type=kind,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    return csv_answer(request, *charts) or render(
        request,
        "components/pictures.html",
        {
            "charts": charts,
            "map": example_map(request),
            "network": example_network(),
            "family": example_family(),
            "poster": example_poster(at),
            "dossier": example_dossier(at),
            "days": [at, at.date() + timedelta(3), at - timedelta(400)],
            "said": [
                StatedDate(1994, 8, 15, is_lunar=True),
                StatedDate(1995, 8, is_lunar=True, leap=True),
                StatedDate(1994, about=True),
            ],
            "dates": DateForm(request.GET if "born_year" in request.GET else None),
            "files": [name for name in FILES if name not in ("poster.pdf", "dossier.pdf")],
        },
    )


def example_charts() -> list[Chart]:
    """A line, bars on bars, and bars that lie."""
    years = [str(year) for year in range(2016, 2026)]
    families: list[int | Gap] = [120, 180, 260, 410, 380, 520, 700, 910, 1040, 1210]
    found: list[int | Gap] = [Gap.MISSING, Gap.SMALL, 14, 22, 19, 35, 48, 61, 80, 97]
    kinds: tuple[list[int | Gap], ...] = (
        [40, 52, 61],
        [18, 12, Gap.SMALL],
        [25, 31, 30],
        [12, 16, 14],
    )
    regions = [_("Invented North"), _("Invented South"), _("Invented East")]
    source = _("invented for this page")
    return [
        Chart(
            "families",
            _("Families who gave blood, and persons found"),
            _("Both rose in these ten years, families from 120 to 1,210 a year."),
            Kind.LINE,
            [_("Year"), _("Families"), _("Persons found")],
            [
                (year, pair)
                for year, pair in zip(years, zip(families, found, strict=True), strict=True)
            ],
            _("per year"),
            source,
            is_synthetic=True,
        ),
        Chart(
            "tasks",
            _("Tasks by standing"),
            _("The South has the most open tasks; the North has the most that are overdue."),
            Kind.STACKED,
            [_("Region"), _("Done"), _("Overdue"), _("Open"), _("Waits for another unit")],
            [(name, [row[at] for row in kinds]) for at, name in enumerate(regions)],
            _("tasks"),
            source,
            is_synthetic=True,
        ),
        Chart(
            "days",
            _("Days from sample to result"),
            _("The South waits longest: 31 days."),
            Kind.ACROSS,
            [_("Region"), _("Days")],
            list(zip(regions, ([18], [31], [24]), strict=True)),
            _("days, median"),
            source,
            is_synthetic=True,
        ),
    ]


def example_map(request: HttpRequest) -> PlacesMap:
    """A collection point in each of many regions of the pack."""
    regions = load_jurisdiction(settings.JURISDICTION).regions
    level, language = list(regions.levels)[-2], (get_language() or "").split("-")[0]
    points = [
        PublicPoint(
            name=_("Invented point %(number)03d") % {"number": number},
            place=list(PublicPlace)[number % 2],
            address=_("%(region)s, Invented Street %(number)d")
            % {"region": region.name(language), "number": number},
            lon=region.lon,
            lat=region.lat,
            hours="09:00–17:00",
        )
        for number, region in enumerate(regions.within(regions.root.path, level=level))
        if region.lon is not None and region.lat is not None
    ]
    return PlacesMap.asked_by(
        request.GET.dict(),
        id="places",
        title=_("Where families give blood"),
        points=points,
    )


def example_network() -> Network:
    """Invented people of an invented case."""
    person, phone, car = _("person"), _("phone"), _("car")
    nodes = [
        *(
            Node(f"p{at}", _("Invented Person %(number)d") % {"number": at}, person)
            for at in range(8)
        ),
        Node("t1", _("Phone A"), phone),
        Node("t2", _("Phone B"), phone),
        Node("c1", _("Car A"), car),
    ]
    knows, uses, paid = _("knows"), _("uses"), _("paid")
    pairs = [
        *(("p0", f"p{at}", knows) for at in (1, 2, 3)),
        ("p1", "t1", uses), ("p2", "t1", uses), ("p4", "t2", uses), ("p0", "t2", uses),
        ("p3", "c1", uses), ("p5", "c1", uses), ("p6", "p5", paid), ("p7", "p6", paid),
    ]  # fmt: skip
    return Network(
        "ring",
        _("An invented network"),
        _("Eight persons, two phones and a car; Person 0 has the most links."),
        nodes,
        [Link(source, target, name) for source, target, name in pairs],
        focus="p0",
    )


def example_family() -> FamilyPicture:
    """Grandparents who look for a grandchild."""
    pedigree = grandparents()
    people = [person.id for person in pedigree]
    return FamilyPicture("family", "ZZ-0001", pedigree, sought=people[-1], typed=people[:2])


def example_poster(at: datetime) -> Poster:
    """Where to give blood, in those languages of the jurisdiction that the example has."""
    sides = {
        "zh": Side("免费采血，寻找亲人", ["采血不收费。", "任何采血点都可以采。"]),
        "en": Side(
            "Give blood, find your family",
            ["It costs nothing.", "Any collection point takes it."],
        ),
    }
    return Poster(
        {code: side for code, side in sides.items() if code in jurisdiction().languages},
        "https://reunion.example/blood",
        _("Invented police office"),
        at,
        is_synthetic=True,
    )


def example_dossier(at: datetime) -> Dossier:
    """A case with one part of each kind."""
    family = example_family()
    return Dossier(
        _("Dossier of an invented case"),
        [
            Section(_("Facts"), [Pairs([(_("Code"), "ZZ-0001"), (_("Year"), "1994")])]),
            Section(
                _("Steps"),
                [
                    Paragraph(_("Invented for this page.")),
                    Rows([_("Step"), _("Who")], [[_("Reported"), _("Case officer")]]),
                ],
            ),
            Section(_("Family"), [Picture(family.svg, family.title)]),
        ],
        by=_("Invented Person, Invented police office"),
        at=at,
        why=_("to look at this page"),
        is_synthetic=True,
    )


def _labels(at: datetime) -> bytes:
    codes = [(Code("KIT", f"ZZ-{number:04}"), _("Kit")) for number in range(44)]
    return labels_pdf(codes, title=_("Labels of kits"), at=at, is_synthetic=True)


def _letter(at: datetime) -> bytes:
    return letter_docx(
        Letter(
            sender=_("Invented police office"),
            number="ZZ-2026-0001",
            recipient=_("Invented laboratory"),
            title=_("Letter about invented samples"),
            paragraphs=[_("Invented for this page.")],
            at=at,
            is_synthetic=True,
            head=[_("Code"), _("Day")],
            rows=[["ZZ-0001", f"{at:%Y-%m-%d}"]],
        )
    )


def _meeting(at: datetime) -> bytes:
    office = Office(_("Invented office of the conference"), "conference@reunion.example")
    meeting = Meeting(
        uid=UUID(int=1),
        sequence=0,
        title=_("Invented meeting"),
        place=_("Invented hall"),
        agenda=_("Invented for this page."),
        starts=at.replace(day=1) + timedelta(40),
        lasts=timedelta(hours=2),
        organiser=office,
        attendees=[Office(_("Invented police office"), "police@reunion.example")],
        is_synthetic=True,
    )
    return invitation(meeting, at=at)


FILES: dict[str, tuple[str, Callable[[datetime], bytes]]] = {
    "poster.pdf": (PDF, lambda at: example_poster(at).pdf),
    "dossier.pdf": (PDF, lambda at: example_dossier(at).pdf),
    "labels.pdf": (PDF, _labels),
    "letter.docx": (WORD, _letter),
    "meeting.ics": (CALENDAR, _meeting),
}
"""By name: what kind of file it is, and how it is made."""
