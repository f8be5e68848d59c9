"""A lost factor is taken away by two officers, two people, neither of them its owner."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from reunion.base.accounts.actions import (
    approve_recovery,
    refuse_recovery,
    request_recovery,
)
from reunion.base.accounts.models import Account, FactorRecovery, Session
from reunion.base.accounts.rules import RECOVERY, RecoveryState
from reunion.base.actor import Actor
from reunion.base.audit.models import AuditEntry, Step
from reunion.base.errors import MoveRefused, NotFound, NotPermitted, RuleBroken
from tests.base.signing_in import PASSWORD, Browser, member, with_app, with_key
from tests.cast import NOW, acting

pytestmark = pytest.mark.django_db


def officer(region: str = "cn/15/") -> Actor:
    """Somebody who may recover factors, and signed in just now."""
    actor = acting("supervisor", region, "accounts.recover")
    return replace(actor, account=uuid4(), authenticated_at=NOW)


def lost() -> tuple[Account, FactorRecovery]:
    account = with_app(member("deng"))
    return account, request_recovery(actor=officer(), account_id=account.pk, at=NOW)


def test_after_the_second_officer_the_owner_begins_anew() -> None:
    account, recovery = lost()
    session = Browser().sign_in(account)
    assert approve_recovery(actor=officer(), recovery_id=recovery.pk, at=NOW)[1] == ""
    assert Authenticator.objects.filter(user=account).exists()
    found, code = approve_recovery(actor=officer(), recovery_id=recovery.pk, at=NOW)
    assert found.state == RecoveryState.RECOVERED
    assert code
    account.refresh_from_db()
    assert not Authenticator.objects.filter(user=account).exists()
    assert not account.check_password(PASSWORD)
    assert not Session.objects.filter(account=account).exists()
    assert session.get("/units/").status_code == 302
    assert list(Step.objects.values_list("move", flat=True)) == ["approve", "complete"]
    assert AuditEntry.objects.filter(act="request_recovery", subject=recovery.pk).exists()


@pytest.mark.threat("T20")
def test_one_officer_alone_recovers_nothing() -> None:
    account, recovery = lost()
    one = officer()
    approve_recovery(actor=one, recovery_id=recovery.pk, at=NOW)
    same_person = replace(one, account=uuid4())
    same_account = replace(one, staff=uuid4())
    for again in (one, same_person, same_account):
        with pytest.raises(RuleBroken):
            approve_recovery(actor=again, recovery_id=recovery.pk, at=NOW)
    assert Authenticator.objects.filter(user=account).exists()


@pytest.mark.threat("T20")
def test_the_owner_is_never_one_of_the_two() -> None:
    account, recovery = lost()
    owner = replace(officer(), staff=account.staff_id)
    with pytest.raises(RuleBroken):
        approve_recovery(actor=owner, recovery_id=recovery.pk, at=NOW)
    approve_recovery(actor=officer(), recovery_id=recovery.pk, at=NOW)
    with pytest.raises(RuleBroken):
        approve_recovery(actor=owner, recovery_id=recovery.pk, at=NOW)


@pytest.mark.threat("T20")
@pytest.mark.parametrize("broken", ["one person", "one account", "owner", "second missing"])
def test_the_database_refuses_what_the_rules_refuse(broken: str) -> None:
    _, recovery = lost()
    first, account, second, other = (uuid4() for _ in range(4))
    values = {
        "first_staff": recovery.owner if broken == "owner" else first,
        "first_account": account,
        "second_staff": first if broken == "one person" else second,
        "second_account": account if broken == "one account" else other,
        "state": RecoveryState.RECOVERED,
    }
    if broken == "second missing":
        values["second_staff"] = values["second_account"] = None
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorRecovery.objects.unscoped().filter(pk=recovery.pk).update(**values)


def test_an_officer_who_signed_in_a_while_ago_must_do_so_again() -> None:
    _, recovery = lost()
    stale = replace(officer(), authenticated_at=NOW - timedelta(minutes=6))
    with pytest.raises(RuleBroken):
        approve_recovery(actor=stale, recovery_id=recovery.pk, at=NOW)


def test_an_outsider_and_somebody_without_the_permission_can_do_nothing() -> None:
    account, recovery = lost()
    with pytest.raises(NotFound):
        approve_recovery(actor=officer("cn/65/"), recovery_id=recovery.pk, at=NOW)
    with pytest.raises(NotFound):
        request_recovery(actor=officer("cn/65/"), account_id=account.pk, at=NOW)
    nobody = acting("liaison", "cn/", "units.see")
    with pytest.raises(NotPermitted):
        approve_recovery(actor=nobody, recovery_id=recovery.pk, at=NOW)


def test_a_recovery_lapses_and_one_runs_at_a_time() -> None:
    account, recovery = lost()
    with pytest.raises(RuleBroken):
        request_recovery(actor=officer(), account_id=account.pk, at=NOW)
    late = NOW + timedelta(hours=72)
    with pytest.raises(NotFound):
        approve_recovery(actor=officer(), recovery_id=recovery.pk, at=late)
    request_recovery(actor=officer(), account_id=account.pk, at=late)


def test_a_refused_recovery_is_over() -> None:
    account, recovery = lost()
    approve_recovery(actor=officer(), recovery_id=recovery.pk, at=NOW)
    refuse_recovery(actor=officer(), recovery_id=recovery.pk, reason="another face", at=NOW)
    with pytest.raises(MoveRefused):
        approve_recovery(actor=officer(), recovery_id=recovery.pk, at=NOW)
    assert Step.objects.get(move="refuse").reason == "another face"
    assert Authenticator.objects.filter(user=account).exists()


@pytest.mark.parametrize("state", list(RecoveryState))
@pytest.mark.parametrize("move", ["approve", "complete", "refuse"])
def test_moves_outside_the_table_are_refused(state: RecoveryState, move: str) -> None:
    if move in {open_move.name for open_move in RECOVERY.open_moves(state)}:
        assert RECOVERY.move(state, move).target is not state
    else:
        with pytest.raises(MoveRefused):
            RECOVERY.move(state, move)


def test_from_the_request_to_the_new_code_by_forms() -> None:
    account = with_app(member("deng"))
    first = with_key(member("first", role="supervisor", region="cn/15/"))
    second = with_key(member("second", role="administrator", region="cn/15/"))
    asked = first.send(f"/accounts/{account.pk}/recovery/")
    page = asked.headers["Location"]
    assert first.send(page).headers["Location"] == "/recoveries/"
    assert first.send(page).status_code == 409
    shown = second.send(page).content.decode()
    assert re.search(r'class="code">\w{20}<', shown)
    assert not Authenticator.objects.filter(user=account).exists()
