"""The way from a request to large exports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from reunion.base.actor import Actor
from reunion.base.approvals.models import Proposal
from reunion.base.exports.models import LargeExport
from reunion.base.exports.rules import ACT, APPROVE
from reunion.base.keys.envelope import Place
from reunion.base.keys.vault import open_with
from reunion.base.permissions.decide import fetch
from reunion.base.searches.access import KEY

SEE = "approvals.see"


def export_for(actor: Actor, pk: UUID, at: datetime) -> LargeExport:
    """One large export, or NotFound."""
    return fetch(LargeExport.objects, actor, pk, needs=SEE, at=at)


def query_for(actor: Actor, export: LargeExport) -> str | None:
    """By what its list is filtered, as in its address: for the asker, and those who may approve.

    Returns:
        None: it is not for this actor, or was forgotten.
    """
    if export.sealed is None or not (actor.staff == export.staff or actor.may(APPROVE)):
        return None
    opened = open_with(settings.KEYRING, KEY, bytes(export.sealed), place_of(export))
    return opened.decode()


def proposal_of(export: LargeExport) -> Proposal:
    """The proposal with which it was asked for."""
    return Proposal.objects.unscoped().get(
        act=ACT, kind=LargeExport._meta.label_lower, subject=export.pk
    )


def place_of(export: LargeExport) -> Place:
    """Where the sealed filter of an export belongs."""
    return Place("exports.largeexport", "sealed", export.pk)
