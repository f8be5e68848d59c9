"""Accounts: every change that a person can make to one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from axes.utils import reset
from django.db import transaction
from django.db.models import Q

from reunion.base.accounts.access import in_scope, owner_of
from reunion.base.accounts.attempts import hidden_name
from reunion.base.accounts.models import Account, FactorRecovery, PasswordCode, Remembered, Session
from reunion.base.accounts.rules import (
    ABSOLUTE,
    ATTEMPTS_KEPT,
    CODE_LASTS,
    IDLE,
    RECOVERY,
    RECOVERY_LASTS,
    SESSIONS,
    Factor,
    RecoveryState,
    is_login,
    new_code,
    plain_code,
)
from reunion.base.actor import Actor
from reunion.base.audit.actions import record, record_move
from reunion.base.errors import NotFound, RuleBroken
from reunion.base.permissions.decide import require
from reunion.base.records import locked, unless_taken
from reunion.base.units.models import Staff


@transaction.atomic
def open_account(*, actor: Actor, staff_id: UUID, login: str, at: datetime) -> tuple[Account, str]:
    """Open an account for a staff member, without a password.

    Returns:
        The account, and the code to be given to its owner in person: it is not kept.

    Raises:
        NotPermitted: the actor may not administer accounts.
        NotFound: there is no such staff member in the actor's region.
        RuleBroken: the name is taken, or not as is_login asks; nobody opens their own.
    """
    require(actor, "accounts.administer")
    staff = locked(Staff.objects.visible_to(actor, at), staff_id)
    if staff.pk == actor.staff:
        raise RuleBroken(rule="nobody_administers_their_own_account")
    if not is_login(login):
        raise RuleBroken(rule="login_is_of_small_letters")
    account = Account(login=login, staff=staff)
    account.set_unusable_password()
    with unless_taken(RuleBroken(rule="login_is_free")):
        account.save(force_insert=True)
    record(actor=actor, act="open_account", subject=account, at=at, after={"login": login})
    return account, issue_code(account=account, at=at)


@transaction.atomic
def replace_password(*, actor: Actor, account_id: UUID, at: datetime) -> str:
    """Take an account's password away and end its sessions; its factors stay.

    Returns:
        The code to be given to its owner in person.

    Raises:
        NotFound: there is no such account in the actor's region.
        RuleBroken: nobody administers their own account.
    """
    account = _administered(actor, account_id, at)
    record(actor=actor, act="replace_password", subject=account, at=at)
    return issue_code(account=account, at=at)


def issue_code(*, account: Account, at: datetime) -> str:
    """Void the password, the older codes and the sessions of a locked account; give a new code."""
    account.set_unusable_password()
    account.save_changes("password")
    account.password_codes.filter(used_at__isnull=True).update(used_at=at)
    account.sessions.all().delete()
    code = new_code()
    PasswordCode.objects.create(
        account=account, code_hash=_code_hash(code), ends_at=at + CODE_LASTS
    )
    return code


@transaction.atomic
def set_first_password(*, login: str, code: str, password: str, at: datetime) -> Account:
    """Set the password with a code that was given in person; the code is then used.

    Raises:
        NotFound: no such account or a locked one, another code, used, too old: not told which.
    """
    waiting = PasswordCode.objects.filter(
        account__login=login, account__is_active=True, used_at__isnull=True, ends_at__gt=at
    )
    found = waiting.filter(code_hash=_code_hash(code)).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(kind="password_code")
    found.used_at = at
    found.save_changes("used_at")
    account = locked(Account.objects.all(), found.account_id)
    account.set_password(password)
    account.save_changes("password")
    record(actor=owner_of(account), act="set_first_password", subject=account, at=at)
    return account


@transaction.atomic
def change_password(*, account: Account, password: str, session: UUID, at: datetime) -> None:
    """Change one's own password; every other session ends.

    Args:
        session: the session that stays.
    """
    account = locked(Account.objects.all(), account.pk)
    account.set_password(password)
    account.save_changes("password")
    account.sessions.exclude(pk=session).delete()
    record(actor=owner_of(account), act="change_password", subject=account, at=at)


@transaction.atomic
def lock_account(*, actor: Actor, account_id: UUID, at: datetime) -> Account:
    """Shut an account: nobody signs in with it, and its sessions end now.

    Raises:
        NotFound: there is no such account in the actor's region.
        RuleBroken: nobody administers their own account.
    """
    account = _administered(actor, account_id, at)
    account.is_active = False
    account.save_changes("is_active")
    account.sessions.all().delete()
    record(actor=actor, act="lock_account", subject=account, at=at)
    return account


@transaction.atomic
def unlock_account(*, actor: Actor, account_id: UUID, at: datetime) -> Account:
    """Open a shut account again, also one that wrong passwords had shut for an hour.

    Raises:
        NotFound: there is no such account in the actor's region.
        RuleBroken: nobody administers their own account.
    """
    account = _administered(actor, account_id, at)
    account.is_active = True
    account.save_changes("is_active")
    reset(username=hidden_name(account.login))
    record(actor=actor, act="unlock_account", subject=account, at=at)
    return account


@transaction.atomic
def sign_in(*, account: Account, factors: Collection[str], at: datetime) -> None:
    """Record a sign-in; one by a recovery code under a name of its own, since it shows a loss."""
    by_code = Factor.RECOVERY_CODES in factors
    act = "sign_in_by_recovery_code" if by_code else "sign_in"
    record(actor=owner_of(account), act=act, subject=account, at=at)


@transaction.atomic
def note_factor_change(*, account: Account, act: str, at: datetime) -> None:
    """Record that the owner changed a second factor, such as totp_activated."""
    record(actor=owner_of(account), act=act, subject=account, at=at)


@transaction.atomic
def end_session(*, account: Account, session_id: UUID, at: datetime) -> None:
    """End one of one's own sessions, wherever it is; its next request finds it over.

    Raises:
        NotFound: the account has no such session.
    """
    session = locked(Session.objects.filter(account=account), session_id)
    record(actor=owner_of(account), act="end_session", subject=session, at=at)
    session.delete()


@transaction.atomic
def end_other_sessions(*, account: Account, session: UUID, at: datetime) -> int:
    """End all of one's own sessions but this one; the number that ended."""
    ended, _ = account.sessions.exclude(pk=session).delete()
    record(actor=owner_of(account), act="end_other_sessions", subject=account, at=at)
    return ended


