"""Records for the access matrix: one for each address that has arguments, in every place.

Each room that has pages adds a builder here, by the names of its addresses:

    @place("unit", "unit_rename")
    def a_unit(where: Where) -> Place:
        return where.scoped(record_at(where.region))

All people, agencies and texts are synthetic.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

from allauth.mfa.models import Authenticator

from reunion.base.accounts.actions import request_recovery
from reunion.base.accounts.models import Account, Session
from reunion.base.actor import Actor, system
from reunion.base.approvals.actions import propose
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import ACTS, barred
from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import Kind
from reunion.base.assignments.views import BUTTONS
from reunion.base.correspondence.actions import open_desk
from reunion.base.correspondence.models import Desk
from reunion.base.inbox.actions import PUBLIC, leave
from reunion.base.keyring import Keyring
from reunion.base.notices.actions import notify
from reunion.base.units.models import Post, Staff, Unit
from tests.base.desks import keeper, receipt, recipient
from tests.base.matrix.where import HOME, Place, Relation, Where, agency, holding, place
from tests.base.signing_in import invented_key
from tests.base.two_people import fresh, holding_everything, record_at
from tests.cast import TODAY, acting
from tools.public_site import QUICK

# Units, staff and posts.


@place("unit", "unit_rename", "unit_close", "unit_witness", "post_new")
def a_unit(where: Where) -> Place:
    return where.scoped(record_at(where.region), also=holding("units.see"))


def _staff(where: Where) -> Staff:
    return Staff.objects.unscoped().create(name="Synthetic Person", region=where.region)


@place("staff_member")
def a_staff_member(where: Where) -> Place:
    return where.scoped(_staff(where))


@place("account_new")
def a_staff_member_without_account(where: Where) -> Place:
    staff = _staff(where)
    return where.scoped(staff, staff=staff.pk)


@place("post_end")
def a_post(where: Where) -> Place:
    post = Post.objects.unscoped().create(
        unit=where.unit,
        staff=_staff(where),
        role="inspector",
        region=where.region,
        valid_from=(where.at - timedelta(days=9)).date(),
    )
    return where.scoped(post, also=holding("units.see"))


# Accounts: they are where their owner is, and no grant by name opens them.


def _account(where: Where) -> Account:
    account = Account(login=f"invented-{uuid4().hex[:12]}", staff=_staff(where), language="en")
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


@place("account", "lock_account", "unlock_account", "new_code")
def an_account(where: Where) -> Place:
    account = _account(where)
    return where.scoped(account.staff, by_name=(), pk=account.pk)


@place("recovery_new")
def an_account_to_recover(where: Where) -> Place:
    account = _account(where)
    return where.scoped(account.staff, by_name=(), account=account.pk)


@place("recovery", "recovery_refuse")
def a_recovery(where: Where) -> Place:
    officer = acting("custodian", "cn/", "accounts.recover")
    recovery = request_recovery(actor=officer, account_id=_account(where).pk, at=where.at)
    # Who is told its name may look at it; the part of an officer is for those of the region.
    return where.scoped(recovery, by_name={"GET", "HEAD"})


# What is one's own: another person's is missing, whatever their region.


@place("end_session", own=True)
def a_session(where: Where) -> Place:
    owner = where.account if where.relation is Relation.OWN else _account(where)
    session = Session.objects.create(
        key_hash=uuid4().bytes,
        data=b"",
        account=owner,
        started_at=where.at,
        last_seen_at=where.at,
    )
    return where.of(session.pk, Relation.OWN)


@place("mfa_edit_webauthn", "mfa_remove_webauthn", own=True)
def a_key(where: Where) -> Place:
    owner = where.account if where.relation is Relation.OWN else _account(where)
    key = Authenticator.objects.create(user=owner, type="webauthn", data=invented_key())
    return where.of(key.pk, Relation.OWN)


@place("notice_read")
def a_notice(where: Where) -> Place:
    """A notice is its unit's: neither grants nor exclusions bear on it."""
    notice = notify(
        actor=system("synthetic"),
        what="assignment.overdue",
        subject=where.unit,
        at=where.at,
        unit=where.unit.pk,
    )
    where.opened(notice)
    return where.of(notice.pk, Relation.OWN, Relation.EXCLUDED)


