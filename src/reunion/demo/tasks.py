"""Assignments of the demonstration: new, soon due, late, disputed, answered, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from reunion.base.assignments.actions import (
    advance,
    confirm,
    draft_assignment,
    issue,
    report_progress,
    report_result,
)
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import Kind, Outcome, Terms
from reunion.base.units.pack import day_of, jurisdiction, start_of
from reunion.demo.world import World

DONE = "合成结果：已核查 / Synthetic result: looked into"


def tell(world: World) -> None:
    """Write them all."""
    _a_cascade_that_is_late(world)
    _on_their_way(world)
    _ended(world)
    _requests_between_counties(world)


def _a_cascade_that_is_late(world: World) -> None:
    """The city is late, since a county is; one report of progress came in, others are missing."""
    whole = _given(world, "supervisor-2", "city-police", "重查旧案", 30, -6, report_every=5)
    whole = _moved(world, "supervisor", whole, 29, "accept", "start")
    calendar = jurisdiction().calendar
    day = whole.report_days(calendar)[0]
    at = start_of(day) + timedelta(hours=2)
    report_progress(
        actor=world.actor("supervisor", at),
        assignment_id=whole.pk,
        day=day,
        text="合成进展：已分解到县 / Synthetic progress: handed on to the county",
        calendar=calendar,
        at=at,
    )
    part = _given(world, "supervisor", "county-police", "重查旧案（县）", 27, -10, parent=whole.pk)
    _moved(world, "case-officer", part, 26, "accept", "start")


def _on_their_way(world: World) -> None:
    soon = _given(world, "secretariat", "province-police", "报送季度情况", 5, 3)
    _moved(world, "supervisor-2", soon, 4, "accept")
    _given(world, "supervisor", "neighbour-police", "走访汽车站", 1, 15)
    _given(world, "supervisor", "county-police", "核对采血登记", 2, 2)
    disputed = _given(world, "supervisor", "county-police", "补录人员信息", 6, 10)
    reason = "合成理由：不属本县 / Synthetic: it is not of this county"
    _moved(world, "case-officer", disputed, 5, "dispute", reason=reason)
    reported = _given(world, "secretariat", "city-laboratory", "清理积压检材", 12, 10)
    reported = _moved(world, "laboratory-analyst", reported, 11, "accept", "start")
    _reported(world, "laboratory-analyst", reported, 1)


def _ended(world: World) -> None:
    ended = _given(world, "supervisor", "county-police", "走访学校", 40, -20)
    ended = _moved(world, "case-officer", ended, 39, "accept", "start")
    ended = _reported(world, "case-officer", ended, 30)
    at = world.before(days=28)
    ended = confirm(
        actor=world.actor("supervisor", at), assignment_id=ended.pk, version=ended.version, at=at
    )
    _moved(world, "supervisor", ended, 27, "close")


def _requests_between_counties(world: World) -> None:
    """One new, one late, one refused, of which the unit above was told."""
    ask = Kind.REQUEST
    _given(world, "case-leader", "far-county-police", "协查：请核实住址", 4, 8, kind=ask)
    late = _given(world, "case-leader-2", "county-police", "协查：请走访亲属", 20, -2, kind=ask)
    _moved(world, "case-leader", late, 18, "accept")
    refused = _given(world, "case-leader", "neighbour-police", "协查：请调取录像", 15, 5, kind=ask)
    _reported(world, "case-officer-3", refused, 12, Outcome.REFUSED)


def _given(
    world: World,
    issuer: str,
    lead: str,
    title: str,
    days: int,
    due: int,
    *,
    kind: Kind = Kind.TASK,
    parent: UUID | None = None,
    report_every: int = 0,
) -> Assignment:
    """Issued so many days ago, and due so many days from now."""
    at = world.before(days=days)
    unit = world.units[lead]
    terms = Terms(
        title=f"合成任务：{title}",
        scope=unit.region,
        completion="有一份报告 / There is a report",
        description="本任务为合成数据。Synthetic, for practice.",
        lead=unit.pk,
        due=day_of(world.at) + timedelta(due),
        report_every=report_every,
        parent=parent,
    )
    by = world.actor(issuer, at)
    draft = draft_assignment(actor=by, kind=kind, terms=terms, at=at)
    return issue(
        actor=by,
        assignment_id=draft.pk,
        version=draft.version,
        calendar=jurisdiction().calendar,
        at=at,
    )


def _moved(
    world: World, login: str, assignment: Assignment, days: int, *moves: str, reason: str = ""
) -> Assignment:
    at = world.before(days=days)
    for number, move in enumerate(moves):
        moment: datetime = at + timedelta(hours=number)
        assignment = advance(
            actor=world.actor(login, moment),
            assignment_id=assignment.pk,
            version=assignment.version,
            move=move,
            reason=reason,
            at=moment,
        )
    return assignment


def _reported(
    world: World, login: str, assignment: Assignment, days: int, outcome: Outcome = Outcome.DONE
) -> Assignment:
    at = world.before(days=days)
    result = DONE
    if outcome is Outcome.REFUSED:
        result = "合成理由：录像已过保存期 / Synthetic: the recording is no longer kept"
    return report_result(
        actor=world.actor(login, at),
        assignment_id=assignment.pk,
        version=assignment.version,
        outcome=outcome,
        result=result,
        at=at,
    )
