"""What fails, is too large or is not there is told to programs as a problem, never as a page."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from reunion.base.assignments.models import Assignment
from reunion.base.exchange import SENTENCES
from reunion.base.tokens.models import Answer as Kept
from reunion.web.log import Lines
from tests.base.programs import draft, program
from tests.base.signing_in import Answer, member, with_key

pytestmark = pytest.mark.django_db

SECRET = "sentinel7f3a"  # noqa: S105  # a word that must not come back


def said(answer: Answer, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, object] = answer.json()
    assert (found["status"], found["code"]) == (status, code)
    assert found["detail"] == str(SENTENCES[status])
    return found


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of assignments is out of reach, and the fault's text tells something."""

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("reunion.base.assignments.api.assignments_for", fails)
    monkeypatch.setattr("reunion.base.assignments.api.draft_assignment", fails)


@pytest.mark.usefixtures("broken")
def test_a_fault_is_a_sentence_and_an_id_that_the_log_has_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.handler.setFormatter(Lines())
    caller = program()
    caller.raise_request_exception = False
    found = said(caller.read("assignments"), 500, "Fault")
    scheme, name, fault = str(found["instance"]).split(":")
    assert (scheme, name, UUID(fault).version) == ("urn", "uuid", 4)
    assert f"fault={fault}" in caplog.text
    again = said(caller.read("assignments"), 500, "Fault")
    assert again["instance"] != found["instance"]
    assert SECRET not in f"{found}{caplog.text}"


@pytest.mark.usefixtures("broken")
def test_a_fault_leaves_nothing_behind_and_its_key_is_free() -> None:
    caller = program()
    caller.raise_request_exception = False
    said(caller.write("assignments", draft(), idempotency_key="one"), 500, "Fault")
    assert not Kept.objects.exists()
    assert not Assignment.objects.unscoped().exists()


def test_a_fault_of_a_page_stays_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reunion.web.views.agenda_of", lambda *_: 1 / 0)
    browser = with_key(member("deng"))
    browser.raise_request_exception = False
    answer = browser.get("/")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Something went wrong on our side" in answer.content.decode()


@pytest.mark.parametrize(
    "length", [settings.LARGEST_BODY + 1, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1]
)
def test_too_large_a_body_is_refused(length: int) -> None:
    caller = program()
    answer = caller.post(
        "/api/assignments", b"x" * length, "application/json", headers={"Idempotency-Key": "one"}
    )
    said(answer, 413, "TooLarge")


def test_what_is_not_there_is_a_problem_whoever_asks() -> None:
    caller = program()
    for address in ("nowhere", "units/nobody", "units/", "docs/more", "^"):
        said(caller.read(address), 404, "NotFound")
    browser = with_key(member("qiao"))
    answer = Client().get("/api/openapi.yaml")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert browser.get("/nowhere/").headers["Content-Type"].startswith("text/html")


def test_only_a_fault_has_an_id() -> None:
    assert "instance" not in program().read("nowhere").json()
