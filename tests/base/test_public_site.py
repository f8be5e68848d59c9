"""The public site under its real server: what it answers, bears, keeps, and forgets."""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from reunion.web.public_guard import HEADERS
from reunion.web.public_urls import urlpatterns
from tools.own_system import OwnSystem, own_system
from tools.public_site import SETTINGS, Answer, PublicSite, public_site

pytestmark = pytest.mark.database

MARKS = {
    "User-Agent": "sentinel-agent-7f3a",
    "Referer": "https://sentinel-referrer-7f3a.example/",
    "Accept-Language": "en, xx-sentinelspeech7f3a",
    "X-Forwarded-For": "203.0.113.177",
    "Forwarded": "for=203.0.113.177",
    "X-Real-IP": "203.0.113.177",
    "Cookie": "sessionid=sentinel-cookie-7f3a",
}
ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
ADDRESS = "127.0.0.77"
"""Where the visitor of these tests comes from: an address of this machine that nothing else has."""
WORDS = [b"sentinel", b"Sentinel", b"203.0.113.177", ADDRESS.encode()]

# Every row of every table.
DUMP = """
from django.db import connections
for store in ("default", "dna", "published", "inbox"):
    with connections[store].cursor() as cursor:
        for table in connections[store].introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                print([bytes(v) if isinstance(v, memoryview) else v for v in row])
"""
OVER_BUDGET = """
from django.utils import timezone
from reunion.base.inbox.access import HOURLY_BUDGET, hour_of
from reunion.base.inbox.models import FailedLookups
now = timezone.now()
for hour in (hour_of(now), hour_of(now) + 1):
    FailedLookups.objects.update_or_create(hour=hour, defaults={"failed": %s})
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSystem]:
    with own_system(tmp_path_factory.mktemp("system")) as made:
        yield made


@pytest.fixture(scope="module")
def site(system: OwnSystem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicSite]:
    folder = tmp_path_factory.mktemp("site")
    with public_site(system, folder, "cn/", "cn/15/", "cn/15/1506/") as running:
        running.kill()
        (folder / "tmp").mkdir()
        running.extra = {"TMPDIR": str(folder / "tmp")}
        running.source = ADDRESS
        running.start()
        yield running


def asked(system: OwnSystem, expression: str) -> str:
    script = "from reunion.base.inbox.models import *\n"
    return system.run(f"{script}print({expression})").strip()


def test_a_message_is_left_and_read_with_its_receipt(site: PublicSite) -> None:
    left = site.leave("Nobody must know that I write.")
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4} \d{3}", left.receipt)
    page = site.come_back(left.receipt)
    assert "Nobody must know that I write." in page.text
    assert "has not read it yet" in page.text
    assert "And one thing more." in site.write_on(page, "And one thing more.").text
    assert "And one thing more." in site.come_back(left.receipt).text


def test_a_form_that_is_sent_twice_gives_one_receipt_and_one_item(
    site: PublicSite, system: OwnSystem
) -> None:
    count = "Item.objects.unscoped().count()"
    before = int(asked(system, count))
    ticket = site.request("GET", "/write/rights_request/").hidden("ticket")
    values = {"area": "cn/15/", "text": "What is kept about me?", "ticket": ticket}
    answers = [site.request("POST", "/write/rights_request/", values) for _ in range(3)]
    assert len({answer.receipt for answer in answers}) == 1
    assert answers[0].receipt
    assert int(asked(system, count)) == before + 1


PUBLISHED = """
import sys
from django.utils.timezone import now
from reunion.base.publication.actions import publish, withdraw
from tests.cast import acting
by = acting("publication_officer", "cn/15/", "publication.publish")
one = {"kind": "announcement", "key": "blood"}
if sys.argv[1:]:
    withdraw(actor=by, at=now(), **one)
else:
    body = {"zh-hans": {"title": "合成公告", "text": "仅供演示。"}}
    publish(actor=by, region="cn/15/", body=body, at=now(), **one)
