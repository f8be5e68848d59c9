"""The views behind the buttons of state machines: one move, sent from the record's own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reunion.base.actor import Actor
from reunion.base.audit.forms import MoveForm
from reunion.base.errors import REFUSED, ChangedMeanwhile, ReunionError
from reunion.base.permissions.declare import ActorRequest, DeclaredView, needs
from reunion.base.transitions import Machine, Move

Make = Callable[[Actor, UUID, int, str, str, datetime], object]
"""Makes a move: actor, record, version that was shown, name of the move, reason, moment."""

Sentence = Callable[[ReunionError], Promise]
"""What the pages of a room say about a refused act."""


def buttons(
    machine: Machine[Any], page: str, make: Make, sentence: Sentence
) -> dict[str, DeclaredView[...]]:
    """A view for each move that people make and that needs no page of its own.

    Args:
        page: name of the address of the record's page, which says what was refused and why.
    """
    return {
        move.name: _button(move, page, make, sentence)
        for move in machine.moves
        if move.needs and not move.page
    }


def _button(move: Move[Any], page: str, make: Make, sentence: Sentence) -> DeclaredView[...]:
    @needs(move.needs)
    @require_POST
    def move_view(request: ActorRequest, pk: UUID) -> HttpResponseBase:
        form = MoveForm(request.POST)
        if form.is_valid():
            shown = form.cleaned_data
            at = timezone.now()
            try:
                make(request.actor, pk, shown["version"], move.name, shown["reason"], at)
            except ChangedMeanwhile as error:
                if shown["reason"]:  # it is not typed twice
                    form.initial = {"version": error.now}
                    form.tell_what_changed()
                    context = {"form": form, "move": move.name, "back": reverse(page, args=[pk])}
                    return render(request, "move.html", context)
                messages.error(request, str(sentence(error)))
            except REFUSED as error:
                messages.error(request, str(sentence(error)))
        else:
            messages.error(
                request, _("Nothing was done: the form was incomplete. Please send it once more.")
            )
        return redirect(page, pk=pk)

    return move_view
