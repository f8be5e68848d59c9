"""Programs see and do what their token's post may, once for each key, and never over another."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.actor import Purpose
from reunion.base.assignments.models import Assignment
from reunion.base.audit.models import AuditEntry, TreeHead
from reunion.base.errors import NotFound, RuleBroken
from reunion.base.notices.actions import notify
from reunion.base.permissions.actions import exclude
from reunion.base.tokens.actions import (
    fetch_token,
    forget_answers,
    grant_token,
    issue_token,
    revoke_own,
)
from reunion.base.tokens.models import Answer, ApiToken
from reunion.base.tokens.rules import REACHABLE
from reunion.base.units.actions import end_post, stop_work_from
from reunion.base.units.models import Staff, Unit
from reunion.packs.roles import load_roles
from reunion.web.api import ROUTERS, permission_of
from tests.base.programs import Program, draft, post_of, program, token_for, wish
from tests.base.signing_in import COUNTY, member, police, with_key
from tests.cast import acting, administrator
from tools.openapi import DOCUMENT, document

pytestmark = pytest.mark.django_db


# Tokens.


def test_a_token_acts_as_its_post_with_no_more_than_it_was_given() -> None:
    account = member("deng", role="case_leader")
    answer = Program(token_for(account, "units.see", "notices.see")).read("me")
    found = answer.json()
    assert found["permissions"] == ["notices.see", "units.see"]
    assert (found["role"], found["region"]) == ("case_leader", COUNTY)
    assert (found["post"], found["purpose"]) == (str(post_of(account).pk), "inspection")
    assert answer.headers["Reunion-Synthetic"] == "true"
    with override_settings(MODE="production"):
        assert "Reunion-Synthetic" not in Program(token_for(account)).read("me").headers


@pytest.mark.threat("T22")
def test_without_a_good_token_everything_is_refused_in_one_sentence() -> None:
    account = member("deng", role="case_leader")
    good = token_for(account)
    bad = ["", "Bearer", "Bearer x", f"Basic {good}", f"Bearer {good[:-1]}A", f"Bearer {good}x"]
    for header in bad:
        for address in ("me", "units", "nowhere/at/all"):
            answer = Client().get(
                f"/api/{address}", headers={"authorization": header, "accept-language": "en"}
            )
            assert answer.status_code == 401, (header, address)
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.json()["detail"] == "There is no token, or it is not valid."


@pytest.mark.threat("T22")
def test_a_session_opens_nothing_here_and_a_token_opens_no_page() -> None:
    account = member("deng", role="case_leader")
    browser = with_key(account)
    assert browser.get("/units/").status_code == 200
    assert browser.get("/api/units").status_code == 401
    assert browser.post("/api/assignments").status_code == 401
    answer = Program(token_for(account)).get("/units/")
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.threat("T22")
def test_a_token_is_good_for_nothing_once_anything_behind_it_is_over() -> None:
    account = member("deng", role="case_leader")
    post, at = post_of(account), timezone.now()

    def status() -> int:
        return int(caller.read("me").status_code)

    caller = Program(token_for(account))
    assert status() == 200
    for name, change, back in (("account", {"is_active": False}, {"is_active": True}),):
        Account.objects.filter(pk=account.pk).update(**change)
        assert status() == 401, name
        Account.objects.filter(pk=account.pk).update(**back)
        assert status() == 200
    stop_work_from(actor=administrator(), staff=account.staff_id, moment=at, at=at)
    assert status() == 401, "the holder is paused"
    Staff.objects.unscoped().filter(pk=account.staff_id).update(paused_from=None)
    row = ApiToken.objects.unscoped().get()
    ApiToken.objects.unscoped().update(issued_at=at - timedelta(days=30))
    assert status() == 401, "its days are over"
    ApiToken.objects.unscoped().update(issued_at=at - timedelta(days=1))
    assert status() == 200
    end_post(
        actor=administrator(), post_id=post.pk, valid_to=at.date(), version=post.version, at=at
    )
    assert status() == 401, "the post is over"
    type(post).objects.unscoped().filter(pk=post.pk).update(valid_to=None)
    assert status() == 200
    revoke_own(account=account, token_id=row.pk, at=at)
    assert status() == 401, "it is revoked"


def test_a_role_that_loses_a_permission_takes_it_from_its_tokens() -> None:
    account = member("deng", role="case_leader")
    caller = Program(token_for(account, "units.see"))
    assert caller.read("units").status_code == 200
    post = post_of(account)
    type(post).objects.unscoped().filter(pk=post.pk).update(role="collector")
    assert caller.read("units").status_code == 404


@pytest.mark.threat("T22")
def test_a_token_is_neither_kept_nor_given_more_than_its_role_has() -> None:
    account, at = member("deng", role="case_leader"), timezone.now()
    post = post_of(account)
    token, text = issue_token(account=account, post_id=post.pk, wish=wish("units.see"), at=at)
    row = ApiToken.objects.unscoped().get(pk=token.pk)
    assert text.encode() not in bytes(row.digest or b"")
    assert len(bytes(row.digest or b"")) == 32
    for wrong, rule in (
        (wish("units.administer"), "token_within_the_role"),
        (wish("approvals.decide"), "token_within_the_role"),
        (wish(days=91), "token_ends_in_time"),
        (wish(days=0), "token_ends_in_time"),
        (wish(purpose=Purpose.EMERGENCY), "token_purpose"),
        (wish(purpose=Purpose.OWN_CASE), "own_case_names_its_case"),
    ):
        with pytest.raises(RuleBroken) as caught:
            issue_token(account=account, post_id=post.pk, wish=wrong, at=at)
        assert caught.value.rule == rule
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.unscoped().update(days=91)
    other = post_of(member("qiao", role="inspector"))
    with pytest.raises(NotFound):
        issue_token(account=account, post_id=other.pk, wish=wish(), at=at)


@pytest.mark.threat("T22")
def test_what_an_administrator_grants_the_holder_alone_fetches_once() -> None:
    account, at = member("deng", role="case_leader"), timezone.now()
    post = post_of(account)
    keeper = acting("administrator", "cn/15/", "tokens.administer")
    token = grant_token(actor=keeper, post_id=post.pk, wish=wish("units.see"), at=at)
    with pytest.raises(NotFound):
        fetch_token(account=member("qiao"), token_id=token.pk, at=at)
    text = fetch_token(account=account, token_id=token.pk, at=at)
    assert Program(text).read("units").status_code == 200
    with pytest.raises(RuleBroken):
        fetch_token(account=account, token_id=token.pk, at=at)
    outside = acting("administrator", "cn/65/", "tokens.administer")
    with pytest.raises(NotFound):
        grant_token(actor=outside, post_id=post.pk, wish=wish(), at=at)


def test_what_a_program_does_is_entered_under_its_token_and_purpose() -> None:
    caller = program()
    made = caller.write("assignments", draft()).json()
    token = ApiToken.objects.unscoped().get()
    entry = AuditEntry.objects.get(act="draft_assignment", subject=made["id"])
    assert (entry.account, entry.purpose, entry.role) == (token.pk, "inspection", "case_leader")
    assert entry.staff == token.post.staff_id
    assert AuditEntry.objects.filter(act="use_token").count() == 1, "once a day"
    assert token.last_used is not None


def test_the_pages_of_tokens_show_one_once_and_revoke_it() -> None:
    account = member("deng", role="case_leader")
    browser = with_key(account)
    fields = {
        "post": str(post_of(account).pk),
        "label": "Synthetic desk",
        "purpose": "inspection",
        "permissions": "units.see",
        "days": "7",
    }
    text = browser.send("/me/tokens/new/", **fields).content.decode()
    start = text.index("reunion_")
    token = text[start : start + 51]
    assert Program(token).read("units").status_code == 200
    listed = browser.get("/me/tokens/").content.decode()
    assert "Synthetic desk" in listed
    assert token not in listed
    row = ApiToken.objects.unscoped().get()
    browser.send("/me/tokens/", f"/me/tokens/{row.pk}/revoke/")
    assert Program(token).read("units").status_code == 401


def test_an_administrator_grants_on_a_page_and_sees_no_token() -> None:
    holder = member("deng", role="case_leader")
    keeper = with_key(member("keeper", role="administrator", region="cn/15/"))
    post = post_of(holder)
    fields = {"label": "Granted", "purpose": "inspection", "permissions": "units.see", "days": "7"}
    answer = keeper.send(f"/posts/{post.pk}/token/", post=str(post.pk), **fields)
    assert answer.headers["Location"] == "/tokens/"
    row = ApiToken.objects.unscoped().get()
    assert "Not fetched yet" in keeper.get("/tokens/").content.decode()
    text = with_key(holder).send(f"/me/tokens/{row.pk}/fetch/").content.decode()
    assert "reunion_" in text
    keeper.send("/tokens/", f"/tokens/{row.pk}/revoke/")
    row.refresh_from_db()
    assert row.revoked_at is not None


# Reading.


def test_lists_have_an_end_and_a_way_on() -> None:
    caller = program()
    for number in range(7):
        Unit.objects.unscoped().create(
            code=f"u-{number}", kind="police", level="county", region=COUNTY, name="虚构单位",
            name_en="Synthetic", valid_from=timezone.now().date(),
        )  # fmt: skip
    seen, address = [], "units?limit=3&kind=police"
    while address:
        page = caller.read(address.removeprefix("/api/")).json()
        assert len(page["items"]) <= 3
        seen += [row["id"] for row in page["items"]]
        address = page["next"] or ""
    wanted = Unit.objects.unscoped().filter(region=COUNTY).order_by("pk")
    assert seen == [str(unit.pk) for unit in wanted]
    assert caller.read("units?kind=court").json() == {"items": [], "next": None}
    for wrong in ("limit=0", "limit=201", "limit=x", "after=x", "kind=a%00", "day=2026-02-30"):
        answer = caller.read(f"units?{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (422, "NotValid"), wrong


@pytest.mark.parametrize("address", ["regions", "packs/terms", "packs/roles"])
def test_lists_of_the_pack_come_whole_in_parts(address: str) -> None:
    caller, seen = program(), []
    onward = f"{address}?limit=200"
    while onward:
        page = caller.read(onward.removeprefix("/api/")).json()
        seen += [row["code"] for row in page["items"]]
        onward = page["next"] or ""
    assert len(seen) == len(set(seen)) > 20
    assert seen == sorted(seen)


def test_what_one_has_already_is_not_sent_again() -> None:
    caller = program()
    made = caller.write("assignments", draft())
    address = made.headers["Location"].removeprefix("/api/")
    for place in (address, "units", "me", "packs/roles"):
        first = caller.read(place)
        tag = first.headers["ETag"]
        assert first.status_code == 200
        for held in (tag, f'"x", W/{tag}'):
            again = caller.read(place, if_none_match=held)
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert caller.read(place, if_none_match='"other"').status_code == 200
    Assignment.objects.unscoped().update(title="Another title", version=2)
    assert caller.read(address, if_none_match=made.headers["ETag"]).status_code == 200


@pytest.mark.threat("T10", "T22")
def test_what_is_refused_looks_like_what_is_missing() -> None:
    caller = program()
    far = Unit.objects.unscoped().create(
        code="far", kind="police", level="county", region="cn/65/6501/650102/", name="虚构单位",
        name_en="Synthetic", valid_from=timezone.now().date(),
    )  # fmt: skip
    hidden = Unit.objects.unscoped().create(
        code="hidden", kind="police", level="county", region=COUNTY, name="虚构单位",
        name_en="Synthetic", valid_from=timezone.now().date(),
    )  # fmt: skip
    exclude(actor=administrator(), subject=hidden, basis="synthetic", region=COUNTY,
            at=timezone.now())  # fmt: skip
    missing = caller.read(f"units/{uuid4()}")
    others = [f"units/{far.pk}", f"units/{hidden.pk}", "staff", f"staff/{uuid4()}", "nowhere", ""]
    for address in others:
        answer = caller.read(address)
        assert (answer.status_code, answer.json()) == (404, missing.json()), address
        assert answer.headers["Content-Type"] == missing.headers["Content-Type"]
    listed = [row["id"] for row in caller.read("units?limit=200").json()["items"]]
    assert not {str(far.pk), str(hidden.pk)} & set(listed)


@pytest.mark.threat("T10")
def test_nobody_is_named_by_posts_and_staff() -> None:
    member("deng", role="case_leader")
    Staff.objects.unscoped().update(name="王小明")
    keeper = program("keeper", role="administrator")
    Staff.objects.unscoped().update(name="王小明")
    posts, staff = keeper.read("posts"), keeper.read("staff")
    assert posts.json()["items"]
    assert "小明" not in posts.content.decode() + staff.content.decode()
    assert {row["name"] for row in staff.json()["items"]} == {"王**"}


def test_a_method_that_is_not_there_is_named_and_head_is_get_without_a_body() -> None:
    caller = program()
    answer = caller.delete("/api/units")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert caller.put("/api/assignments").headers["Allow"] == "GET, POST, HEAD"
    head = caller.head("/api/units")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == caller.read("units").headers["ETag"]


def test_the_heads_of_the_trail_can_be_fetched() -> None:
    caller = program()
    assert caller.read("audit/heads").json() == {"public_key": "", "items": []}
    TreeHead.objects.create(
        size=7, root=b"r" * 32, day=timezone.now().date(), at=1, previous=b"p" * 32, key_version=1,
        public_key=b"k" * 32, announces=None, lag_p50=1, lag_p99=2, signature=b"s" * 64,
    )  # fmt: skip
    found = caller.read("audit/heads?limit=1").json()
    assert found["public_key"] == (b"k" * 32).hex()
    assert [head["size"] for head in found["items"]] == [7]


def test_notices_are_read_and_marked() -> None:
    caller = program()
    notice = notify(
        actor=administrator(), what="assignment.overdue", subject=police(), unit=police().pk,
        at=timezone.now(),
    )  # fmt: skip
    (found,) = caller.read("notices?unread=true").json()["items"]
    assert (found["id"], found["what"]) == (str(notice.pk), "assignment.overdue")
    assert found["at"].endswith("Z")
    assert caller.read("notices?since=2999-01-01T00:00:00Z").json()["items"] == []
    for edge in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"):
        assert caller.read(f"notices?since={edge}").status_code == 422, edge
    address = f"notices/{notice.pk}/read"
    assert caller.write(address, if_match='"7.0"').status_code == 412
    assert caller.write(address, if_match='"1.0"').json()["read_at"] is not None
    assert caller.read("notices?unread=true").json()["items"] == []


# Writing.


def test_an_assignment_goes_its_way_from_draft_to_close() -> None:
    issuer, other = program("deng"), program("qiao")
    made = issuer.write("assignments", draft())
    assert made.status_code == 201
    address = made.headers["Location"].removeprefix("/api/")
    assert made.json()["moves"] == ["issue", "withdraw"]
    tag = made.headers["ETag"]
    steps = [
        (issuer, "issue", {}, "issued"),
        (issuer, "accept", {}, "accepted"),
        (issuer, "start", {}, "in_progress"),
        (issuer, "report", {"outcome": "done", "result": "Synthetic"}, "reported"),
        (other, "confirm", {}, "confirmed"),
        (other, "close", {}, "closed"),
        (other, "reopen", {"reason": "Synthetic"}, "in_progress"),
    ]
    for caller, move, body, state in steps:
        answer = caller.write(f"{address}/{move}", body, if_match=tag)
        assert (answer.status_code, answer.json()["state"]) == (200, state), move
        tag = answer.headers["ETag"]
        assert tag == caller.read(address).headers["ETag"]


def test_a_move_that_a_rule_forbids_is_refused_in_the_words_of_the_page() -> None:
    caller = program()
    made = caller.write("assignments", draft())
    address, tag = made.headers["Location"].removeprefix("/api/"), made.headers["ETag"]
    answer = caller.write(f"{address}/accept", if_match=tag)
    assert (answer.status_code, answer.json()["code"]) == (409, "MoveRefused")
    answer = caller.write(f"{address}/withdraw", if_match=tag)
    assert (answer.status_code, answer.json()["code"]) == (409, "reason_given")
    assert answer.json()["detail"] == "Say why."
    answer = caller.write("assignments", draft() | {"scope": f"{COUNTY}nowhere/"})
    assert (answer.status_code, answer.json()["code"]) == (409, "region_is_known")
    answer = caller.write("assignments", draft() | {"scope": "cn/65/"})
    assert answer.status_code == 404
    answer = caller.write("assignments", draft() | {"titel": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "NotValid")
    answer = caller.post(
        "/api/assignments", "{", "application/json", headers={"Idempotency-Key": "k"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "NotReadable")


def test_a_change_names_the_version_that_it_is_a_change_of() -> None:
    caller = program()
    made = caller.write("assignments", draft())
    address, tag = made.headers["Location"].removeprefix("/api/"), made.headers["ETag"]
    assert caller.write(f"{address}/issue").status_code == 428
    for stale in ('"7.0"', "*", "x", f"W/{tag}"):
        assert caller.write(f"{address}/issue", if_match=stale).status_code == 412, stale
    assert caller.write(f"{address}/issue", if_match=tag).status_code == 200
    assert caller.write(f"{address}/accept", if_match=tag).status_code == 412


def test_an_act_is_done_once_for_each_key() -> None:
    caller = program()
    first = caller.write("assignments", draft(), idempotency_key="one")
    again = caller.write("assignments", draft(), idempotency_key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Assignment.objects.unscoped().count() == 1
    other = caller.write("assignments", draft() | {"title": "Other"}, idempotency_key="one")
    assert (other.status_code, other.json()["code"]) == (422, "KeyUsed")
    assert caller.write("assignments", draft(), idempotency_key="two").status_code == 201
    assert Assignment.objects.unscoped().count() == 2
    for wrong in ("two words", "x" * 256, "钥匙"):
        answer = caller.write("assignments", draft(), idempotency_key=wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "KeyMissing")
    bare = caller.post("/api/assignments", "{}", "application/json")
    assert (bare.status_code, bare.json()["code"]) == (400, "KeyMissing")


def test_the_key_of_one_token_says_nothing_to_another() -> None:
    one, two = program("deng"), program("qiao")
    assert one.write("assignments", draft(), idempotency_key="same").status_code == 201
    answer = two.write("assignments", draft() | {"title": "Other"}, idempotency_key="same")
    assert answer.status_code == 201


def test_what_was_refused_can_be_sent_again_under_its_key() -> None:
    caller = program()
    made = caller.write("assignments", draft())
    address, tag = made.headers["Location"].removeprefix("/api/"), made.headers["ETag"]
    sent = {"if_match": tag, "idempotency_key": "one"}
    assert caller.write(f"{address}/withdraw", {}, **sent).status_code == 409
    assert not Answer.objects.filter(key="one").exists()
    assert caller.write(f"{address}/withdraw", {"reason": "Synthetic"}, **sent).status_code == 200


def test_answers_are_sealed_and_kept_for_a_day() -> None:
    caller = program()
    caller.write("assignments", draft(), idempotency_key="one")
    kept = Answer.objects.get(key="one")
    assert b"synthetic case" not in bytes(kept.body)
    assert forget_answers(at=kept.at + timedelta(hours=23)) == 0
    Answer.objects.update(at=kept.at - timedelta(hours=24))
    assert caller.write("assignments", draft(), idempotency_key="one").status_code == 201
    assert Assignment.objects.unscoped().count() == 2, "after a day the key is new"
    assert forget_answers(at=timezone.now() + timedelta(hours=24)) == 1


# What describes it.


def test_tokens_can_have_what_the_addresses_ask_for_and_no_more() -> None:
    asked = {
        permission_of(operation)
        for router in ROUTERS.values()
        for view in router.path_operations.values()
        for operation in view.operations
    }
    assert asked - {""} == REACHABLE
    known = {permission for role in load_roles().values() for permission in role.may}
    assert known >= REACHABLE


def test_the_description_is_written_down() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "write it: python -m tools.openapi"


def test_whoever_is_signed_in_reads_what_there_is() -> None:
    browser = with_key(member("deng", role="case_leader"))
    text = browser.get("/api/docs").content.decode()
    assert "/api/assignments/{pk}/send_back" in text
    assert browser.get("/api/openapi.json").json()["openapi"].startswith("3.1")
    assert Client().get("/api/docs").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", ["assignments", "units", "posts", "notices"])
def test_no_list_asks_more_of_the_database_for_more_rows(address: str) -> None:
    caller = program()
    counts = []
    for _ in range(2):
        for _row in range(3):
            caller.write("assignments", draft())
            notify(actor=administrator(), what="assignment.overdue", subject=police(),
                   unit=police().pk, at=timezone.now())  # fmt: skip
            member(f"m-{uuid4().hex[:8]}", role="inspector")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert caller.read(f"{address}?limit=200").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
