"""What competing processes do in the tests of races; each function is the whole of one process."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from reunion.base.actor import system
from reunion.base.approvals.actions import approved
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import NotApproved
from reunion.base.assignments.actions import advance
from reunion.base.assignments.escalation import escalate_overdue
from reunion.base.assignments.models import Assignment
from reunion.base.errors import ChangedMeanwhile, MoveRefused
from reunion.base.units.models import Unit
from tests.base.assigned import days_later, ground, issued, of, terms_for
from tests.base.two_people import (
    COUNTY,
    SHOWN,
    approved_by,
    holding_everything,
    proposed,
    record_at,
)
from tests.cast import NOW, acting

EACH = 20
"""How many things the processes compete for."""


def prepare() -> str:
    """Approved proposals and issued tasks; gives their ids."""
    officer, head = holding_everything(COUNTY), holding_everything(COUNTY)
    proposals = [approved_by(head, proposed(officer, record_at())) for _ in range(EACH)]
    here = ground()
    tasks = [issued(of(here.prefecture), terms_for(here.county)) for _ in range(EACH)]
    ids = {"proposals": [str(p.pk) for p in proposals], "tasks": [str(t.pk) for t in tasks]}
    return json.dumps(ids)


def wait_for_the_others(number: str) -> None:
    """Say that this process is ready, and begin when all are."""
    home = Path(os.environ["REUNION_HOME"])
    (home / f"ready-{number}").touch()
    while not (home / "go").exists():
        time.sleep(0.002)


def use_all(number: str, ids: str) -> int:
    """Try to use every approval; gives how many this process got."""
    proposals = [Proposal.objects.unscoped().get(pk=pk) for pk in json.loads(ids)["proposals"]]
    subjects = [Unit.objects.unscoped().get(pk=proposal.subject) for proposal in proposals]
    wait_for_the_others(number)
    got = 0
    for proposal, subject in zip(proposals, subjects, strict=True):
        proposer = replace(acting("officer", COUNTY), staff=proposal.proposer_staff)
        try:
            approved(actor=proposer, act=proposal.act, subject=subject, shown=SHOWN, at=NOW)
            got += 1
        except NotApproved:
            pass
    return got


def accept_all(number: str, ids: str) -> int:
    """Try to accept every task, with the version that was shown; gives how many it got."""
    tasks = [UUID(pk) for pk in json.loads(ids)["tasks"]]
    task = Assignment.objects.unscoped().select_related("lead").get(pk=tasks[0])
    assert task.lead is not None
    lead = of(task.lead)
    wait_for_the_others(number)
    got = 0
    for pk in tasks:
        try:
            advance(actor=lead, assignment_id=pk, version=2, move="accept", at=NOW)
            got += 1
        except (ChangedMeanwhile, MoveRefused):
            pass
    return got


def escalate_all(number: str, ids: str) -> int:
    """Escalate whatever is late; gives how many steps up this process took."""
    wait_for_the_others(number)
    return escalate_overdue(actor=system("assignments.escalate"), at=days_later(60))