@transaction.atomic
def end_oldest_sessions(*, account: Account, at: datetime) -> int:
    """End the sessions that an account has too many, after a sign-in; the number that ended."""
    locked(Account.objects.all(), account.pk)  # of two sign-ins at once, one waits
    in_use = account.sessions.filter(started_at__gt=at - ABSOLUTE, last_seen_at__gt=at - IDLE)
    oldest = list(in_use.order_by("-started_at")[SESSIONS:])
    for session in oldest:
        record(actor=owner_of(account), act="end_oldest_session", subject=session, at=at)
        session.delete()
    return len(oldest)


@transaction.atomic
def choose_post(*, actor: Actor, account: Account, at: datetime) -> None:
    """Record under which post somebody acts from now on."""
    record(actor=actor, act="choose_post", subject=account, at=at)


@transaction.atomic
def choose_language(*, account: Account, language: str, at: datetime) -> None:
    """Note in which language somebody reads the pages from now on."""
    account.language = language
    account.save(update_fields=["language"])
    record(actor=owner_of(account), act="choose_language", subject=account, at=at)


def see_session(*, session: Session, at: datetime) -> None:
    """Note that a session is in use. Not an act of anybody: it leaves no audit entry."""
    Session.objects.filter(pk=session.pk).update(last_seen_at=at)


@transaction.atomic
def request_recovery(*, actor: Actor, account_id: UUID, at: datetime) -> FactorRecovery:
    """Ask that the second factor of somebody who lost theirs be taken away, by two officers.

    Raises:
        NotPermitted: the actor may not recover factors.
        NotFound: there is no such account in the actor's region.
        RuleBroken: it is the actor's own account, or one is under way.
    """
    require(actor, "accounts.recover")
    account = locked(in_scope(actor, at), account_id)
    if account.staff_id == actor.staff or actor.staff is None:
        raise RuleBroken(rule="recovery_not_by_the_owner")
    if FactorRecovery.objects.open_at(at).filter(account=account).exists():
        raise RuleBroken(rule="one_recovery_at_a_time")
    recovery = FactorRecovery.objects.unscoped().create(
        account=account,
        owner=account.staff_id,
        region=account.staff.region,
        requested_by=actor.staff,
        ends_at=at + RECOVERY_LASTS,
    )
    record(actor=actor, act="request_recovery", subject=recovery, at=at)
    return recovery


