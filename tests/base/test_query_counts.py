"""No list asks the database more often because it has more rows, and none is without an end."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import tests.base.matrix.more_places
import tests.base.places  # noqa: F401  # both register their builders
from reunion.base.agenda import SHOWN
from reunion.base.lists import ROWS
from reunion.base.permissions.declare import Reach
from reunion.base.units.models import Post, Staff, Unit
from reunion.packs.roles import load_roles
from tests.base.matrix.asking import STORES
from tests.base.matrix.endpoints import Endpoint, endpoints
from tests.base.matrix.expected import may_reach
from tests.base.matrix.more_places import an_attachment
from tests.base.matrix.people import Person, person_of, visitor
from tests.base.matrix.where import HOME, OWN, PLACES, Relation, Where
from tests.base.signing_in import member, with_key
from tests.base.two_people import record_at

pytestmark = [pytest.mark.django_db(databases=STORES), pytest.mark.one_database]

FEW, MANY = SHOWN + 1, 40
"""Rows; of more than the first page shows of a list, it asks how many there are."""
SLOW = {an_attachment}
"""No page lists them all, and a child process cleans each."""
ALL = "?all=1&show=all&own=1"
"""What lists show beside the rows that they begin with."""


def add_rows(person: Person, number: int) -> None:
    """So many records of every kind, at the actors' own agency."""
    builders = {build for name, build in PLACES.items() if name not in OWN} - SLOW
    where = Where(Relation.OWN, person.actor, person.account, timezone.now())
    for build in sorted(builders, key=lambda build: build.__name__):
        for _ in range(number):
            build(where)


def pages() -> list[Endpoint]:
    """Those without arguments that are only looked at, behind sign-in."""
    return [
        each
        for each in endpoints()
        if not each.arguments
        and "GET" in each.methods
        and each.declared is not None
        and each.declared.reach in {Reach.SIGNED_IN, Reach.PERMITTED}
    ]


def counts(people: list[Person]) -> dict[str, int]:
    """The queries of every page, by its address and the role of the first who may reach it."""
    found = {}
    client = Client()
    for endpoint in pages():
        for person in people:
            if not may_reach(person.role, endpoint):
                continue
            client.cookies[settings.SESSION_COOKIE_NAME] = visitor(person).session
            for query in ("", ALL, f"{ALL}&file=csv"):
                address = reverse(endpoint.name) + query
                client.get(address)  # what is read once for all is read now
                found[f"{person.role.code} {address}"] = _queries(client, address)
            break
    return found


def _queries(client: Client, address: str) -> int:
    with ExitStack() as stack:
        seen = [stack.enter_context(CaptureQueriesContext(connections[s])) for s in STORES]
        answer = client.get(address)
    assert answer.status_code < 500, address
    return sum(len(one) for one in seen)


def test_forty_rows_take_no_more_queries_than_five() -> None:
    roles = load_roles().values()
    people = [person_of(role) for role in roles if role.internal and role.may]
    add_rows(people[0], FEW)
    few = counts(people)
    add_rows(people[0], MANY - FEW)
    many = counts(people)
    assert len(few) > 40
    more = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert more == {}


def test_a_long_list_comes_in_pages_and_a_search_finds_one_of_them() -> None:
    admin = with_key(member("deng", "administrator", HOME))
    Unit.objects.unscoped().bulk_create(
        Unit(
            code=f"synthetic-{n:03}", kind="police", level="county", region=HOME,
            name_en=f"Synthetic {n:03}", name=f"虚构{n:03}", valid_from=timezone.now(),
        )
        for n in range(2 * ROWS)
    )  # fmt: skip
    first = admin.get("/units/").content.decode()
    assert first.count("synthetic-") == ROWS - 1  # and the police of the prefecture
    assert 'rel="next" href="?page=2"' in first
    last = f"synthetic-{2 * ROWS - 1:03}"
    assert last not in first
    assert last in admin.get("/units/?page=3").content.decode()
    found = admin.get(f"/units/?q=虚构{last[-3:]}&page=9").content.decode()
    assert found.count("synthetic-") == 1
    assert last in found
    nothing = admin.get("/units/?q=nowhere\0").content.decode()
    assert "Nothing of this name or code." in nothing


def test_forms_suggest_few_units_and_take_any_code() -> None:
    admin = with_key(member("deng", "administrator", HOME))
    units = [record_at(HOME) for _ in range(ROWS + 5)]
    last = max(units, key=lambda unit: unit.code)
    page = f"/units/{units[0].pk}/close/"
    text = admin.get(page).content.decode()
    assert text.count("<option") == ROWS
    assert last.code in admin.get(f"{page}?q={last.code}").content.decode()
    admin.send(page, version="1", valid_to="2027-01-01", successor="nowhere")
    assert Unit.objects.unscoped().get(pk=units[0].pk).valid_to is None
    admin.send(page, version="1", valid_to="2027-01-01", successor=last.code)
    assert Unit.objects.unscoped().get(pk=units[0].pk).successor_id == last.pk


def test_somebody_to_appoint_is_found_by_name() -> None:
    admin = with_key(member("deng", "administrator", HOME))
    Staff.objects.unscoped().bulk_create(
        Staff(name=f"Synthetic {n:03}", region=HOME) for n in range(ROWS + 5)
    )
    page = f"/units/{record_at(HOME).pk}/appoint/"
    last, other = f"{ROWS + 4:03}", f"{ROWS + 3:03}"
    assert f"Synthetic {last}" not in admin.get(page).content.decode()
    searched = f"{page}?q={last}"
    text = admin.get(searched).content.decode()
    assert f"Synthetic {last}" in text
    assert f"Synthetic {other}" not in text
    chosen = Staff.objects.unscoped().get(name=f"Synthetic {last}")
    answer = admin.send(searched, staff=str(chosen.pk), role="auditor", valid_from="2026-11-01")
    assert answer.status_code == 302, answer.content.decode()
    assert Post.objects.unscoped().get(staff=chosen).role == "auditor"
