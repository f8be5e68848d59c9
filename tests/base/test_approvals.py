"""An act that needs two people is done only as the second one saw it, once, and in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from reunion.base.actor import system
from reunion.base.approvals.access import proposal_for
from reunion.base.approvals.actions import (
    approve,
    approved,
    propose,
    refuse,
    settle,
    withdraw,
)
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import LAPSES_AFTER, NotApproved, ProposalState
from reunion.base.audit.models import AuditEntry, Step
from reunion.base.audit.rules import Canonical
from reunion.base.errors import (
    ChangedMeanwhile,
    MoveRefused,
    NotFound,
    NotPermitted,
    RuleBroken,
)
from reunion.base.permissions.actions import grant
from tests.base.two_people import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_PROVINCE,
    PREFECTURE,
    PROVINCE,
    SHOWN,
    approved_by,
    changed,
    fresh,
    holding_everything,
    proposed,
    record_at,
)
from tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T11")]

LATER = NOW + timedelta(days=1)


def test_an_approval_is_used_once() -> None:
    record, officer, head = record_at(), holding_everything(COUNTY), holding_everything(COUNTY)
    proposal = approved_by(head, proposed(officer, record))
    used = approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=LATER)
    assert (used.pk, used.state, used.used_at) == (proposal.pk, ProposalState.USED, LATER)
    with pytest.raises(NotApproved):
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=LATER)


def test_every_move_leaves_a_step_and_an_entry() -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    proposal = approved_by(holding_everything(COUNTY), proposed(officer, record))
    approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=LATER)
    steps = Step.objects.filter(subject=proposal.pk).order_by("id")
    assert [(step.move, step.reason) for step in steps] == [("approve", "seen"), ("use", "")]
    acts = AuditEntry.objects.filter(subject=proposal.pk).order_by("id")
    assert [entry.act for entry in acts] == ["propose", "proposal.approve", "proposal.use"]


def test_what_was_not_approved_cannot_be_used() -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    proposed(officer, record)
    with pytest.raises(NotApproved):
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=NOW)


@pytest.mark.parametrize(
    ("act", "shown"),
    [("confirm_match", {"report": "R-1", "score": 13}), ("destroy", SHOWN), ("confirm_match", {})],
)
def test_other_facts_or_another_act_are_not_approved(act: str, shown: Canonical) -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    approved_by(holding_everything(COUNTY), proposed(officer, record))
    with pytest.raises(NotApproved):
        approved(actor=officer, act=act, subject=record, shown=shown, at=NOW)


def test_a_third_person_cannot_use_an_approval() -> None:
    record = record_at()
    approved_by(holding_everything(COUNTY), proposed(holding_everything(COUNTY), record))
    stranger = holding_everything(PROVINCE)
    with pytest.raises(NotApproved):
        approved(actor=stranger, act="confirm_match", subject=record, shown=SHOWN, at=NOW)


def test_a_change_of_the_record_voids_a_proposal_even_if_it_is_changed_back() -> None:
    record, officer, head = record_at(), holding_everything(COUNTY), holding_everything(COUNTY)
    proposal = proposed(officer, record)
    changed(record)
    with pytest.raises(RuleBroken, match="changed"):
        approved_by(head, proposal)
    assert settle(actor=system("approvals.settle"), at=NOW) == 1
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.VOID


def test_a_change_voids_an_approval() -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    approved_by(holding_everything(COUNTY), proposed(officer, record))
    changed(record)
    with pytest.raises(NotApproved):
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=NOW)


def test_a_stale_record_in_hand_does_not_pass_for_the_one_that_was_approved() -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    approved_by(holding_everything(COUNTY), proposed(officer, record))
    stale = type(record).objects.unscoped().get(pk=record.pk)
    changed(record)
    with pytest.raises(ChangedMeanwhile):
        approved(actor=officer, act="confirm_match", subject=stale, shown=SHOWN, at=NOW)


def test_the_approver_must_have_seen_what_was_proposed() -> None:
    proposal = proposed(holding_everything(COUNTY), record_at())
    with pytest.raises(RuleBroken, match="changed"):
        approve(
            actor=holding_everything(COUNTY),
            proposal_id=proposal.pk,
            version=proposal.version,
            shown_hash="0" * 64,
            reason="seen",
            at=NOW,
        )


def test_facts_rewritten_in_the_database_are_not_approved() -> None:
    proposal = proposed(holding_everything(COUNTY), record_at())
    Proposal.objects.unscoped().filter(pk=proposal.pk).update(shown='{"score":99}')
    with pytest.raises(RuleBroken, match="changed"):
        approved_by(holding_everything(COUNTY), proposal)


def test_a_proposal_lapses_after_seven_days_to_the_microsecond() -> None:
    record, officer, head = record_at(), holding_everything(COUNTY), holding_everything(COUNTY)
    approved_by(head, proposed(officer, record))
    end = NOW + LAPSES_AFTER
    with pytest.raises(NotApproved):
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=end)
    before = end - timedelta(microseconds=1)
    approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=before)


def test_a_lapsed_proposal_cannot_be_approved_and_is_marked_once() -> None:
    proposal, end = proposed(holding_everything(COUNTY), record_at()), NOW + LAPSES_AFTER
    with pytest.raises(RuleBroken, match="lapsed"):
        approve(
            actor=fresh(holding_everything(COUNTY), end),
            proposal_id=proposal.pk,
            version=proposal.version,
            shown_hash=proposal.shown_hash,
            reason="seen",
            at=end,
        )
    assert [settle(actor=system("approvals.settle"), at=end) for _ in range(2)] == [1, 0]
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.LAPSED


def test_nobody_approves_their_own_proposal_with_a_second_account() -> None:
    officer = holding_everything(COUNTY)
    proposal = proposed(officer, record_at())
    twin = replace(officer, account=uuid4(), post=uuid4(), unit=uuid4())
    with pytest.raises(RuleBroken, match="another_person"):
        approved_by(twin, proposal)


def test_nobody_of_the_same_unit_approves() -> None:
    officer = holding_everything(COUNTY)
    proposal = proposed(officer, record_at())
    with pytest.raises(RuleBroken, match="another_unit"):
        approved_by(replace(holding_everything(COUNTY), unit=officer.unit), proposal)


def test_the_approver_is_not_below_the_proposer() -> None:
    proposal = proposed(holding_everything(PREFECTURE), record_at())
    with pytest.raises(RuleBroken, match="level"):
        approved_by(holding_everything(COUNTY), proposal)
    assert approved_by(holding_everything(PREFECTURE), proposal).state == ProposalState.APPROVED


def test_a_key_case_is_closed_only_from_above() -> None:
    proposal = proposed(holding_everything(COUNTY), record_at(), "close_key_case")
    with pytest.raises(RuleBroken, match="level"):
        approved_by(holding_everything(COUNTY), proposal)
    assert approved_by(holding_everything(PREFECTURE), proposal).state == ProposalState.APPROVED


@pytest.mark.parametrize("region", [OTHER_COUNTY, OTHER_PROVINCE])
def test_an_outsider_gets_nowhere_even_with_a_grant(region: str) -> None:
    outsider = holding_everything(region)
    proposal = proposed(holding_everything(COUNTY), record_at())
    with pytest.raises(NotFound):
        proposal_for(outsider, proposal.pk, NOW)
    with pytest.raises(NotFound):
        approved_by(outsider, proposal)
    grant(actor=system("test"), subject=proposal, basis="test", at=NOW, unit=outsider.unit)
    assert proposal_for(outsider, proposal.pk, NOW) == proposal
    with pytest.raises(NotFound):
        approved_by(outsider, proposal)


@pytest.mark.parametrize("minutes", [None, -1, 6])
def test_both_sign_ins_must_be_fresh(minutes: int | None) -> None:
    record, officer, head = record_at(), holding_everything(COUNTY), holding_everything(COUNTY)
    shown_at = None if minutes is None else NOW - timedelta(minutes=minutes)
    with pytest.raises(RuleBroken, match="fresh_sign_in"):
        proposed(replace(officer, authenticated_at=shown_at), record)
    proposal = proposed(officer, record)
    with pytest.raises(RuleBroken, match="fresh_sign_in"):
        approved_by(replace(head, authenticated_at=shown_at), proposal)


def test_the_system_proposes_and_approves_nothing() -> None:
    duty = replace(
        system("duty"), permissions=holding_everything("").permissions, authenticated_at=NOW
    )
    with pytest.raises(NotPermitted):
        proposed(duty, record_at())
    proposal = proposed(holding_everything(COUNTY), record_at())
    with pytest.raises(NotFound):
        approved_by(duty, proposal)


def test_an_act_has_one_open_proposal_for_a_record() -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    proposal = proposed(officer, record)
    with pytest.raises(RuleBroken, match="proposed_already"):
        proposed(holding_everything(COUNTY), record)
    changed(record)
    again = proposed(officer, record)
    proposal.refresh_from_db()
    assert (proposal.state, again.state) == (ProposalState.VOID, ProposalState.PROPOSED)


def test_a_refused_proposal_is_not_used_nor_decided_again() -> None:
    record, officer, head = record_at(), holding_everything(COUNTY), holding_everything(COUNTY)
    proposal = proposed(officer, record)
    refused = refuse(
        actor=head, proposal_id=proposal.pk, version=1, reason="the score is too low", at=NOW
    )
    with pytest.raises(MoveRefused):
        approved_by(head, refused)
    with pytest.raises(NotApproved):
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=NOW)


def test_only_the_proposer_withdraws() -> None:
    record, officer, head = record_at(), holding_everything(COUNTY), holding_everything(COUNTY)
    proposal = approved_by(head, proposed(officer, record))
    with pytest.raises(NotFound):
        withdraw(actor=head, proposal_id=proposal.pk, version=2, reason="no", at=NOW)
    withdraw(actor=officer, proposal_id=proposal.pk, version=2, reason="mistaken", at=NOW)
    with pytest.raises(NotApproved):
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=NOW)


def test_a_decision_on_an_old_page_is_refused() -> None:
    officer, head = holding_everything(COUNTY), holding_everything(COUNTY)
    proposal = proposed(officer, record_at())
    withdraw(actor=officer, proposal_id=proposal.pk, version=1, reason="mistaken", at=NOW)
    with pytest.raises(ChangedMeanwhile):
        refuse(actor=head, proposal_id=proposal.pk, version=1, reason="no", at=NOW)


def test_a_decision_needs_a_reason() -> None:
    proposal = proposed(holding_everything(COUNTY), record_at())
    with pytest.raises(RuleBroken, match="reason_given"):
        refuse(
            actor=holding_everything(COUNTY), proposal_id=proposal.pk, version=1, reason=" ", at=NOW
        )


def test_a_proposal_for_another_region_or_of_an_old_page_is_refused() -> None:
    record = record_at()
    with pytest.raises(NotPermitted):
        proposed(holding_everything(OTHER_COUNTY), record)
    stale = type(record).objects.unscoped().get(pk=record.pk)
    changed(record)
    with pytest.raises(ChangedMeanwhile):
        propose(
            actor=holding_everything(COUNTY),
            act="confirm_match",
            subject=stale,
            shown=SHOWN,
            reason="because",
            at=NOW,
        )


def test_the_use_is_taken_back_with_an_act_that_fails() -> None:
    record, officer = record_at(), holding_everything(COUNTY)
    approved_by(holding_everything(COUNTY), proposed(officer, record))

    @transaction.atomic
    def act_that_fails() -> None:
        approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=NOW)
        raise KeyError

    with pytest.raises(KeyError):
        act_that_fails()
    approved(actor=officer, act="confirm_match", subject=record, shown=SHOWN, at=NOW)


SAME = "decided_staff = proposer_staff, decided_unit = '{u}', decided_region = 'cn/'"
OTHER = "decided_staff = '{u}', decided_unit = '{v}', decided_region = 'cn/'"
AT = "decided_at = proposed_at"


@pytest.mark.parametrize(
    "change",
    [
        f"state = 'approved', {SAME}, {AT}",
        f"state = 'refused', {SAME}, {AT}",
        f"state = 'lapsed', {SAME}, {AT}",
        f"state = 'approved', {OTHER}, {AT}, decided_unit = proposer_unit".replace(
            "decided_unit = '{v}', ", ""
        ),
        "state = 'approved'",
        f"state = 'approved', {OTHER}, decided_at = NULL",
        f"state = 'approved', {OTHER.replace(chr(39) + '{u}' + chr(39), 'NULL')}, {AT}",
        f"state = 'proposed', {OTHER}, {AT}",
        f"state = 'used', {OTHER}, {AT}",
        f"state = 'used', {OTHER}, {AT}, used_at = lapses_at",
        f"state = 'approved', {OTHER}, {AT}, used_at = proposed_at",
        "state = 'done'",
        "act = 'anything'",
    ],
)
def test_the_database_itself_refuses(change: str) -> None:
    """By raw SQL, as somebody with access to the database would try."""
    proposal = proposed(holding_everything(COUNTY), record_at())
    words = change.format(u=uuid4().hex, v=uuid4().hex)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE approvals_proposal SET {words} WHERE id = %s",  # noqa: S608  # words of ours
            [proposal.pk.hex],
        )


def test_the_database_takes_what_two_people_decided() -> None:
    """So that the test above does not pass because of a fault in its own words."""
    proposal = proposed(holding_everything(COUNTY), record_at())
    words = f"state = 'approved', {OTHER}, {AT}".format(u=uuid4().hex, v=uuid4().hex)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE approvals_proposal SET {words} WHERE id = %s",  # noqa: S608  # words of ours
            [proposal.pk.hex],
        )
        assert cursor.rowcount == 1
