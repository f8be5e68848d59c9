"""An act is done once for each Idempotency-Key, however often a program sends it.

The key, the act and the answer are written in one transaction. So a process that dies leaves all of
them or nothing, and of two requests with one key the second waits for the first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from reunion.base.errors import ReunionError
from reunion.base.exchange import problem
from reunion.base.keys.envelope import LONG, Place
from reunion.base.keys.vault import open_with, seal_with
from reunion.base.records import unless_taken
from reunion.base.tokens.models import Answer, ApiToken
from reunion.base.tokens.rules import KEPT, is_key

KEY = "answers"
_HEADERS = ("Content-Type", "ETag", "Location")


class _Taken(ReunionError):
    """There is an answer under this key."""


class _NotDone(Exception):
    """The act was refused: what it wrote goes back, and no answer is kept."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer


def once(
    request: HttpRequest, token: ApiToken, act: Callable[[], HttpResponse], at: datetime
) -> HttpResponse:
    """The answer of an act, or the one that it was given before under the same key.

    A refused act has changed nothing: it is tried anew.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not is_key(key):
        return problem(
            400, "KeyMissing", _("Send an Idempotency-Key of 1 to 255 visible characters.")
        )
    asked = _digest(request)
    try:
        with transaction.atomic():
            token.answers.filter(key=key, at__lte=at - KEPT).delete()
            with unless_taken(_Taken()):
                kept = Answer.objects.create(
                    id=uuid4(), token=token, key=key, request=asked, status=0, body=b"", at=at
                )
            answer = act()
            if answer.status_code >= HTTPStatus.BAD_REQUEST:
                raise _NotDone(answer)
            _keep(kept, answer)
            return answer
    except _NotDone as refused:
        return refused.answer
    except _Taken:
        return _again(token, key, asked)


def _again(token: ApiToken, key: str, asked: bytes) -> HttpResponse:
    kept = token.answers.get(key=key)
    if bytes(kept.request) != asked:
        return problem(422, "KeyUsed", _("This key was used for another act. Take a new one."))
    body = open_with(settings.KEYRING, KEY, bytes(kept.body), _place(kept))
    answer = HttpResponse(body, status=kept.status)
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


def _keep(kept: Answer, answer: HttpResponse) -> None:
    kept.status = answer.status_code
    kept.headers = {name: answer[name] for name in _HEADERS if name in answer}
    kept.body = seal_with(settings.KEYRING, KEY, answer.content, _place(kept), block=LONG)
    kept.save(update_fields=["status", "headers", "body"])


def _place(kept: Answer) -> Place:
    return Place("tokens.answer", "body", kept.pk)


def _digest(request: HttpRequest) -> bytes:
    """What makes two requests the same: method, address, version, body."""
    parts = (request.get_full_path(), request.headers.get("If-Match", ""))
    head = "\n".join((str(request.method), *parts, "")).encode()
    return sha256(head + request.body).digest()
