"""A view says who may reach it, and one that says nothing is reached by nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from reunion.base.actor import CASE_LENGTH, Purpose
from reunion.base.errors import PurposeMissing
from reunion.base.permissions.declare import (
    ActorRequest,
    Reach,
    declared_of,
    needs,
    public,
    signed_in,
)
from reunion.base.tokens.rules import REACHABLE
from reunion.packs.roles import load_roles
from reunion.web.refusals import Refusals
from tests.base.signing_in import member, with_key
from tests.cast import acting


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


@public()
def declared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


urlpatterns = [
    path("undeclared/", undeclared),
    path("declared/", declared),
    path("", include("reunion.web.urls")),
]


@needs("units.see", purpose=True)
def sensitive(request: ActorRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.purpose} {request.actor.case}")


@needs("units.see")
def plain(request: ActorRequest) -> HttpResponse:
    return HttpResponse("reached")


def request_of(actor: object, **fields: str) -> HttpRequest:
    request: Any = RequestFactory().post("/", fields)
    request.actor = actor
    return request  # type: ignore[no-any-return]  # made by the line above


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.threat("T22")
def test_an_undeclared_view_is_reached_by_nobody(client: Any) -> None:
    assert client.get("/declared/").content == b"reached"
    assert client.get("/undeclared/").status_code == 404
    assert client.post("/undeclared/").status_code == 404


@pytest.mark.django_db
@pytest.mark.threat("T22")
def test_every_view_of_the_site_is_declared() -> None:
    def views(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
        found = []
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                found += views(pattern.url_patterns)
            else:
                found.append(pattern)
        return found

    known = {permission for role in load_roles().values() for permission in role.may}
    for pattern in views(get_resolver("reunion.web.urls").url_patterns):
        says = declared_of(pattern.callback)
        assert says is not None, pattern
        if says.reach is Reach.PERMITTED:
            assert says.permission in known, f"{pattern}: no role may {says.permission}"
        asked = {needed for _, needed in says.by_method if needed}
        assert asked <= known & REACHABLE, f"{pattern}: no token may {asked}"


def test_whoever_lacks_the_permission_is_told_that_there_is_no_such_page() -> None:
    assert plain(request_of(acting("x", "cn/", "units.see"))).status_code == 200
    for actor in (acting("x", "cn/", "units.administer"), None):
        with pytest.raises(Http404):
            plain(request_of(actor))


def test_a_purpose_must_be_stated_and_known() -> None:
    actor = acting("x", "cn/", "units.see")
    answer = sensitive(request_of(actor, purpose="own_case", case="c-7"))
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode() == f"{Purpose.OWN_CASE} c-7"
    unfit: list[dict[str, str]] = [{}, {"purpose": "curiosity"}]
    unfit += ({"purpose": "own_case", "case": one} for one in ("7" * (CASE_LENGTH + 1), "7\0"))
    for wrong in unfit:
        with pytest.raises(PurposeMissing):
            sensitive(request_of(actor, **wrong))


@pytest.mark.django_db
def test_a_refused_purpose_is_answered_with_what_is_needed() -> None:
    browser = with_key(member("deng", role="case_leader"))
    request: Any = browser.get("/").wsgi_request
    pages = Refusals(lambda _: HttpResponse())
    refused = pages.process_exception(request, PurposeMissing(needs="units.see"))
    assert refused is not None
    assert refused.status_code == 400
    assert f"in at most {CASE_LENGTH} characters" in refused.content.decode()


def test_declarations_can_be_read_off_the_view() -> None:
    shown = declared_of(sensitive)
    assert shown is not None
    assert (shown.reach, shown.permission, shown.purpose) == (Reach.PERMITTED, "units.see", True)
    assert declared_of(signed_in()(undeclared)) != declared_of(public()(undeclared))


@pytest.mark.django_db
def test_a_page_outside_ones_permissions_looks_like_one_that_is_not_there() -> None:
    browser = with_key(member("deng", role="case_leader"))
    refused, missing = browser.get("/staff/"), browser.get("/nowhere/")
    assert refused.status_code == missing.status_code == 404
    texts = [_without_marks(page.content.decode()) for page in (refused, missing)]
    assert texts[0] == texts[1]


def _without_marks(text: str) -> str:
    """A page without the tokens of its forms, which are new each time, and its own address."""
    without_token = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    without_token = re.sub(r'"X-CSRFToken": "[^"]+"', "", without_token)
    return re.sub(r'name="next" value="[^"]*"', "", without_token)
