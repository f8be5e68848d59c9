"""The pages of acts that need two people: what was shown is what is approved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from reunion.base.accounts.access import current_posts
from reunion.base.accounts.models import Account
from reunion.base.actor import Actor
from reunion.base.approvals.actions import propose
from reunion.base.approvals.models import Proposal
from reunion.base.approvals.rules import ProposalState
from reunion.base.units.models import Unit
from reunion.packs.roles import load_roles
from tests.base.signing_in import Browser, member, with_key
from tests.base.two_people import COUNTY, OTHER_PROVINCE, PREFECTURE, record_at

pytestmark = pytest.mark.django_db


def proposal_of(account: Account, subject: Unit) -> Proposal:
    now = timezone.now()
    post = current_posts(account, now)[0]
    actor = Actor(
        role=post.role,
        region=post.region,
        permissions=load_roles()[post.role].may,
        staff=account.staff_id,
        unit=post.unit_id,
        authenticated_at=now,
    )
    return propose(
        actor=actor,
        act="close_key_case",
        subject=subject,
        shown={"victims_found": 2, "victims_missing": 0},
        reason="all are found",
        at=now,
    )


def decided(browser: Browser, page: str, move: str, **fields: str) -> str:
    """Send the form of a decision as its page shows it."""
    text = browser.get(f"{page}{move}/").content.decode()
    hidden = dict(re.findall(r'name="(version|shown_hash)" value="(\w+)"', text))
    answer = browser.send(f"{page}{move}/", **{**hidden, **fields})
    return str(answer.content.decode())


def test_a_proposal_is_found_looked_at_and_approved() -> None:
    leader, chief = (
        member("leader", "case_leader", COUNTY),
        member("chief", "supervisor", PREFECTURE),
    )
    proposal = proposal_of(leader, record_at())
    page, browser = f"/approvals/{proposal.pk}/", with_key(chief)
    assert page in browser.get("/approvals/").content.decode()
    text = browser.get(page).content.decode()
    for shown in ("Victims found", "Victims missing", "all are found", proposal.shown_hash):
        assert shown in text
    decided(browser, page, "approve", reason="I have read the file")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.APPROVED
    assert "I have read the file" in browser.get(page).content.decode()


def test_a_proposal_is_refused_and_one_is_withdrawn() -> None:
    leader, chief = (
        member("leader", "case_leader", COUNTY),
        member("chief", "supervisor", PREFECTURE),
    )
    refused, withdrawn = proposal_of(leader, record_at()), proposal_of(leader, record_at())
    decided(with_key(chief), f"/approvals/{refused.pk}/", "refuse", reason="two are missing")
    page, own = f"/approvals/{withdrawn.pk}/", with_key(leader)
    own.send(page, f"{page}withdraw/", version="1", reason="mistaken")
    states = Proposal.objects.unscoped().values_list("pk", "state")
    assert dict(states) == {
        refused.pk: ProposalState.REFUSED,
        withdrawn.pk: ProposalState.WITHDRAWN,
    }


def test_the_proposer_has_no_button_to_approve_and_no_page_to_do_it() -> None:
    chief = member("chief", "supervisor", PREFECTURE)
    proposal = proposal_of(chief, record_at())
    page, browser = f"/approvals/{proposal.pk}/", with_key(chief)
    assert 'href="approve/"' not in browser.get(page).content.decode()
    assert browser.get(f"{page}approve/").status_code == 404


def test_a_page_of_other_facts_approves_nothing() -> None:
    leader, chief = (
        member("leader", "case_leader", COUNTY),
        member("chief", "supervisor", PREFECTURE),
    )
    proposal = proposal_of(leader, record_at())
    page = f"/approvals/{proposal.pk}/"
    text = decided(with_key(chief), page, "approve", shown_hash="0" * 64, reason="yes")
    assert "The record has changed since." in text
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_a_stale_sign_in_is_asked_for_the_second_factor_again() -> None:
    leader, chief = (
        member("leader", "case_leader", COUNTY),
        member("chief", "supervisor", PREFECTURE),
    )
    page, browser = f"/approvals/{proposal_of(leader, record_at()).pk}/", with_key(chief)
    session = browser.session
    earlier = (timezone.now() - timedelta(minutes=6)).timestamp()
    for key, value in list(session.items()):
        if isinstance(value, list) and value and isinstance(value[0], dict) and "at" in value[0]:
            session[key] = [{**one, "at": earlier} for one in value]
    session.save()
    answer = browser.get(f"{page}approve/")
    assert answer.status_code == 302
    assert "approve" in answer.headers["Location"]


def test_an_outsider_finds_nothing() -> None:
    leader = member("leader", "case_leader", COUNTY)
    outsider = with_key(member("outsider", "supervisor", OTHER_PROVINCE))
    page = f"/approvals/{proposal_of(leader, record_at()).pk}/"
    assert page not in outsider.get("/approvals/").content.decode()
    assert {outsider.get(a).status_code for a in (page, f"{page}approve/", f"{page}refuse/")} == {
        404
    }