# Acts that need two people.


def _proposal(where: Where) -> Proposal:
    proposer = fresh(holding_everything(where.region), where.at)
    subject = record_at(where.region)
    return propose(
        actor=proposer,
        act="disclose_identity",
        subject=subject,
        shown={"report": "R-1"},
        reason="synthetic",
        at=where.at,
    )


@place("proposal")
def a_proposal(where: Where) -> Place:
    return where.scoped(_proposal(where))


@place("proposal_approve", "proposal_refuse")
def a_proposal_to_decide(where: Where) -> Place:
    proposal = _proposal(where)

    def decides(actor: Actor, method: str) -> bool:
        act = ACTS[proposal.act]
        is_barred = barred(act, actor, proposal.proposer, proposal.region)
        return actor.may("approvals.see") and not is_barred

    return where.scoped(proposal, also=decides)


@place("proposal_withdraw")
def a_proposal_of_somebody_else(where: Where) -> Place:
    return where.scoped(_proposal(where), also=lambda actor, method: False)


# Assignments.


def _assignment(where: Where) -> Assignment:
    """Issued by the agency of the region; the actor's own leads it where it takes part at all."""
    takes_part = {Relation.OWN, Relation.EXCLUDED, Relation.GRANTED}
    leads = where.relation in takes_part
    far = agency("cn/65/")
    return Assignment.objects.unscoped().create(
        kind=Kind.TASK,
        title="Look again at the synthetic case",
        completion="The file has a new report",
        scope=where.region,
        region=where.region,
        issuer=where.unit,
        lead_id=where.actor.unit if leads else far.pk,
        state="issued",
        issued_on=TODAY,
        due=TODAY + timedelta(days=900),
    )


@place("assignment", "assignment_edit")
def an_assignment(where: Where) -> Place:
    return where.scoped(_assignment(where), also=holding("assignments.see"))


@place("assignment_report", "assignment_progress")
def an_assignment_that_somebody_leads(where: Where) -> Place:
    found = _assignment(where)

    def leads(actor: Actor, method: str) -> bool:
        return actor.may("assignments.see") and actor.unit == found.lead_id

    return where.scoped(found, also=leads)


@place(*(f"assignment_{move}" for move in BUTTONS))
def an_assignment_to_move(where: Where) -> Place:
    """Units that take part have it in their lists: a look by name alone moves nothing."""
    return where.scoped(_assignment(where), by_name=(), also=holding("assignments.see"))


# Desks and what they receive.

_numbers = count(1)


def _desk(unit: Unit, where: Where) -> Desk:
    known = Desk.objects.unscoped().filter(unit=unit).first()
    return known or open_desk(actor=keeper(), unit_id=unit.pk, at=where.at)


@place("item", "item_answer", "item_take_up", "item_close", "item_route")
def an_item(where: Where) -> Place:
    """An item is its desk's, and of a county without a desk the prefecture's; no grant opens it."""
    home = _desk(agency(HOME), where)
    is_ours = where.relation in {Relation.OWN, Relation.ABOVE, Relation.EXCLUDED}
    with tempfile.TemporaryDirectory() as folder:
        item = leave(
            actor=PUBLIC,
            kind="family_message",
            region=where.region,
            excluded=(HOME,) if where.relation is Relation.EXCLUDED else (),
            text="Synthetic: she was seen at the station.",
            desk=recipient(home if is_ours else _desk(where.unit, where)),
            escrow=None,
            keys=receipt(next(_numbers), Keyring(Path(folder)))[0],
            kdf_version=QUICK.version,
            at=where.at,
        )
    if where.relation is not Relation.EXCLUDED:  # there, the sender's own wish must do
        where.opened(item)
    return where.of(item.pk, Relation.OWN, Relation.ABOVE, also=holding("correspondence.see"))


@place("desk_rotate", "desk_close")
def a_desk(where: Where) -> Place:
    unit = record_at(where.region)  # closed: each region has one desk that is open
    closed = Desk.objects.unscoped().create(unit=unit, region=where.region, closed_at=where.at)
    return where.scoped(closed)
