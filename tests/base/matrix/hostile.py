"""Hostile texts in every field of every form, and what they must not do.

Whoever may use a page sends them, so that they come as far as they can: into the action, into the
database, and back onto the page that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

import reunion
from reunion.base.permissions.declare import Reach
from tests.base.matrix.asking import FORM, STORES, Outcome, undone
from tests.base.matrix.endpoints import Endpoint, endpoints
from tests.base.matrix.expected import expected
from tests.base.matrix.payloads import MARK, PRODUCT
from tests.base.matrix.people import Visitor, visitor
from tests.base.matrix.walk import Matrix
from tests.base.matrix.where import Relation
from tests.base.signing_in import Answer

GIVEN = {
    "region": "150600",
    "scope": "150600",
    "login": "invented",
    "day": "2026-03-02",
    "date": "2026-03-02",
    "found_at": "2026-03-02 09:30",
    "number": "1",
    "version": "1",
    "code": "invented",
    "person": "7c0e4f0e-7f5d-4d0b-9d51-7c1c5f1b0a11",
}
"""What stands in the other fields, by name or type, so that a form is taken where it can be."""

_READ = re.compile(r"request\.(?:GET|POST)\.get\(\s*\"(\w+)\"|fields\.get\(\s*\"(\w+)\"")


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what stands in them."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """A field that a visitor can write into; or all that a page may read out of its address."""

    who: Visitor
    page: str
    address: str
    method: str
    names: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


class Page(HTMLParser):
    """Reads the forms of a page, and notes what no page of ours may hold."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.faults: list[str] = []
        self._in_code = False
        self._choice = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_code = tag in {"script", "style"}
        if self._in_code and not ({"src", "nonce", "type"} & set(given)):
            self.faults.append(f"<{tag}> without a nonce")
        if MARK in tag:
            self.faults.append(f"<{tag}>")
        for name, value in given.items():
            self._look_at(tag, name, value)
        self._note_field(tag, given)

    def _look_at(self, tag: str, name: str, value: str) -> None:
        is_ours = name in {"value", "content"} and tag in {"input", "option", "button", "meta"}
        is_link = name in {"href", "action"} and value.startswith(("/", "?", "#")) and (
            not value.startswith("//")
        )  # fmt: skip
        if name.startswith("on") or name in {"style", "srcdoc"} or MARK in name:
            self.faults.append(f"<{tag} {name}>")
        elif MARK in value and not (is_ours or is_link):
            self.faults.append(f"<{tag} {name}={value[:60]!r}>")
        elif name in {"href", "action", "src", "formaction"} and re.match(r"\w+:|//", value):
            self.faults.append(f"<{tag} {name}={value[:60]!r}> leads away")

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").upper(), given.get("action", "")))
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "option" and self._choice and self.forms:
            fields = self.forms[-1].fields
            fields[self._choice] = fields[self._choice] or given.get("value", "")
        if tag == "select":
            self._choice = name
        if not self.forms or not name or name == "csrfmiddlewaretoken":
            return
        if tag in {"input", "textarea", "select", "button"}:
            value = given.get("value") or GIVEN.get(name) or GIVEN.get(kind, "")
            empty = tag in {"select", "button"} or kind in {"checkbox", "radio", "hidden"}
            self.forms[-1].fields[name] = value or ("" if empty else "Synthetic")

    def handle_endtag(self, tag: str) -> None:
        self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code and MARK in data:
            self.faults.append(f"in code: {data[:60]!r}")


def targets(matrix: Matrix) -> Iterator[Target]:
    """Every field of every page, each with somebody who may write into it."""
    client = Client(raise_request_exception=False)
    parameters = tuple(sorted(read_parameters()))
    visitors = [visitor(person) for person in matrix.people]
    for endpoint in endpoints():
        found = _open_to(matrix, endpoint, visitors)
        if found is None:
            continue
        who, address = found
        forms = [Form("POST", "", dict(FORM))] if "POST" in endpoint.methods else []
        if "GET" in endpoint.methods:
            yield Target(who, endpoint.name, address, "GET", parameters, ())
            with undone():
                forms += Page(
                    ask(client, who, "GET", address).content.decode(errors="replace")
                ).forms
        yield from _fields(who, endpoint, address, forms)


