"""The way from a request to tokens, and from a token to its actor."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from reunion.base.accounts.models import Account
from reunion.base.actor import Actor, Purpose
from reunion.base.keyring import Keyring
from reunion.base.permissions.decide import require
from reunion.base.tokens.models import ApiToken
from reunion.base.tokens.rules import allowable, token_in
from reunion.base.units.access import posts_held
from reunion.base.units.pack import role

ADMINISTER = "tokens.administer"
KEY = "tokens"


def token_of(authorization: str, at: datetime) -> ApiToken | None:
    """The token of a header, if it is good at a moment.

    So it is while its post is held, and its holder has an account that is open and is not paused.
    """
    text, ring = token_in(authorization), _ring()
    if not text:
        return None
    digests = [digest_of(ring.key(KEY, version), text) for version in ring.versions(KEY)]
    known = ApiToken.objects.unscoped().filter(digest__in=digests)
    found = known.select_related("post__staff").first()
    if found is None or not found.is_open(at):
        return None
    holder = found.post.staff
    is_held = posts_held(holder.pk, at).filter(pk=found.post_id).exists()
    has_account = Account.objects.filter(staff=holder, is_active=True).exists()
    return found if is_held and has_account and not holder.is_paused(at) else None


def actor_of(token: ApiToken) -> Actor:
    """The actor that a program is: that of the post, with less. The trail names the token."""
    post = token.post
    return Actor(
        role=post.role,
        region=post.region,
        permissions=allowable(role(post.role).may) & frozenset(token.permissions),
        staff=post.staff_id,
        unit=post.unit_id,
        account=token.pk,
        post=post.pk,
        purpose=Purpose(token.purpose),
        case=token.case,
    )


def own_tokens(staff: UUID) -> QuerySet[ApiToken]:
    """Somebody's own tokens, of all their posts, the newest first."""
    own = ApiToken.objects.unscoped().filter(post__staff=staff)
    return own.select_related("post__unit").order_by("-issued_at", "pk")


def tokens_for(actor: Actor, at: datetime) -> QuerySet[ApiToken]:
    """The tokens of posts in the actor's region, the newest first."""
    require(actor, ADMINISTER)
    visible = ApiToken.objects.visible_to(actor, at)
    return visible.select_related("post__unit", "post__staff").order_by("-issued_at", "pk")


def digest_of(key: bytes, text: str) -> bytes:
    """What is kept of a token."""
    return hmac.new(key, text.encode(), sha256).digest()


def newest_digest(text: str) -> bytes:
    """The same, under the newest version of the key."""
    ring = _ring()
    return digest_of(ring.key(KEY, ring.newest(KEY)), text)


def _ring() -> Keyring:
    ring: Keyring = settings.KEYRING
    return ring
