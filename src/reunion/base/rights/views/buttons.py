"""What the pages of records with a state machine share: refusals and buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from reunion.base.actor import Actor
from reunion.base.audit.forms import MoveForm
from reunion.base.errors import ChangedMeanwhile, MoveRefused, RuleBroken
from reunion.base.permissions.barred import Implicated
from reunion.base.permissions.declare import ActorRequest, DeclaredView, needs
from reunion.base.rights.words import sentence
from reunion.base.transitions import Machine

REFUSED = (RuleBroken, ChangedMeanwhile, MoveRefused, Implicated)
"""What a page says in a sentence; all else looks like missing."""

Make = Callable[[Actor, UUID, int, str, str, datetime], object]
"""Makes a move: actor, record, version that was shown, name of the move, reason, moment."""


def buttons(machine: Machine[Any], page: str, make: Make) -> dict[str, DeclaredView[...]]:
    """A view for each move that people make and that needs no page of its own.

    Args:
        page: name of the address to come back to.
    """
    return {
        move.name: _button(move.name, move.needs, page, make)
        for move in machine.moves
        if move.needs and not move.page
    }


def _button(name: str, permission: str, page: str, make: Make) -> DeclaredView[...]:
    @needs(permission)
    @require_POST
    def move_view(request: ActorRequest, pk: UUID) -> HttpResponseBase:
        form = MoveForm(request.POST)
        if form.is_valid():
            shown = form.cleaned_data
            try:
                make(request.actor, pk, shown["version"], name, shown["reason"], timezone.now())
            except REFUSED as error:
                messages.error(request, str(sentence(error)))
        return redirect(page, pk=pk)

    return move_view
