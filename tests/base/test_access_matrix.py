"""Every role at every page, by every method, from every place: as declared, and not otherwise."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from reunion.base.permissions.declare import public
from reunion.base.published.actions import Content, put
from reunion.settings import public as public_settings
from reunion.web.views import home
from tests.base.matrix.asking import FORM, STORES, site
from tests.base.matrix.endpoints import PUBLIC, Endpoint, endpoints, methods_of
from tests.base.matrix.people import people, visitor
from tests.base.matrix.walk import ALL_METHODS, Matrix, Tally, without_builder
from tools.matrix import TABLE, table

PARTS = 4
"""Parts of the walk, for as many processes as there are."""

pytestmark = [pytest.mark.django_db(databases=STORES), pytest.mark.one_database]


@pytest.mark.threat("T22")
def test_every_address_is_declared_and_has_a_record_for_the_matrix() -> None:
    assert [each.name for each in endpoints() if each.declared is None] == []
    assert without_builder() == []


@pytest.mark.threat("T10", "T22")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_cell_of_the_matrix_answers_otherwise_than_declared(part: int) -> None:
    with site():
        tally = Tally().add(Matrix(is_short=True).walk(part, PARTS))
    assert tally.deviations == []
    assert tally.cells.total() > 4_000 / PARTS


def public_site() -> override_settings:
    """The public site in this process, but for its stores."""
    names = (
        "ROOT_URLCONF",
        "MIDDLEWARE",
        "TEMPLATES",
        "RECEIPT_KDF",
        "CAPABILITY_KEY",
        "LARGEST_BODY",
        "HSTS",
    )
    return override_settings(**{name: getattr(public_settings, name) for name in names})


@pytest.mark.threat("T22")
def test_the_public_site_has_no_accounts_and_no_session() -> None:
    chain = " ".join(public_settings.MIDDLEWARE).lower()
    assert not any(word in chain for word in ("auth", "session", "csrf", "accounts", "messages"))
    assert not any("auth" in app or "accounts" in app for app in public_settings.INSTALLED_APPS)
    assert public_settings.DATABASES["default"] == {}
    assert "dna" not in public_settings.DATABASES


@pytest.mark.threat("T22")
def test_every_public_page_answers_everybody_alike() -> None:
    session = visitor(people()[-1]).session
    now = timezone.now()
    body = {"en": {"title": "Synthetic", "text": "Synthetic"}}
    put(content=Content("announcement", "one", "cn/", body, shown_from=now), number=1)
    with public_site():
        for endpoint in endpoints(PUBLIC):
            assert endpoint.module.startswith("reunion.web.public"), endpoint.name
            for method in ALL_METHODS:
                stranger = public_answer(endpoint, method, "")
                assert public_answer(endpoint, method, session) == stranger
                assert (stranger == 405) == (method not in endpoint.methods), (endpoint, method)
                assert stranger < 500
                assert stranger != 404


def public_answer(endpoint: Endpoint, method: str, session: str) -> int:
    """The status for somebody whose browser holds a session of the internal site, or none."""
    client = Client(raise_request_exception=False)
    if session:
        client.cookies["s"] = session
    kind = "announcement" if "published" in endpoint.route else "family_message"
    address = endpoint.route.replace("<slug:kind>", kind).replace("<slug:key>", "one")
    answer = client.post(address, FORM) if method == "POST" else client.generic(method, address)
    assert not answer.cookies
    return int(answer.status_code)


def test_the_table_of_permissions_is_written_down() -> None:
    written = TABLE.read_text(encoding="utf-8")
    assert written == table(), "write it anew: python -m tools.matrix --table"


def test_the_methods_of_a_view_are_those_that_it_answers() -> None:
    assert methods_of(home) == {"GET", "HEAD"}
    assert methods_of(public()(lambda request: None)) == {"GET", "HEAD", "POST"}  # type: ignore[arg-type,return-value]  # never called
