"""A program of a unit is told of its notices: signed, again if need be, and nowhere it must not."""

from __future__ import annotations

import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

import reunion
from reunion.base.actor import Actor, system
from reunion.base.assignments import rules as assignments
from reunion.base.correspondence import actions as correspondence
from reunion.base.errors import NotFound, NotPermitted, RuleBroken
from reunion.base.jobs.models import Job
from reunion.base.jobs.worker import Worker
from reunion.base.notices.actions import notify
from reunion.base.units.models import Unit
from reunion.base.webhooks.actions import (
    DELIVER,
    KEPT,
    deliver,
    forget_deliveries,
    subscribe,
    unsubscribe,
)
from reunion.base.webhooks.models import Delivery, Subscription
from reunion.base.webhooks.rules import ATTEMPTS, EVENTS, REPLAY, is_allowed, pause_after
from reunion.base.webhooks.sending import NotSent, post
from tests.base.signing_in import COUNTY, member, police, with_key
from tests.cast import acting

pytestmark = pytest.mark.django_db

WHAT = "assignment.overdue"


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers as the server is told to."""

    server: Any  # an HTTPServer with the fields that `receiver` sets

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *values: object) -> None:
        """Say nothing."""


@contextmanager
def receiver(status: int = 204) -> Iterator[Any]:
    """A program on this machine that waits to be told."""
    server: Any = HTTPServer(("127.0.0.1", 0), Receiver)
    server.received, server.status = [], status
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def keeper(region: str = "cn/15/") -> Actor:
    return acting("administrator", region, "webhooks.administer")


def subscribed(url: str, *events: str, by: Actor | None = None) -> tuple[Subscription, str]:
    return subscribe(
        actor=by or keeper(),
        unit_id=police(COUNTY).pk,
        label="Synthetic program",
        url=url,
        events=events or (WHAT,),
        at=timezone.now(),
    )


def tell(what: str = WHAT, unit: Unit | None = None) -> None:
    unit = unit or police(COUNTY)
    notify(actor=system("test"), what=what, subject=unit, unit=unit.pk, at=timezone.now())


def work(later: timedelta = timedelta(0)) -> None:
    Worker(("default",), clock=lambda: timezone.now() + later, with_duties=False).run_until_idle()


def url_of(server: Any, path: str = "/told?from=reunion") -> str:
    return f"http://127.0.0.1:{server.server_port}{path}"


def checked(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """What docs/api.md tells receivers to do, in their own words."""
    parts = dict(part.split("=", 1) for part in headers["Reunion-Signature"].split(","))
    wanted = hmac.new(secret.encode(), f"{parts['t']}.".encode() + body, sha256).hexdigest()
    is_recent = abs(now - int(parts["t"])) <= REPLAY.total_seconds()
    return is_recent and hmac.compare_digest(wanted, parts["v1"])


def test_a_program_is_told_and_knows_who_told_it() -> None:
    with receiver() as server:
        subscription, secret = subscribed(url_of(server))
        tell()
        work()
    ((path, headers, body),) = server.received
    delivery = Delivery.objects.get()
    assert path == "/told?from=reunion"
    assert json.loads(body) == {
        "id": str(delivery.pk),
        "event": WHAT,
        "kind": "units.unit",
        "subject": str(police(COUNTY).pk),
        "unit": str(police(COUNTY).pk),
        "at": delivery.at.isoformat(),
        "synthetic": True,
    }
    assert headers["Reunion-Delivery"] == str(delivery.pk)
    assert checked(secret, headers, body, time.time())
    assert not checked(secret, headers, body + b" ", time.time())
    assert not checked("another", headers, body, time.time())
    assert not checked(secret, headers, body, time.time() + REPLAY.total_seconds() + 60)
    assert (delivery.answer, delivery.attempts) == ("204", 1)
    assert delivery.delivered_at is not None
    assert secret.encode() not in bytes(Subscription.objects.unscoped().get().secret)
    assert subscription.events == [WHAT]


def test_a_program_is_told_of_its_own_unit_and_of_what_it_asked_for() -> None:
    far = police("cn/65/6501/650102/", "county")
    with receiver() as server:
        subscribed(url_of(server), "assignment.refused")
        tell(WHAT)
        tell("assignment.refused", far)
        notify(actor=system("test"), what="assignment.refused", subject=far, post=far.pk,
               at=timezone.now())  # fmt: skip
        work()
    assert server.received == []
    assert not Delivery.objects.exists()


def test_what_nobody_takes_is_tried_again_ever_later_and_given_up() -> None:
    with receiver(503) as server:
        subscribed(url_of(server))
        tell()
        now, pauses = timezone.now(), []
        for attempt in range(1, ATTEMPTS + 1):
            deliver(actor=system(DELIVER), delivery_id=Delivery.objects.get().pk, at=now)
            waits = Job.objects.filter(kind=DELIVER, not_before__gt=now).order_by("-not_before")
            if attempt < ATTEMPTS:
                job = waits[0]
                assert job.not_before == now + pause_after(attempt)
                pauses.append(job.not_before - now)
                now = job.not_before
        found = Delivery.objects.get()
        deliver(actor=system(DELIVER), delivery_id=found.pk, at=now)
    assert len(server.received) == ATTEMPTS, "after the last attempt nothing is sent"
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta(0)) > timedelta(days=3)
    assert (found.answer, found.given_up_at) == ("503", now)
    ids = {headers["Reunion-Delivery"] for _, headers, _ in server.received}
    assert ids == {str(found.pk)}


def test_the_worker_tries_again_when_the_receiver_is_back() -> None:
    with receiver() as server:
        url = url_of(server)
    subscribed(url)  # nobody listens there any more
    tell()
    work()
    found = Delivery.objects.get()
    assert (found.answer, found.delivered_at) == ("ConnectionRefusedError", None)
    with receiver() as server:
        Subscription.objects.unscoped().update(url=url_of(server))
        work()
        assert server.received == [], "not before its time"
        work(timedelta(minutes=2))
    assert len(server.received) == 1
    assert Delivery.objects.get().delivered_at is not None


@pytest.mark.threat("T22")
def test_a_redirect_is_not_followed() -> None:
    with receiver(302) as server:
        subscribed(url_of(server))
        tell()
        work()
    assert [path for path, _, _ in server.received] == ["/told?from=reunion"]
    assert Delivery.objects.get().answer == "302"


@pytest.mark.threat("T22")
def test_in_production_nothing_within_reaches_for_what_is_within() -> None:
    with receiver() as server:
        subscribed(url_of(server))
        with override_settings(MODE="production"):
            tell()
            work()
            for inside in ("https://localhost", "https://127.0.0.1", "https://[::1]"):
                with pytest.raises(NotSent) as caught:
                    post(f"{inside}:{server.server_port}/", b"", {}, on_loopback=False)
                assert caught.value.why == "NotAllowed"
    assert server.received == []
    assert Delivery.objects.get().answer == "NotAllowed"


@pytest.mark.threat("T22")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_of_a_network_within_is_allowed(address: str) -> None:
    assert not is_allowed(address, on_loopback=False)
    is_loopback = address in {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    assert is_allowed(address, on_loopback=True) == is_loopback


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address, on_loopback=False)


@pytest.mark.threat("T22")
@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "http://example.org/", "ftp://example.org/", "file:///etc/passwd",
        "https://user:secret@example.org/", "https://example.org/#x", "https://example.org:x/",
        "https://example.org/\r\nX: y", "https://例子.example/", "//example.org/", "http://10.0.0.1/",
    ],
)  # fmt: skip
def test_no_other_kind_of_address_is_taken(url: str) -> None:
    with pytest.raises(RuleBroken):
        subscribed(url)


def test_a_webhook_that_ended_is_told_of_nothing_more() -> None:
    with receiver() as server:
        subscription, _ = subscribed(url_of(server))
        tell()
        with pytest.raises(NotFound):
            unsubscribe(actor=keeper("cn/65/"), subscription_id=subscription.pk, at=timezone.now())
        unsubscribe(actor=keeper(), subscription_id=subscription.pk, at=timezone.now())
        tell()
        work()
    assert server.received == []
    found = Delivery.objects.get()
    assert (found.answer, found.given_up_at is not None) == ("ended", True)
    assert forget_deliveries(at=timezone.now() + KEPT / 2) == 0
    assert forget_deliveries(at=timezone.now() + KEPT * 2) == 1


def test_only_whoever_may_sets_one_up_and_only_for_their_region() -> None:
    url = "https://example.org/"
    with pytest.raises(NotPermitted):
        subscribed(url, by=acting("x", COUNTY))
    with pytest.raises(NotFound):
        subscribed(url, by=keeper("cn/65/"))
    with pytest.raises(RuleBroken):
        subscribed(url, "rights.breach_found")


def test_the_pages_show_the_secret_once_and_end_a_webhook() -> None:
    browser = with_key(member("keeper", role="administrator", region="cn/15/"))
    fields = {
        "unit": police(COUNTY).code,
        "label": "Synthetic program",
        "url": "https://synthetic.example/",
        "events": WHAT,
    }
    text = browser.send("/webhooks/new/", **fields).content.decode()
    shown = re.search(r'class="code">([\w-]{43})<', text)
    assert shown is not None
    tell()
    found = Subscription.objects.unscoped().get()
    page = browser.get(f"/webhooks/{found.pk}/").content.decode()
    assert "On its way" in page
    assert shown[1] not in page
    browser.send(f"/webhooks/{found.pk}/", f"/webhooks/{found.pk}/end/")
    found.refresh_from_db()
    assert found.ended_at is not None


def test_the_events_are_the_notices_that_rooms_send_to_units() -> None:
    codes = {what for _, what in assignments.TELLS.values()}
    codes |= {assignments.LATE, assignments.REFUSAL, correspondence.LATE, "correspondence.guessing"}
    assert set(EVENTS) == codes
    base = Path(reunion.__path__[0]) / "base"
    told = {
        file.parent.name
        for file in base.glob("*/*.py")
        if re.search(r"notify\([^)]*\bunit=", file.read_text("utf-8"), re.DOTALL)
    }
    assert told == {"assignments", "correspondence"}, "another room tells units something"
