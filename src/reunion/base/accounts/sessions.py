"""Where sessions are kept: Django's engine over `Session`, with hashed keys and sealed data."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from reunion.base.accounts.models import SESSION_DATA, Session
from reunion.base.accounts.rules import ABSOLUTE
from reunion.base.keyring import KeyMissing
from reunion.base.keys.envelope import EnvelopeUnknown, Place
from reunion.base.keys.vault import open_with, seal_with

KEY = "sessions"
STARTED, POST, DEVICE = "started", "post", "device"
"""What a session holds of ours: when its sign-in was, the post chosen, the kind of device."""


def hash_of(key: str) -> bytes:
    """What is kept of a cookie's value."""
    return hashlib.sha256(key.encode()).digest()


class SessionStore(SessionBase):
    """One session. A session whose row was deleted is over, and a late request cannot revive it."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None

    def load(self) -> dict[str, Any]:  # Any: as Django has it
        self.row = self._rows().first()
        if self.row is None:
            self._session_key = None
            return {}
        try:
            text = open_with(settings.KEYRING, KEY, bytes(self.row.data), _place(self.row.pk))
        except (EnvelopeUnknown, KeyMissing):  # its key was taken away: sign in anew
            self._session_key = self.row = None
            return {}
        return cast(dict[str, Any], json.loads(text))

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # Django's own
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the same
        if must_create:
            return self._insert(data)
        row = self.row or self._rows().first()
        if row is None or not self._rows().update(**_columns(row.pk, data)):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Django's command; ours is the duty accounts.actions.forget_stale."""
        Session.objects.filter(started_at__lte=timezone.now() - ABSOLUTE).delete()

    def _rows(self) -> Any:  # a QuerySet, whose type cannot be named while Django sets up
        return Session.objects.filter(key_hash=hash_of(self.session_key or ""))

    def _insert(self, data: dict[str, Any]) -> None:
        pk, now = uuid4(), timezone.now()
        started = data.get(STARTED)
        try:
            with transaction.atomic():
                self.row = Session.objects.create(
                    pk=pk,
                    key_hash=hash_of(self.session_key or ""),
                    started_at=datetime.fromtimestamp(started, UTC) if started else now,
                    last_seen_at=now,
                    **_columns(pk, data),
                )
        except IntegrityError as error:
            raise CreateError from error


def _columns(pk: UUID, data: dict[str, Any]) -> dict[str, Any]:
    """What the list of sessions shows, drawn out of the data."""
    account, post = data.get(SESSION_KEY), data.get(POST)
    text = json.dumps(data).encode()
    return {
        "data": seal_with(settings.KEYRING, KEY, text, _place(pk), block=SESSION_DATA),
        "account_id": UUID(account) if account else None,
        "post": UUID(post) if post else None,
        "device": data.get(DEVICE, ""),
    }


def _place(pk: UUID) -> Place:
    return Place("accounts.session", "data", pk)
