"""The slow hash of the public site has few turns: who gets none is told so, and loses no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import Client
from django.utils import timezone

from reunion.base.inbox.models import FailedLookups, Item
from reunion.base.publication.actions import carry_over
from reunion.web import public_desk
from tests.base.desks import PROVINCE, STORES, desk
from tests.base.test_access_matrix import public_site
from tools.public_site import receipt_of

pytestmark = [pytest.mark.django_db(databases=STORES), pytest.mark.threat("T6")]

PAGE, TEXT = "/write/family_message/", "Synthetic: a yellow house."


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Somebody at the public site, in whose province there is a desk."""
    desk(PROVINCE)
    carry_over(at=timezone.now())
    monkeypatch.setattr(public_desk, "PATIENCE", 0.05)
    with public_site():
        yield Client()


def letter(visitor: Client) -> dict[str, str]:
    text = visitor.get(PAGE).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', text)
    assert ticket is not None
    return {"area": PROVINCE, "text": TEXT, "ticket": ticket[1]}


def test_whoever_gets_no_turn_is_told_so_and_keeps_the_text(visitor: Client) -> None:
    form = letter(visitor)
    with ExitStack() as others:
        for _ in range(public_desk.AT_ONCE):
            others.enter_context(public_desk.TURNS)
        refused = visitor.post(PAGE, form)
        assert refused.status_code == 503
        assert TEXT in refused.content.decode()
        returned = visitor.post("/return/", {"code": receipt_of(1)})
        assert returned.status_code == 503
        assert visitor.get("/").status_code == 200
    assert not Item.objects.unscoped().exists()
    assert not FailedLookups.objects.exists()
    assert visitor.post(PAGE, form).status_code == 200
    assert Item.objects.unscoped().count() == 1
