"""One request of the access matrix: sent through the real gate, watched, and taken back."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponseBase
from django.test import Client, override_settings

from reunion.base.attachments.owners import OWNERS
from reunion.base.audit.models import AuditEntry
from reunion.base.stores import store_of
from reunion.base.units.access import unit_for
from tests.base.signing_in import Answer

STORES = ("default", "published", "inbox")
FORM = {"version": "1", "reason": "synthetic", "purpose": "own_case", "case": "S-1"}
"""What is sent: enough for an act that needs no more, so that only what must be refused is."""


PAST = "reunion.tests.past_the_gate"
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b"
    r'(?! "accounts_session" SET "last_seen_at"| (?:INTO|FROM) "tokens_answer")'
)
"""Writes, but for the use of a session, and the key of a program's act: the key is taken before the
act, and goes back with it where it is refused, as `fingerprint` shows."""


class Outcome(StrEnum):
    """What a request came to."""

    REACHED = "reached"
    MISSING = "missing"
    NO_METHOD = "no such method"
    NO_TOKEN = "no token"  # noqa: S105  # a word, not a secret
    FAULT = "fault"
    FORBIDDEN = "forbidden"
    TO_SIGN_IN = "to sign-in"
    TO_FACTORS = "to enrolment"
    TO_PROOF = "to the second factor"
    TO_POSTS = "to the choice of a post"


GATES = {
    "/sign-in/?": Outcome.TO_SIGN_IN,
    "/factors/": Outcome.TO_FACTORS,
    "/again/": Outcome.TO_PROOF,
    "/me/post/?": Outcome.TO_POSTS,
}
"""Where the gate sends those who have not come far enough."""


def send(client: Client, method: str, address: str, held: str) -> Answer:
    """One request; what a form would say stands in the address of a page that is only read.

    Args:
        held: a post of whoever asks, for the page where one is chosen.
    """
    if method == "POST":
        return client.post(address, {**FORM, "post": held})
    return client.generic(method, address, QUERY_STRING="purpose=own_case&case=S-1")


BODIES: dict[str, dict[str, object]] = {
    "api_assignments": {"kind": "task", "title": "Synthetic", "scope": "cn/15/1506/"},
    "api_assignment_report": {"outcome": "done", "result": "synthetic"},
}
"""What a program sends to an address, by its name; to all others, a reason."""


def send_as_program(client: Client, method: str, name: str, address: str, token: str) -> Answer:
    """One request of a program: it has read the record, and has a new key."""
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": '"1.0"'}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(BODIES.get(name, {"reason": "synthetic"})) if method == "POST" else ""
    return client.generic(method, address, body, "application/json", headers=headers)


class Probe:
    """Stands behind the gate, and notes which requests the gate let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Called for those requests alone that no earlier middleware has answered."""
        request.META[PAST] = True


@contextmanager
def site() -> Iterator[None]:
    """The site with the probe behind its gate, and with units as records that have attachments."""
    gate = settings.MIDDLEWARE.index("reunion.base.accounts.middleware.Gate")
    probe = f"{Probe.__module__}.{Probe.__name__}"
    chain = [*settings.MIDDLEWARE[: gate + 1], probe, *settings.MIDDLEWARE[gate + 1 :]]
    log = logging.getLogger("django.request")
    with override_settings(MIDDLEWARE=chain), pytest.MonkeyPatch.context() as patch:
        patch.setitem(OWNERS, "units.unit", unit_for)
        patch.setattr(log, "disabled", True)
        yield


def outcome(answer: Answer) -> Outcome:
    """What an answer says."""
    status, location = answer.status_code, answer.headers.get("Location", "")
    if status >= 500 and status != 503:  # which is said on purpose: there is no worker here
        return Outcome.FAULT
    if answer.wsgi_request.META.get(PAST) or location == "":
        known = {
            401: Outcome.NO_TOKEN,
            403: Outcome.FORBIDDEN,
            404: Outcome.MISSING,
            405: Outcome.NO_METHOD,
        }
        return known.get(status, Outcome.REACHED)
    return next(sent for start, sent in GATES.items() if location.startswith(start))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside, in every store."""
    with ExitStack() as stack:
        for store in STORES:
            stack.enter_context(transaction.atomic(using=store))
        yield
        for store in STORES:
            transaction.set_rollback(True, using=store)


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements that write, in any store."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # as Django's
        if WRITES.match(sql):
            seen.append(sql[:80])
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for store in STORES:
            stack.enter_context(connections[store].execute_wrapper(note))
        yield seen


def fingerprint() -> dict[str, int]:
    """The number of rows of every table, and the last audit entry."""
    counts = {}
    for model in apps.get_models():
        if model._meta.managed:
            store = store_of(model._meta.app_label)
            counts[model._meta.label] = model._base_manager.using(store).count()
    last = AuditEntry.objects.order_by("-id").values_list("pk", flat=True).first()
    return counts | {"last entry": last or 0}
