"""What each view declares: who may reach it. A view without a declaration is refused.

    @needs("units.see")
    def unit_list(request: ActorRequest) -> HttpResponse: ...

The declaration stands on the view as `view.declared`, where the gate (accounts.middleware) and the
access matrix read it. Whoever lacks the permission is told that there is no such page, whatever
the method; then comes the method (405), which tells nothing of a record; then the record (404).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from reunion.base.actor import CASE_LENGTH, Actor, Purpose
from reunion.base.errors import PurposeMissing

P = ParamSpec("P")


METHODS = ("GET", "HEAD", "POST")
"""What a page can be asked by; a view may say less with Django's `require_...`, never more."""


class Reach(StrEnum):
    """How far somebody must have come to reach a view."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PERMITTED = "permitted"
    TOKEN = "token"  # noqa: S105  # a word, not a secret


@dataclass(frozen=True, slots=True)
class Declared:
    """What a view says of itself.

    Args:
        reach: how far somebody must have come.
        permission: which permission the post must hold, where it must hold one.
        purpose: the view opens only to those who state a purpose.
        while_enrolling: it is also for those who have no second factor yet: they may do this alone.
        while_proving: it is also for those who have yet to show their second factor.
        by_method: of an address for programs: its methods, each with the permission that the token
            must hold; blank: any token will do.
    """

    reach: Reach
    permission: str = ""
    purpose: bool = False
    while_enrolling: bool = False
    while_proving: bool = False
    by_method: tuple[tuple[str, str], ...] = ()

    def needed(self, method: str) -> str | None:
        """Of an address for programs: what a method needs; None: there is no such method."""
        return dict(self.by_method).get("GET" if method == "HEAD" else method)

    def is_for(self, held: Collection[str]) -> bool:
        """Of an address for programs: whether these permissions open any of its methods."""
        return any(needed in held or not needed for _, needed in self.by_method)


class ActorRequest(HttpRequest):
    """A request behind the gate: it carries the actor."""

    actor: Actor


class DeclaredView(Protocol[P]):
    """A view that says who may reach it."""

    declared: Declared

    def __call__(
        self, request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase: ...


BehindGate = Callable[Concatenate[ActorRequest, P], HttpResponseBase]
Plain = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(permission: str, *, purpose: bool = False) -> Callable[[BehindGate[P]], DeclaredView[P]]:
    """For posts that hold the permission; with `purpose`, for those who also state one.

    A purpose and its case come with the form, or with the address of a page that is only read.

    Raises:
        Http404: the post lacks the permission; as if there were no such page.
        PurposeMissing: none was stated, or none that is known, or its case is no short text.
    """

    def declare(view: BehindGate[P]) -> DeclaredView[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None or not actor.may(permission):
                raise Http404
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            behind = cast(ActorRequest, request)
            if purpose:
                behind.actor = _stated(request, actor, permission)
            return view(behind, *args, **kwargs)

        return _declared(checked, Declared(Reach.PERMITTED, permission, purpose))

    return declare


def public() -> Callable[[Plain[P]], DeclaredView[P]]:
    """For everybody, signed in or not."""
    return lambda view: _declared(_wrapped(view), Declared(Reach.PUBLIC))


def signed_in(
    *, while_enrolling: bool = False, while_proving: bool = False
) -> Callable[[Plain[P]], DeclaredView[P]]:
    """For everybody who is signed in, whatever their post: pages about their own account."""
    declared = Declared(
        Reach.SIGNED_IN, while_enrolling=while_enrolling, while_proving=while_proving
    )
    return lambda view: _declared(_wrapped(view), declared)


def declared_of(view: object) -> Declared | None:
    """What a view declares, if it does."""
    return getattr(view, "declared", None)


def _stated(request: HttpRequest, actor: Actor, permission: str) -> Actor:
    fields = request.POST if request.method == "POST" else request.GET
    try:
        purpose = Purpose(fields.get("purpose", ""))
    except ValueError as error:
        raise PurposeMissing(needs=permission) from error
    case = fields.get("case", "")
    if len(case) > CASE_LENGTH or "\0" in case:  # neither fits into the entry of the audit trail
        raise PurposeMissing(needs=permission)
    return actor.stating(purpose, case)


def _wrapped(view: Plain[P]) -> Plain[P]:
    @wraps(view)
    def passed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return view(request, *args, **kwargs)

    return passed


def _declared(view: Plain[P], declared: Declared) -> DeclaredView[P]:
    view.declared = declared  # type: ignore[attr-defined]  # functions carry them
    return cast(DeclaredView[P], view)