"""


def test_what_is_published_has_a_list_and_a_page_until_it_is_withdrawn(
    site: PublicSite, system: OwnSystem
) -> None:
    page = "/published/announcement/blood/"
    assert "Nothing is published here now." in site.request("GET", "/published/announcement/").text
    assert site.request("GET", page).status == 404
    system.run(PUBLISHED)
    for path in ("/", "/published/announcement/", "/published/announcement/?page=99"):
        listed = site.request("GET", f"{path}{'&' if '?' in path else '?'}language=en").text
        assert f'href="{page}?language=en" lang="zh-hans">合成公告</a>' in listed, path
        assert "Inner Mongolia" in listed or "Nei Meng Gu" in listed
        assert 'href="/trail/?language=en">How we can be checked</a>' in listed
    shown = site.request("GET", page)
    assert shown.status == 200
    assert "仅供演示。" in shown.text
    assert site.request("GET", "/published/desk_key/").status == 404, "a kind without pages"
    system.run(PUBLISHED, "withdraw")
    assert site.request("GET", page).status == 404
    assert "合成公告" not in site.request("GET", "/").text


def test_reloading_a_conversation_sends_nothing_again(site: PublicSite) -> None:
    page = site.come_back(site.leave("first").receipt)
    hidden = {name: page.hidden(name) for name in ("capability", "ticket")}
    for _ in range(3):
        last = site.request("POST", "/return/write/", hidden | {"text": "written once"})
    assert last.text.count("written once") == 1


def test_what_is_hidden_from_an_office_goes_to_the_one_above(
    site: PublicSite, system: OwnSystem
) -> None:
    answer = site.leave("about the county", place="150602", hide_from=["county", "prefecture"])
    assert answer.receipt
    shown = asked(
        system,
        "[(i.region, sorted(i.excluded.values_list('path', flat=True)))"
        " for i in Item.objects.unscoped().filter(region='cn/15/1506/150602/')]",
    )
    assert shown == "[('cn/15/1506/150602/', ['cn/15/1506/', 'cn/15/1506/150602/'])]"


def test_a_place_that_is_not_known_is_asked_for_again_and_the_text_is_still_there(
    site: PublicSite,
) -> None:
    answer = site.leave("I wrote for an hour.", place="Atlantis")
    assert not answer.receipt
    assert "We do not know this place there." in answer.text
    assert "I wrote for an hour." in answer.text


def test_a_wrong_number_says_so_and_an_unknown_one_opens_nothing(site: PublicSite) -> None:
    assert "A digit is missing or wrong." in site.come_back("1234 5678 9012 3456 789").text
    assert "Nothing is kept under this number." in site.come_back("4902 0014 1241 9532 337").text


def test_a_message_that_holds_its_own_receipt_is_refused(site: PublicSite) -> None:
    code = site.leave("hello").receipt
    page = site.come_back(code)
    for text in (f"my number is {code}", code.replace(" ", ""), "-".join(code.replace(" ", ""))):
        answer = site.write_on(page, text)
        assert "holds the number of your receipt" in answer.text
        assert answer.hidden("capability") != page.hidden("capability"), "its time begins anew"
    card = "6222 0000 0000 0000 004"  # another long number is no receipt
    assert f"paid to {card}" in site.write_on(page, f"paid to {card}").text


def test_an_old_or_foreign_form_is_refused_and_keeps_the_text(site: PublicSite) -> None:
    answer = site.leave("kept", ticket="AAAA")
    assert "Nothing was sent." in answer.text
    assert "kept" in answer.text
    again = {"area": "cn/15/", "text": "kept", "ticket": answer.hidden("ticket")}
    assert site.request("POST", "/write/family_message/", again).receipt
    foreign = site.request(
        "POST", "/return/", {"code": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status == 403
    ended = site.request("POST", "/return/write/", {"capability": "AAAA", "text": "x"})
    assert ended.status == 403


@pytest.mark.threat("T5")
def test_over_the_budget_a_look_up_waits_and_is_then_served_once(
    site: PublicSite, system: OwnSystem
) -> None:
    code = site.leave("while somebody guesses").receipt
    system.run(OVER_BUDGET % "HOURLY_BUDGET")
    try:
        answer = site.come_back(code)
        assert answer.status == 429
        early = site.request("POST", "/return/", {"code": code, "wait": answer.hidden("wait")})
        assert early.status == 429
        ripe = system.run(
            "from datetime import timedelta\nfrom django.utils import timezone\n"
            "from django.conf import settings\nfrom reunion.base.keyring import Keyring\n"
            "from reunion.base.inbox.tickets import issue\n"
            "ring = Keyring(settings.KEYS / 'public')\n"
            "at = timezone.now() - timedelta(seconds=25)\n"
            "print(issue(ring.key('tickets', 1), 'wait', at, not_before=timedelta(seconds=20)))"
        ).strip()
        served = site.request("POST", "/return/", {"code": code, "wait": ripe})
        assert "while somebody guesses" in served.text
        assert site.request("POST", "/return/", {"code": code, "wait": ripe}).status == 429
    finally:
        system.run(OVER_BUDGET % "0")


def every_answer(site: PublicSite) -> list[Answer]:
    """Answers of all addresses to all methods, of forms and uploads, and of all faults."""
    text = "a message of an invented person"
    found = [
        site.request(method, path, headers=MARKS)
        for path in addresses()
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
    ]
    left = site.leave(text)
    page = site.come_back(left.receipt)
    name = "sentinel-file-7f3a.jpg"
    part = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
    upload = MARKS | {"Content-Type": "multipart/form-data; boundary=b"}
    for size in (10, 200_000, 3_000_000):
        body = part + b"sentinel" * (size // 8) + b"\r\n--b--\r\n"
        found.append(site.request("POST", "/write/family_message/", body=body, headers=upload))
    found += [
        left,
        page,
        site.write_on(page, text),
        site.request("GET", "/nothing/?sentinel=1", headers=MARKS),
        site.request("GET", "/write/sentinel-kind/", headers=MARKS),
        site.request("POST", "/return/", {"code": "4902 0014 1241 9532 337"}, headers=MARKS),
        site.request("POST", "/return/", {"code": "1"}, headers=MARKS | ELSEWHERE),
        site.request("POST", "/return/", {f"sentinel{n}": "" for n in range(99)}, headers=MARKS),
        site.request("GET", "/", headers=MARKS | {"Host": "sentinel.example"}),
    ]
    return found


def addresses() -> list[str]:
    """All addresses of the public site, out of its own list."""
    routes = (str(each.pattern) for each in urlpatterns)
    filled = (each.replace("<slug:kind>", "family_message") for each in routes)
    return [f"/{route}".replace("<slug:key>", "none") for route in filled]


def with_fault(site: PublicSite, system: OwnSystem) -> Answer:
    """What the site answers when half of a key is lost."""
    file = Path(system.environment["REUNION_HOME"]) / "keys" / "public" / "salt.1"
    whole = file.read_bytes()
    file.write_bytes(whole[:5])
    try:
        values = {"code": "4902 0014 1241 9532 337", "sentinel": "x"}
        return site.request("POST", "/return/?sentinel=1", values, headers=MARKS)
    finally:
        file.write_bytes(whole)


def no_request_at_all(site: PublicSite) -> bytes:
    """What the server answers to something that is no HTTP."""
    address = ("127.0.0.1", site.port)
    with socket.create_connection(address, timeout=10, source_address=(ADDRESS, 0)) as made:
        made.sendall(b"sentinel\x00\x01 / HTTP/9.9\r\nHost: sentinel\r\n\r\n")
        return made.recv(65_536)


@pytest.mark.threat("T1")
def test_no_mark_of_a_visitor_stays_anywhere(site: PublicSite, system: OwnSystem) -> None:
    answers = every_answer(site)
    system.run(OVER_BUDGET % "HOURLY_BUDGET")
    answers.append(
        site.request("POST", "/return/", {"code": "4902 0014 1241 9532 337"}, headers=MARKS)
    )
    system.run(OVER_BUDGET % "0")
    answers.append(with_fault(site, system))
    assert b"400" in no_request_at_all(site)
    statuses = {answer.status for answer in answers}
    assert {200, 400, 403, 404, 405, 413, 429, 500} <= statuses
    for answer in answers:
        names = [name.lower() for name, _ in answer.headers]
        assert "set-cookie" not in names
        held = dict(answer.headers)
        assert {name: held.get(name) for name in HEADERS} == HEADERS
        assert "<script" not in answer.text
        assert "style=" not in answer.text
    home = Path(system.environment["REUNION_HOME"])
    site.kill()
    site.start()
    folders = (home, site.log.parent)
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "public.log" for file in files)
    hits = [(file.name, word) for file in files for word in WORDS if word in file.read_bytes()]
    dump = system.run(DUMP).encode()
    assert b"family_message" in dump
    assert hits == []
    assert [word for word in WORDS if word in dump] == []
    assert "ERROR django.request KeyMissing" in site.log.read_text(encoding="utf-8")


@pytest.mark.threat("T19")
def test_every_receipt_that_was_shown_opens_its_message_after_kills(site: PublicSite) -> None:
    chance = random.Random(19)  # noqa: S311 # a draw of tests
    shown = {}
    for number in range(12):
        text = f"message {number}"
        receipt = site.leave(text).receipt
        shown[receipt] = text
        if chance.random() < 0.25:
            site.kill()
            site.start()
    assert len(shown) == 12
    assert all(text in site.come_back(receipt).text for receipt, text in shown.items())


def open_files(pid: int) -> Iterator[Path]:
    """What a process has open; it may close a file while we look."""
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield file.readlink()


def test_the_public_process_knows_no_other_store_and_no_other_key(site: PublicSite) -> None:
    for pid in site.pids():
        names = {file.name.split(".")[0] for file in open_files(pid) if "sqlite3" in file.name}
        assert names <= {"published", "inbox"}
    environment = site.system.environment | {"DJANGO_SETTINGS_MODULE": SETTINGS}
    known = OwnSystem(environment).run(
        "from django.apps import apps\nfrom django.conf import settings\n"
        "print(settings.KEYRING.folder.name, *sorted(apps.app_configs))"
    )
    assert known.split() == ["public", "forms", "inbox", "published"]
