"""The first page says what is late, waits or has changed; the box finds what one may see.

All people and agencies are synthetic.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import reunion.web.views  # noqa: F401  # it finds what the rooms say
from reunion.base.agenda import SHOWN, Part, Urgency, agenda_of
from reunion.base.finding import MOST, find
from reunion.base.notices.actions import notify
from tests.base.assigned import OFFICE, Ground, days_later, ground, issued, of, terms_for
from tests.base.signing_in import member, police, with_key
from tests.base.two_people import holding_everything, proposed, record_at
from tests.cast import NOW, administrator

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MONTH_LATER = days_later(30)


def by_title(parts: list[Part]) -> dict[str, Part]:
    return {part.title: part for part in parts}


def test_what_is_late_stands_before_what_waits_and_what_changed() -> None:
    places = ground()
    office = of(places.prefecture)
    late = issued(office, terms_for(places.county))
    county = of(places.county)
    notify(
        actor=office, what="assignment.overdue", subject=late, unit=places.county.pk, at=MONTH_LATER
    )
    issued(office, terms_for(places.county, due=days_later(60).date()))

    parts = agenda_of(county, MONTH_LATER)

    assert [part.urgency for part in parts] == sorted(part.urgency for part in parts)
    assert parts[0].urgency is Urgency.LATE
    line, other = by_title(parts)["Assignments that wait for your unit"].lines
    assert (line.is_late, other.is_late) == (True, False)
    assert line.url == f"/assignments/{late.pk}/"
    assert line.due == late.due
    assert "Accept" in line.steps
    assert by_title(parts)["Unread notices"].urgency is Urgency.CHANGED


def test_an_office_that_issues_sees_which_units_are_late_and_for_how_long() -> None:
    places = ground()
    office = of(places.prefecture)
    first = issued(office, terms_for(places.county))
    issued(office, terms_for(places.county))
    issued(office, terms_for(places.neighbour))
    part = by_title(agenda_of(office, MONTH_LATER))["Overdue in your region, by unit"]
    assert (part.count, len(part.lines)) == (3, 2)
    assert first.due is not None
    days = (MONTH_LATER.date() - first.due).days
    texts = {line.text for line in part.lines}
    assert f"{places.county.name_en}: 2, the oldest for {days} days" in texts


def test_a_second_person_sees_what_waits_for_them_and_the_first_does_not() -> None:
    first = holding_everything("cn/15/1506/")
    proposal = proposed(replace(first, unit=ground().prefecture.pk), record_at())
    second = replace(holding_everything("cn/15/"), unit=ground().province.pk)
    title = "Acts that wait for a second person"
    (line,) = by_title(agenda_of(second, NOW))[title].lines
    assert line.url == f"/approvals/{proposal.pk}/"
    assert title not in by_title(agenda_of(first, NOW))


def test_nothing_is_said_to_those_who_may_not_see_it() -> None:
    places = ground()
    issued(of(places.prefecture), terms_for(places.county))
    assert agenda_of(replace(of(places.county), permissions=frozenset()), MONTH_LATER) == []
    assert agenda_of(of(places.far), MONTH_LATER) == []


def many(places: Ground, count: int) -> None:
    for _ in range(count):
        issued(of(places.prefecture), terms_for(places.county))


def test_the_number_of_queries_does_not_grow_with_what_waits() -> None:
    places = ground()
    county = of(places.county, *OFFICE)
    many(places, SHOWN + 1)
    with CaptureQueriesContext(connection) as few:
        agenda_of(county, MONTH_LATER)
    many(places, 20)
    with CaptureQueriesContext(connection) as more:
        parts = agenda_of(county, MONTH_LATER)
    assert by_title(parts)["Assignments that wait for your unit"].count == SHOWN + 21
    assert len(more) == len(few)


def test_the_box_finds_by_a_part_of_the_name_what_the_reader_may_see() -> None:
    places = ground()
    many(places, MOST + 1)
    county = of(places.county, "assignments.see", "units.see")
    kinds = {str(kind.title): kind for kind in find(county, " synthetic CASE ", NOW)}
    assert len(kinds["Assignments"].found) == MOST
    assert kinds["Assignments"].more
    assert "Units" not in kinds

    texts = [found.text for kind in find(county, "虚构", NOW) for found in kind.found]
    assert texts == [places.county.name_en]
    assert find(of(places.far), "synthetic case", NOW) == []
    assert find(county, "s", NOW) == []
    assert find(county, "\0", NOW) == []


@pytest.mark.one_database
def test_the_pages_show_it() -> None:
    account = member("deng", "secretariat", "cn/15/1506/")
    browser = with_key(account)
    page = browser.get("/").content.decode()
    assert "Nothing waits for you now." in page
    unit = police("cn/15/1506/")
    notify(
        actor=administrator(),
        what="assignment.issued",
        subject=unit,
        unit=unit.pk,
        at=timezone.now(),
    )
    page = browser.get("/").content.decode()
    assert "Unread notices: 1" in page
    assert f'href="/units/{unit.pk}/"' in page
    found = browser.get("/find/?q=Invented").content.decode()
    assert f'href="/units/{unit.pk}/"' in found
    assert "Nothing that you may see" in browser.get("/find/?q=nobody").content.decode()
