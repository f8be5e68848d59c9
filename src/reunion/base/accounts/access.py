"""The way from a request to accounts, sessions and recoveries; and from an account to its actor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from reunion.base.accounts.models import Account, FactorRecovery, PasswordCode, Session
from reunion.base.accounts.rules import IDLE, Factor, Shown
from reunion.base.actor import Actor
from reunion.base.errors import NotFound
from reunion.base.permissions.decide import fetch, require
from reunion.base.units.access import posts_held
from reunion.base.units.models import Post, Staff
from reunion.base.units.pack import role
from reunion.packs.roles import SecondFactor

NAMES = ("login", "staff__name")
OWNER = "account_owner"
"""As what somebody acts on their own account."""

"""By what somebody looks for an account."""


def accounts_for(actor: Actor, at: datetime) -> QuerySet[Account]:
    """The accounts of the staff in the actor's region."""
    require(actor, "accounts.administer")
    return in_scope(actor, at)


def account_for(actor: Actor, pk: UUID, at: datetime, *, needs: str) -> Account:
    """One account, for somebody who may do what `needs` says with it; or NotFound."""
    found = in_scope(actor, at).filter(pk=pk).first() if actor.may(needs) else None
    if found is None:
        raise NotFound(kind="account")
    return found


def recoverable_for(actor: Actor, at: datetime) -> QuerySet[Account]:
    """The accounts whose lost factors the actor can help to recover: not their own."""
    require(actor, "accounts.recover")
    return in_scope(actor, at).exclude(staff=actor.staff)


def recoveries_for(actor: Actor, at: datetime) -> QuerySet[FactorRecovery]:
    """The recoveries that the actor can agree to now, the ones that end soonest first."""
    require(actor, "accounts.recover")
    visible = FactorRecovery.objects.visible_to(actor, at)
    waiting = FactorRecovery.objects.open_at(at)
    return visible.filter(pk__in=waiting).select_related("account__staff").order_by("ends_at")


def recovery_for(actor: Actor, pk: UUID, at: datetime) -> FactorRecovery:
    """One recovery, or NotFound."""
    return fetch(FactorRecovery.objects, actor, pk, needs="accounts.recover", at=at)


def own_sessions(account: UUID) -> QuerySet[Session]:
    """The sessions of an account, the newest use first."""
    return Session.objects.filter(account_id=account).order_by("-last_seen_at")


def open_code(account: Account, at: datetime) -> PasswordCode | None:
    """The code with which the owner can still set a password, if one is out."""
    return account.password_codes.filter(used_at__isnull=True, ends_at__gt=at).first()


def last_recovery_code(account: UUID) -> datetime | None:
    """When a recovery code was last used: the owner may have lost a factor."""
    codes = Authenticator.objects.filter(user_id=account, type=Factor.RECOVERY_CODES)
    return codes.values_list("last_used_at", flat=True).first()


def enrolled_factors(account: UUID, *, without: int | None = None) -> set[str]:
    """The kinds of devices that are enrolled; recovery codes are none.

    Args:
        without: id of a device to leave out.
    """
    devices = Authenticator.objects.filter(user_id=account).exclude(type=Factor.RECOVERY_CODES)
    return set(devices.exclude(pk=without).values_list("type", flat=True))


def key_demanded(account: Account, posts: Sequence[Post]) -> bool:
    """Whether any of somebody's posts demands a security key: it then holds for all of them.

    Not of the invented people of a demonstration: who tries it out has no key of theirs.
    """
    is_demanded = any(role(post.role).second_factor is SecondFactor.KEY for post in posts)
    if not is_demanded or not settings.KEY_WAIVER:
        return is_demanded
    return not import_string(settings.KEY_WAIVER)(account)


def idle_of(posts: Sequence[Post]) -> timedelta:
    """How long a session of somebody with these posts may rest: the strictest of them decides."""
    return min((timedelta(minutes=role(post.role).idle_minutes) for post in posts), default=IDLE)


def current_posts(account: Account, at: datetime) -> list[Post]:
    """The posts in force that the owner of an account can act under."""
    return list(posts_held(account.staff_id, at))


def actor_at(account: Account, post: Post, proved: Shown) -> Actor:
    """The actor that somebody is under one of their posts."""
    return Actor(
        role=post.role,
        region=post.region,
        permissions=frozenset(role(post.role).may),
        staff=account.staff_id,
        unit=post.unit_id,
        account=account.pk,
        post=post.pk,
        authenticated_at=moment(proved.factor_at),
    )


def owner_of(account: Account) -> Actor:
    """The owner of an account, for acts on the account itself, that need no post."""
    return Actor(
        role=OWNER,
        region=account.staff.region,
        staff=account.staff_id,
        account=account.pk,
    )


def moment(seconds: float | None) -> datetime | None:
    """Seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def in_scope(actor: Actor, at: datetime) -> QuerySet[Account]:
    """The accounts of the staff in the actor's region, whatever they may do with them."""
    staff = Staff.objects.visible_to(actor, at)
    return Account.objects.filter(staff__in=staff).select_related("staff").order_by("login")
