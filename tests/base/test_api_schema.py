"""What a program may send by the description, and what it must not: schemathesis sends both.

Every operation is called through the site's own WSGI application, with a token that has all
permissions. Nothing fails in the server, and each answer is as described.
"""

from __future__ import annotations

import time
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from reunion.base.assignments.models import Assignment
from reunion.base.tokens.models import ApiToken
from reunion.base.tokens.rules import REACHABLE
from reunion.web.api import described
from tests.base.matrix.payloads import payloads
from tests.base.programs import Program, draft, program
from tests.base.signing_in import COUNTY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

EXAMPLES = 8
"""Of each kind for each operation."""

SECONDS = 60
"""Of the processor, for all of them."""

LEFT_OUT = {
    "positive_data_acceptance",  # a record of the right form may not be there, or have moved on
    "use_after_free",  # nothing is deleted
    "ensure_resource_availability",  # the same
    "object_level_authorization",  # the access matrix does that, place by place
}
"""Checks that do not go with an interface of records, each with its reason."""

NOTHING_WRONG = {"GET /api/me"}
"""Operations that take nothing which could be wrong."""

Schema = Any  # schemathesis gives no type that could be named


def checks() -> list[Any]:  # Any: as `Schema`
    load_all_checks()
    names = set(CHECKS.get_all_names())
    assert names >= LEFT_OUT
    return [CHECKS.get_one(name) for name in sorted(names - LEFT_OUT)]


def operations(mode: GenerationMode) -> list[Schema]:
    """All of them. What must not be sent has the token all the same: each call is given it."""
    description = described()
    if mode is GenerationMode.NEGATIVE:
        description = description | {"security": []}
    schema = schemathesis.openapi.from_dict(description)
    schema.app = get_wsgi_application()
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def is_id(value: object) -> bool:
    """Whether it has the form of an id: one that has not is what the call is about."""
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def all_permissions(monkeypatch: pytest.MonkeyPatch) -> tuple[Program, str]:
    """A program of somebody whose role has them all, and its header."""
    monkeypatch.setattr("reunion.base.tokens.access.allowable", lambda may: REACHABLE)
    caller = program(role="case_leader")
    ApiToken.objects.unscoped().update(permissions=sorted(REACHABLE))
    return caller, str(caller.defaults["HTTP_AUTHORIZATION"])


def answers(operation: Schema, mode: GenerationMode, authorization: str, pk: str) -> list[int]:
    """The statuses of some calls; every second one is about a record that is there."""
    found: list[int] = []

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Schema) -> None:
        if is_id((case.path_parameters or {}).get("pk")):
            case.path_parameters["pk"] = pk if len(found) % 2 else str(uuid4())
        if mode is GenerationMode.POSITIVE and "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = '"1.0"'  # as it was read: what the call does is taken back
        is_draft = isinstance(case.body, dict) and "scope" in case.body
        if is_draft and mode is GenerationMode.POSITIVE:
            case.body |= {"scope": COUNTY, "lead": None, "parent": None, "cooperating": []}
        with transaction.atomic():
            answer = case.call_and_validate(
                headers={"Authorization": authorization}, checks=checks()
            )
            transaction.set_rollback(True)
        found.append(answer.status_code)

    if mode is GenerationMode.POSITIVE or operation.label not in NOTHING_WRONG:
        tried()
    return found


@pytest.mark.threat("T22")
def test_every_operation_answers_as_it_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    caller, authorization = all_permissions(monkeypatch)
    made = caller.write("assignments", draft()).json()
    assert made["state"] == "draft"
    start, sent, statuses = time.process_time(), 0, set()
    for mode in GenerationMode:
        for operation in operations(mode):
            for status in answers(operation, mode, authorization, made["id"]):
                statuses.add(status)
                sent += 1
    assert time.process_time() - start < SECONDS
    assert sent > 300
    assert {200, 201, 404, 409, 422} <= statuses
    assert Assignment.objects.unscoped().count() == 1


@pytest.mark.threat("T22")
def test_hostile_texts_come_back_as_text_or_not_at_all() -> None:
    caller = program()
    send = partial(caller.write, "assignments")
    for payload in islice(payloads(), 0, None, 25):
        text = payload.decode(errors="replace")
        for field in ("title", "scope", "description", "lead"):
            answer = send(draft() | {field: text})
            assert answer.status_code in {201, 404, 409, 422}, (field, text)
            if answer.status_code == 201:
                assert answer.json()[field] == text
            else:
                assert text not in answer.json()["detail"] or not text
        assert caller.read("units", if_none_match="x").status_code == 200
        assert caller.get("/api/units", {"kind": text}).status_code in {200, 422}
