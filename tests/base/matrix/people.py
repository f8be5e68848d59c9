"""Who walks through the matrix: one person of every role, and those who have not come all the way.

All of them are synthetic.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.accounts.rules import Standing
from reunion.base.actor import Actor, Purpose
from reunion.base.tokens.actions import Wish, issue_token, note_use
from reunion.base.tokens.rules import allowable
from reunion.packs.roles import Role, load_roles
from tests.base.matrix.where import HOME, agency
from tests.base.signing_in import Browser, cookie, member, post, recovery_codes, with_app, with_key


@dataclass(frozen=True)
class Person:
    """Somebody who signed in, with both factors shown just now."""

    role: Role
    account: Account
    actor: Actor
    token: str


@dataclass(frozen=True)
class Visitor:
    """Whoever sends a request.

    Args:
        name: the code of a role, or in brackets how far somebody has come.
        session: the value of the cookie; empty: there is none.
        held: a post that they hold.
        standing: how far they have come; None: they are not signed in.
        person: with the token of their program, of whoever has come all the way, and chosen a post.
    """

    name: str
    session: str = ""
    held: str = ""
    standing: Standing | None = None
    person: Person | None = None


def person_of(role: Role) -> Person:
    """Somebody of a role at the prefecture, with every kind of factor."""
    home = agency(HOME)
    account = _complete(f"matrix-{role.code.replace('_', '-')}")
    held = post(account, role.code, home)
    actor = Actor(
        role=role.code,
        region=HOME,
        permissions=role.may,
        staff=account.staff_id,
        unit=home.pk,
        account=account.pk,
        post=held.pk,
    )
    return Person(role, account, actor, token_of(account, held.pk, role.may))


def token_of(account: Account, held: UUID, may: Collection[str]) -> str:
    """A token with all that one can be allowed, in use since this morning."""
    at = timezone.now()
    wish = Wish("Synthetic program", Purpose.INSPECTION, allowable(may), days=1)
    token, text = issue_token(account=account, post_id=held, wish=wish, at=at)
    note_use(token=token, at=at)
    return text


def people() -> list[Person]:
    """One of every role that works in an agency."""
    return [person_of(role) for role in load_roles().values() if role.internal]


def visitor(person: Person) -> Visitor:
    """The same, in a session that has just begun."""
    session = cookie(with_key(person.account))
    return Visitor(
        person.role.code, session, str(person.actor.post), Standing.COMPLETE, person=person
    )


def strangers() -> Iterator[Visitor]:
    """Those who are not signed in, as all roles outside the agencies, or not all the way."""
    for role in load_roles().values():
        if not role.internal:
            yield Visitor(role.code)
    new = Browser()
    new.password(member("matrix-new", "secretariat", HOME).login)
    yield Visitor("(no factor yet)", cookie(new), standing=Standing.ENROLLING)
    proving = with_key(member("matrix-proving", "secretariat", HOME))
    session = proving.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session.save()
    yield Visitor("(no factor shown)", cookie(proving), standing=Standing.PROVING)
    undecided = _complete("matrix-undecided")
    held = [post(undecided, role, agency(HOME)) for role in ("secretariat", "inspector")]
    yield Visitor(
        "(no post chosen)", cookie(with_key(undecided)), str(held[0].pk), Standing.COMPLETE
    )


def _complete(login: str) -> Account:
    account = with_app(member(login, "", HOME))
    recovery_codes(account)
    return account
