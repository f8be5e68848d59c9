"""Asking for a large export, and taking it once somebody of another unit has approved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from reunion.base.actor import Actor, Purpose
from reunion.base.approvals.actions import approved, propose
from reunion.base.approvals.rules import LAPSES_AFTER
from reunion.base.audit.actions import record
from reunion.base.audit.rules import Canonical
from reunion.base.errors import NotFound, NotPermitted, RuleBroken
from reunion.base.exports.access import place_of
from reunion.base.exports.models import LargeExport
from reunion.base.exports.rules import ACT, LARGEST, PROPOSE
from reunion.base.keys.vault import seal_with
from reunion.base.lists import MOST
from reunion.base.permissions.decide import require
from reunion.base.records import locked
from reunion.base.searches.access import KEY
from reunion.base.searches.rules import parts


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list as the asker saw it.

    Args:
        file: its name; `title`: what its page calls it.
        address: of the page, with all that was searched and chosen.
        columns: code and words of each.
        rows: how many there were.
    """

    file: str
    title: str
    address: str
    columns: Sequence[tuple[str, str]]
    rows: int


@transaction.atomic
def ask_for_export(
    *, actor: Actor, wanted: Wanted, purpose: Purpose, case: str, reason: str, at: datetime
) -> LargeExport:
    """Ask to take a list along that has more rows than one person takes alone.

    Raises:
        NotPermitted: the role may not ask.
        RuleBroken: the list is small enough, or too long for one file; one's own case has no
            name; or what `propose` says.
    """
    require(actor, PROPOSE)
    if actor.staff is None:
        raise NotPermitted(needs=PROPOSE)
    if wanted.rows <= MOST:
        raise RuleBroken(rule="export_is_large")
    require_end(wanted.rows)
    if purpose is Purpose.OWN_CASE and not case:
        raise RuleBroken(rule="own_case_names_its_case")
    page, query = parts(wanted.address)
    export = LargeExport(
        region=actor.region,
        staff=actor.staff,
        file=wanted.file,
        title=wanted.title,
        page=page,
        columns=[list(one) for one in wanted.columns],
        rows=wanted.rows,
        purpose=purpose,
        case=case,
        asked_at=at,
    )
    export.sealed = seal_with(settings.KEYRING, KEY, query.encode(), place_of(export))
    export.save(force_insert=True)
    stated, counted = actor.stating(purpose, case), _counted(wanted.file, wanted.rows)
    record(actor=stated, act="ask_for_export", subject=export, at=at, after=counted)
    propose(actor=stated, act=ACT, subject=export, shown=export.facts, reason=reason, at=at)
    return export


@transaction.atomic
def take_export(
    *, actor: Actor, export_id: UUID, columns: Sequence[str], rows: int, at: datetime
) -> LargeExport:
    """Use the approval, for the list as the asker may see it now. It is given once.

    Args:
        columns: their codes.
        rows: how many there are now.

    Raises:
        NotFound: there is none that this actor asked for.
        RuleBroken: the list has other columns than were approved, or grew too long.
        NotApproved: nobody approved it, or it was taken, or the seven days are over.
    """
    require(actor, PROPOSE)
    export = locked(LargeExport.objects.visible_to(actor, at), export_id)
    if actor.staff != export.staff:
        raise NotFound(kind="largeexport")
    if list(columns) != [code for code, _ in export.columns]:
        raise RuleBroken(rule="changed")
    require_end(rows)
    approved(actor=actor, act=ACT, subject=export, shown=export.facts, at=at)
    export.taken_at, export.taken_rows, export.sealed = at, rows, None
    export.save_changes("taken_at", "taken_rows", "sealed")
    stated = actor.stating(Purpose(export.purpose), export.case)
    record(actor=stated, act="export", subject=export, at=at, after=_counted(export.file, rows))
    return export


def forget_filters(*, at: datetime) -> int:
    """Forget by what a list was filtered that nobody can take any more; how many there were."""
    return LargeExport.objects.unscoped().with_filter_from(at - LAPSES_AFTER).update(sealed=None)


def require_end(rows: int) -> None:
    """Refuse a list that is too long for one file.

    Raises:
        RuleBroken: it is.
    """
    if rows > LARGEST:
        raise RuleBroken(rule="export_has_an_end")


def _counted(file: str, rows: int) -> Canonical:
    return {"list": file, "rows": rows}
