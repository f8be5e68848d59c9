"""Builders for tests of the interface for programs. All people and agencies are synthetic."""

from __future__ import annotations

import json
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.actor import Purpose
from reunion.base.tokens.actions import Wish, issue_token
from reunion.base.tokens.rules import allowable
from reunion.base.units.access import posts_held
from reunion.base.units.models import Post
from reunion.base.units.pack import role
from tests.base.signing_in import COUNTY, Answer, member, police


def wish(*permissions: str, purpose: Purpose = Purpose.INSPECTION, days: int = 30) -> Wish:
    """What a token is to be."""
    return Wish("Synthetic program", purpose, frozenset(permissions), days)


def post_of(account: Account) -> Post:
    """Somebody's first post."""
    return posts_held(account.staff_id, timezone.now())[0]


def token_for(account: Account, *permissions: str) -> str:
    """A token of somebody's first post; with all that it can have, where nothing is named."""
    post = post_of(account)
    allowed = permissions or tuple(allowable(role(post.role).may))
    at = timezone.now()
    return issue_token(account=account, post_id=post.pk, wish=wish(*allowed), at=at)[1]


class Program(Client):
    """A program that sends its token with each request."""

    def __init__(self, token: str) -> None:
        headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
        super().__init__(headers=headers, SERVER_NAME="localhost")

    def read(self, address: str, **headers: str) -> Answer:
        """A GET; `if_none_match` and its like are headers."""
        return self.get(f"/api/{address}", headers=_headers(headers))

    def write(self, address: str, body: object = None, **headers: str) -> Answer:
        """A POST, with an Idempotency-Key of its own where none is given."""
        sent = {"Idempotency-Key": uuid4().hex} | _headers(headers)
        text = json.dumps({} if body is None else body)
        return self.post(f"/api/{address}", text, "application/json", headers=sent)


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").title(): value for name, value in named.items()}


def program(login: str = "deng", role: str = "case_leader") -> Program:
    """The program of somebody of the county."""
    return Program(token_for(member(login, role=role)))


def draft() -> dict[str, object]:
    """What a program sends to draft a task that its own unit leads."""
    return {
        "kind": "task",
        "title": "Look again at the synthetic case",
        "scope": COUNTY,
        "completion": "The file has a new report",
        "lead": str(police().pk),
        "working_days": 10,
    }