def _fields(
    who: Visitor, endpoint: Endpoint, address: str, forms: Iterable[Form]
) -> Iterator[Target]:
    seen = set()
    for form in forms:
        # The forms of the layout and those that go to other pages are tried where they lead.
        if form.action not in {"", "."} or form.method not in endpoint.methods:
            continue
        for name in form.fields:
            if (form.method, name) not in seen:
                seen.add((form.method, name))
                others = tuple((key, value) for key, value in form.fields.items() if key != name)
                yield Target(who, endpoint.name, address, form.method, (name,), others)


def _open_to(
    matrix: Matrix, endpoint: Endpoint, visitors: list[Visitor]
) -> tuple[Visitor, str] | None:
    says = endpoint.declared
    if says is not None and says.reach is Reach.TOKEN:
        return None  # no page and no form: test_api_schema.py sends what no program should
    method = "POST" if "POST" in endpoint.methods else "GET"
    if says is not None and says.reach is Reach.PUBLIC:
        visitors = [Visitor("(nobody)")]
    for who in visitors:
        place = matrix.place(who, endpoint, Relation.OWN)
        if expected(who, endpoint, method, place) is Outcome.REACHED:
            return who, reverse(endpoint.name, kwargs=place.kwargs if place else None)
    return None


def read_parameters() -> set[str]:
    """The names that views read out of a request by themselves, without a form."""
    found: set[str] = set()
    source = Path(reunion.__path__[0])
    for file in [*source.glob("base/**/*.py"), *source.glob("web/**/*.py")]:
        for pair in _READ.findall(file.read_text(encoding="utf-8")):
            found.update(filter(None, pair))
    return found


def ask(client: Client, who: Visitor, method: str, address: str, body: bytes = b"") -> Answer:
    """One request of a visitor."""
    client.cookies.clear()
    if who.session:
        client.cookies[settings.SESSION_COOKIE_NAME] = who.session
    if method == "POST":
        return client.generic(
            "POST", address, body, content_type="application/x-www-form-urlencoded"
        )
    return client.get(f"{address}?{body.decode()}" if body else address)


def tried(client: Client, target: Target, payload: bytes) -> list[str]:
    """What a payload in a field did that it must not do; the page that follows is looked at too."""
    fields: list[tuple[str, str | bytes]] = [*target.others]
    fields += [(name, payload) for name in target.names]
    body = urlencode(fields).encode()
    with undone(), statements() as marked:
        answer = ask(client, target.who, target.method, target.address, body)
        faults = faults_of(answer, payload)
        onward = answer.headers.get("Location", "")
        if onward.startswith("/") and not onward.startswith("//"):
            faults += faults_of(ask(client, target.who, "GET", onward), payload)
    faults += [f"in the text of a statement: {sql}" for sql in marked]
    return [f"{target.page}.{target.names[-1]} {payload[:60]!r}: {fault}" for fault in faults]


def faults_of(answer: Answer, payload: bytes) -> list[str]:
    """What is wrong with an answer."""
    faults = []
    location = answer.headers.get("Location", "")
    if answer.status_code >= 500 and answer.status_code != 503:  # said on purpose
        failed = answer.exc_info
        faults.append(f"status {answer.status_code}, {failed and failed[1]!r}")
    if urlsplit(location).scheme or urlsplit(location).netloc or location.startswith("\\"):
        faults.append(f"leads to {location[:60]}")
    if "X-Injected" in answer.headers or answer.streaming:
        faults.append("a header of its own")
    text = answer.content.decode(errors="replace")
    secrets = (PRODUCT, "root:x:0", "<class '", settings.SECRET_KEY)
    held = [one for one in secrets if one in text and one.encode() not in payload]
    faults += [f"holds {one[:12]}" for one in held]
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        faults += Page(text).faults
    return faults


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements whose text holds the mark: values go beside the text, never in it."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # as Django's
        if MARK in sql:
            seen.append(sql[:80])
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for store in STORES:
            stack.enter_context(connections[store].execute_wrapper(note))
        yield seen