@transaction.atomic
def approve_recovery(
    *, actor: Actor, recovery_id: UUID, at: datetime
) -> tuple[FactorRecovery, str]:
    """Say that one saw the owner in person and knows them. The second to say so completes it.

    All factors then go, the recovery codes too, and the password: the owner begins anew.

    Returns:
        The recovery, and the code to give to the owner in person; blank after the first officer.

    Raises:
        NotFound: there is none in the actor's region, or its time is over.
        RuleBroken: the actor is the owner or the first officer, or did not sign in just now.
        MoveRefused: it was refused or completed before.
    """
    recovery = _open_recovery(actor, recovery_id, at)
    source = RecoveryState(recovery.state)
    is_second = source is RecoveryState.APPROVED_ONCE
    move = RECOVERY.move(source, "complete" if is_second else "approve")
    _check_officer(actor, recovery, at)
    if is_second:
        recovery.second_staff, recovery.second_account = actor.staff, actor.account
    else:
        recovery.first_staff, recovery.first_account = actor.staff, actor.account
    recovery.state = move.target
    recovery.save_changes("state", "first_staff", "first_account", "second_staff", "second_account")
    record_move(
        actor=actor, subject=recovery, machine=RECOVERY.name, move=move, source=source, at=at
    )
    return recovery, _begin_anew(recovery, at) if is_second else ""


@transaction.atomic
def refuse_recovery(*, actor: Actor, recovery_id: UUID, reason: str, at: datetime) -> None:
    """Stop a recovery, such as when somebody else came in the owner's name.

    Raises:
        NotFound: there is none in the actor's region, or its time is over.
        MoveRefused: it was refused or completed before.
    """
    recovery = _open_recovery(actor, recovery_id, at)
    source = RecoveryState(recovery.state)
    move = RECOVERY.move(source, "refuse")
    recovery.state = move.target
    recovery.save_changes("state")
    record_move(
        actor=actor,
        subject=recovery,
        machine=RECOVERY.name,
        move=move,
        source=source,
        at=at,
        reason=reason,
    )


@transaction.atomic
def forget_stale(*, at: datetime) -> int:
    """Delete what signing in leaves behind when its time is over; a duty of the system.

    Sessions that have ended, used codes, failed attempts, what the processes remembered together.

    Returns:
        How many rows went.
    """
    old = (
        Session.objects.filter(Q(started_at__lte=at - ABSOLUTE) | Q(last_seen_at__lte=at - IDLE)),
        PasswordCode.objects.filter(ends_at__lte=at - ATTEMPTS_KEPT),
        AccessAttempt.objects.filter(attempt_time__lte=at - ATTEMPTS_KEPT),
        Remembered.objects.filter(expires__lte=at),
    )
    return sum(rows.delete()[0] for rows in old)


def _open_recovery(actor: Actor, recovery_id: UUID, at: datetime) -> FactorRecovery:
    require(actor, "accounts.recover")
    recovery = locked(FactorRecovery.objects.visible_to(actor, at), recovery_id)
    if recovery.ends_at <= at:
        raise NotFound(kind="factorrecovery")
    return recovery


def _check_officer(actor: Actor, recovery: FactorRecovery, at: datetime) -> None:
    if not actor.is_fresh(at):
        raise RuleBroken(rule="sign_in_is_fresh")
    if actor.staff is None or actor.account is None or actor.staff == recovery.owner:
        raise RuleBroken(rule="recovery_not_by_the_owner")
    if actor.staff == recovery.first_staff or actor.account == recovery.first_account:
        raise RuleBroken(rule="recovery_by_two_people")


def _begin_anew(recovery: FactorRecovery, at: datetime) -> str:
    account = locked(Account.objects.all(), recovery.account_id)
    Authenticator.objects.filter(user_id=account.pk).delete()
    return issue_code(account=account, at=at)


def _administered(actor: Actor, account_id: UUID, at: datetime) -> Account:
    """An account for an administrator, locked."""
    require(actor, "accounts.administer")
    account = locked(in_scope(actor, at), account_id)
    if account.staff_id == actor.staff:
        raise RuleBroken(rule="nobody_administers_their_own_account")
    return account


def _code_hash(code: str) -> bytes:
    return hashlib.sha256(plain_code(code).encode()).digest()
