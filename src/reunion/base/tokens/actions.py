"""Issuing, fetching and revoking tokens; noting their use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from reunion.base.accounts.access import owner_of
from reunion.base.accounts.models import Account
from reunion.base.actor import Actor, Purpose
from reunion.base.audit.actions import record
from reunion.base.errors import RuleBroken
from reunion.base.permissions.decide import require
from reunion.base.records import locked
from reunion.base.tokens.access import ADMINISTER, actor_of, newest_digest, own_tokens
from reunion.base.tokens.models import Answer, ApiToken
from reunion.base.tokens.rules import KEPT, LONGEST, PURPOSES, allowable, new_token
from reunion.base.units.access import posts_held
from reunion.base.units.models import Post
from reunion.base.units.pack import day_of, role


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is to be.

    Args:
        label: the program that will hold it.
        permissions: a part of what its post may do.
        days: how long it lasts, 1 to 90.
    """

    label: str
    purpose: Purpose
    permissions: frozenset[str]
    days: int
    case: str = ""


@transaction.atomic
def issue_token(
    *, account: Account, post_id: UUID, wish: Wish, at: datetime
) -> tuple[ApiToken, str]:
    """Issue a token for one of one's own posts.

    Returns:
        The token's record, and the token, which is kept nowhere.

    Raises:
        NotFound: the owner of the account does not hold the post.
        RuleBroken: names what the wish breaks.
    """
    post = locked(posts_held(account.staff_id, at), post_id)
    token = _issued(owner_of(account), post, wish, at)
    return token, _fetched(owner_of(account), token, at)


@transaction.atomic
def grant_token(*, actor: Actor, post_id: UUID, wish: Wish, at: datetime) -> ApiToken:
    """Grant a token to somebody else's post, whose holder alone fetches it.

    Raises:
        NotPermitted: the actor may not administer tokens.
        NotFound: there is no such post in the actor's region.
        RuleBroken: names what the wish breaks; nobody grants themselves.
    """
    require(actor, ADMINISTER)
    post = locked(Post.objects.visible_to(actor, at), post_id)
    if post.staff_id == actor.staff:
        raise RuleBroken(rule="token_of_somebody_else")
    if not posts_held(post.staff_id, at).filter(pk=post.pk).exists():
        raise RuleBroken(rule="token_of_a_post_that_is_held")
    return _issued(actor, post, wish, at)


@transaction.atomic
def fetch_token(*, account: Account, token_id: UUID, at: datetime) -> str:
    """Make the token that was granted, for the holder of the post; once.

    Raises:
        NotFound: there is none of the owner of the account.
        RuleBroken: it was fetched before, or is over.
    """
    token = locked(own_tokens(account.staff_id), token_id)
    if token.digest is not None or not token.is_open(at):
        raise RuleBroken(rule="token_is_fetched_once")
    return _fetched(owner_of(account), token, at)


@transaction.atomic
def revoke_own(*, account: Account, token_id: UUID, at: datetime) -> ApiToken:
    """Revoke one of one's own tokens; from now on it is good for nothing.

    Raises:
        NotFound: there is none of the owner of the account.
    """
    return _revoked(owner_of(account), locked(own_tokens(account.staff_id), token_id), at)


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: UUID, at: datetime) -> ApiToken:
    """Revoke a token of the region.

    Raises:
        NotPermitted: the actor may not administer tokens.
        NotFound: there is none in the actor's region.
    """
    require(actor, ADMINISTER)
    return _revoked(actor, locked(ApiToken.objects.visible_to(actor, at), token_id), at)


@transaction.atomic
def note_use(*, token: ApiToken, at: datetime) -> None:
    """Note the day of a use; the first one of a day is in the audit trail."""
    today = day_of(at)
    used = ApiToken.objects.unscoped().filter(pk=token.pk).exclude(last_used=today)
    if token.last_used != today and used.update(last_used=today):
        record(actor=actor_of(token), act="use_token", subject=token, at=at)


def forget_answers(*, at: datetime) -> int:
    """Delete the answers that are kept no longer; how many there were."""
    return Answer.objects.filter(at__lte=at - KEPT).delete()[0]


def _issued(actor: Actor, post: Post, wish: Wish, at: datetime) -> ApiToken:
    if actor.staff is None:
        raise RuleBroken(rule="token_of_a_person")
    if rule := _obstacle(wish, role(post.role).may):
        raise RuleBroken(rule=rule)
    token = ApiToken.objects.unscoped().create(
        post=post,
        region=post.region,
        label=wish.label,
        purpose=wish.purpose,
        case=wish.case,
        permissions=sorted(wish.permissions),
        issued_by=actor.staff,
        issued_at=at,
        days=wish.days,
    )
    record(
        actor=actor.stating(wish.purpose, wish.case),
        act="issue_token",
        subject=token,
        at=at,
        after={
            "post": str(post.pk),
            "days": wish.days,
            "permissions": " ".join(token.permissions),
        },
    )
    return token


def _obstacle(wish: Wish, may: Collection[str]) -> str:
    """The rule that a wish breaks; empty: none."""
    if not wish.label.strip():
        return "token_says_what_for"
    if wish.purpose not in PURPOSES:
        return "token_purpose"
    if wish.purpose is Purpose.OWN_CASE and not wish.case:
        return "own_case_names_its_case"
    if not 1 <= wish.days <= LONGEST:
        return "token_ends_in_time"
    return "" if wish.permissions <= allowable(may) else "token_within_the_role"


def _fetched(actor: Actor, token: ApiToken, at: datetime) -> str:
    text = new_token()
    token.digest = newest_digest(text)
    token.save_changes("digest")
    record(actor=actor, act="fetch_token", subject=token, at=at)
    return text


def _revoked(actor: Actor, token: ApiToken, at: datetime) -> ApiToken:
    if token.revoked_at is None:
        token.revoked_at = at
        token.save_changes("revoked_at")
        record(actor=actor, act="revoke_token", subject=token, at=at)
    return token
