"""Rights of those whose data are kept: consents, requests, clocks, a breach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from reunion.base.rights.actions import (
    extend_request,
    move_clock,
    move_request,
    propose_destruction,
    receive_request,
    record_basis,
    report_breach,
    start_clock,
    withdraw_basis,
)
from reunion.base.rights.models import RetentionClock, RightsRequest
from reunion.base.rights.rules import Basis, RequestKind, Use
from reunion.base.units.pack import day_of
from reunion.demo.models import PracticeCase
from reunion.demo.world import World

OFFICER = "data-protection-officer"
REASON = "合成理由 / Synthetic reason"


def tell_of_rights(
    world: World, cases: Mapping[str, PracticeCase], persons: Sequence[UUID]
) -> None:
    """Write them all."""
    _consents(world, persons)
    _requests(world, persons)
    _clocks(world, cases)
    _breach(world)


def _consents(world: World, persons: Sequence[UUID]) -> None:
    at = world.before(days=35)
    by = world.actor("collector", at)
    made = [
        record_basis(
            actor=by,
            person=person,
            region=by.region,
            use=use,
            basis=Basis.CONSENT,
            given_by=person,
            text_version="demo-1",
            at=at,
        )
        for person, use in zip(persons, (Use.IDENTIFICATION, Use.CONTACT, Use.MEDIA), strict=False)
    ]
    later = world.before(days=3)
    withdraw_basis(actor=world.actor("collector", later), basis_id=made[-1].pk, at=later)


def _requests(world: World, persons: Sequence[UUID]) -> None:
    """One new, one in work, one late, one with more time, one granted."""
    _received(world, RequestKind.SEE, 3)
    _moved(world, _received(world, RequestKind.CORRECT, 10), persons[0], "take_up")
    _received(world, RequestKind.DELETE, 40)
    extended = _received(world, RequestKind.COMPLAINT, 12)
    at = world.before(days=2)
    extend_request(
        actor=world.actor(OFFICER, at),
        request_id=extended.pk,
        version=extended.version,
        reason=REASON,
        at=at,
    )
    granted = _received(world, RequestKind.RESTRICT, 25)
    _moved(world, granted, persons[1], "take_up", "fulfil")


def _received(world: World, kind: RequestKind, days: int) -> RightsRequest:
    at = world.before(days=days)
    region = world.units["province-police"].region
    by = world.actor(OFFICER, at)
    return receive_request(actor=by, kind=kind, region=region, received=day_of(at), at=at)


def _moved(world: World, request: RightsRequest, person: UUID, *moves: str) -> None:
    """Show the identity, then move on; a day between two moves."""
    at = world.before(days=9)
    for number, move in enumerate(("show_identity", *moves)):
        moment = at + timedelta(days=number)
        request = move_request(
            actor=world.actor(OFFICER, moment),
            request_id=request.pk,
            version=request.version,
            move=move,
            reason=REASON if move == "fulfil" else "",
            person=person if move == "show_identity" else None,
            at=moment,
        )


def _clocks(world: World, cases: Mapping[str, PracticeCase]) -> None:
    """One ticks, one is held, one has run out and its destruction is proposed."""
    _started(world, cases["street"], "unverified_tip", 45)
    held = _started(world, cases["export"], "family_sample", 45)
    at = world.before(days=20)
    move_clock(
        actor=world.actor(OFFICER, at),
        clock_id=held.pk,
        version=held.version,
        move="hold",
        reason=REASON,
        at=at,
    )
    over = _started(world, cases["far"], "family_sample", 45)
    at = world.before(hours=10)
    propose_destruction(
        actor=world.actor(OFFICER, at),
        clock_id=over.pk,
        version=over.version,
        reason=REASON,
        at=at,
    )


def _started(world: World, case: PracticeCase, retention: str, days: int) -> RetentionClock:
    at = world.before(days=days)
    by = world.actor(OFFICER, at)
    return start_clock(actor=by, subject=case, retention=retention, starts=day_of(at), at=at)


def _breach(world: World) -> None:
    at = world.before(hours=4)
    by = world.actor("case-officer", at)
    what = "合成事件：打印件遗失 / Synthetic: a printed page was lost"
    report_breach(actor=by, region=by.region, what=what, found_at=at, at=at, persons_at_most=3)
