"""On what basis a person's data may be used: consents, duties, withdrawal, and who is barred."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from reunion.base.actor import Actor
from reunion.base.errors import (
    Implicated,
    NotFound,
    NotPermitted,
    ReunionError,
    RuleBroken,
)
from reunion.base.permissions.actions import enter_household, implicate, lift_implication
from reunion.base.rights.access import bases_of, require_basis
from reunion.base.rights.actions import record_basis, withdraw_basis
from reunion.base.rights.models import LegalBasis
from reunion.base.rights.rules import Basis, Use
from tests.cast import NOW, acting, administrator

pytestmark = [pytest.mark.one_database, pytest.mark.django_db, pytest.mark.threat("T24")]

COUNTY = "cn/15/1506/150602/"
PERSON, GUARDIAN, SUSPECT, RELATIVE = (uuid4() for _ in range(4))
CONSENT_ONLY = {Use.PUBLICATION, Use.MEDIA, Use.RESEARCH, Use.CONTACT}


def worker(region: str = COUNTY) -> Actor:
    """Ms Lan, who explains consents; synthetic."""
    return acting("reunion_worker", region, "rights.record_basis")


def consent(use: Use = Use.CONTACT, **others: object) -> LegalBasis:
    values: dict[str, object] = {
        "actor": worker(),
        "person": PERSON,
        "region": COUNTY,
        "use": use,
        "basis": Basis.CONSENT,
        "given_by": PERSON,
        "text_version": "2026-1",
        "at": NOW,
    }
    return record_basis(**(values | others))  # type: ignore[arg-type]  # mixed values


def implicated() -> None:
    """The suspect is implicated, and the relative lives, or lived, with the suspect."""
    implicate(actor=administrator(), found=PERSON, person=SUSPECT, basis="test", at=NOW)
    house = uuid4()
    for one in (SUSPECT, RELATIVE):
        enter_household(actor=administrator(), household=house, person=one, at=NOW)


def lawful(use: Use, basis: Basis, giver: UUID | None, text: str, article: str) -> bool:
    """What the reference asks for, said anew: S1, S11, S12, T24."""
    if giver in {SUSPECT, RELATIVE}:
        return False
    match basis:
        case Basis.CONSENT:
            return giver == PERSON and text != ""
        case Basis.GUARDIAN_CONSENT:
            return giver == GUARDIAN and text != ""
        case Basis.LEGAL_DUTY:
            return use not in CONSENT_ONLY and article != ""
        case Basis.VITAL_INTEREST:
            return use not in CONSENT_ONLY


def test_a_use_is_lawful_on_the_bases_of_the_rule_and_on_no_other() -> None:
    implicated()
    givers = (None, PERSON, GUARDIAN, SUSPECT, RELATIVE)
    tried = 0
    for use, basis, giver, text, article in product(Use, Basis, givers, ("", "1"), ("", "art. 1")):
        made = False
        with transaction.atomic():
            try:
                consent(use, basis=basis, given_by=giver, text_version=text, article=article)
                made = require_basis(person=PERSON, use=use, at=NOW).use == use
            except ReunionError:
                pass
            transaction.set_rollback(True)
        tried += 1
        assert made == lawful(use, basis, giver, text, article), (use, basis, giver, text, article)
    assert tried == 560


def test_a_consent_for_one_use_is_none_for_another_use_or_person() -> None:
    consent(Use.IDENTIFICATION)
    assert require_basis(person=PERSON, use=Use.IDENTIFICATION, at=NOW)
    with pytest.raises(RuleBroken, match="no_basis_for_court"):
        require_basis(person=PERSON, use=Use.COURT, at=NOW)
    with pytest.raises(RuleBroken):
        require_basis(person=GUARDIAN, use=Use.IDENTIFICATION, at=NOW)


def test_a_withdrawal_takes_effect_at_once_and_once() -> None:
    given = consent()
    later = NOW + timedelta(seconds=1)
    withdraw_basis(actor=worker(), basis_id=given.pk, at=later)
    assert require_basis(person=PERSON, use=Use.CONTACT, at=NOW)
    with pytest.raises(RuleBroken):
        require_basis(person=PERSON, use=Use.CONTACT, at=later)
    with pytest.raises(RuleBroken, match="consent_is_withdrawn_once"):
        withdraw_basis(actor=worker(), basis_id=given.pk, at=later)
    assert consent(at=later + timedelta(1))
    assert require_basis(person=PERSON, use=Use.CONTACT, at=later + timedelta(1))


def test_a_withdrawal_reaches_a_consent_that_was_recorded_twice_and_no_other_giver() -> None:
    consent(region="cn/15/", actor=worker("cn/15/"))
    later = NOW + timedelta(seconds=1)
    withdraw_basis(actor=worker(), basis_id=consent().pk, at=later)
    with pytest.raises(RuleBroken):
        require_basis(person=PERSON, use=Use.CONTACT, at=later)
    guardians = consent(basis=Basis.GUARDIAN_CONSENT, given_by=GUARDIAN)
    assert require_basis(person=PERSON, use=Use.CONTACT, at=later) == guardians


def test_a_duty_is_not_withdrawn() -> None:
    duty = consent(Use.IDENTIFICATION, basis=Basis.LEGAL_DUTY, given_by=None, article="art. 1")
    with pytest.raises(RuleBroken, match="only_a_consent_is_withdrawn"):
        withdraw_basis(actor=worker(), basis_id=duty.pk, at=NOW)


@pytest.mark.parametrize("barred", [SUSPECT, RELATIVE])
@pytest.mark.parametrize("part", ["given_by", "interpreter"])
def test_what_a_barred_person_gave_or_interpreted_counts_for_nothing_also_afterwards(
    barred: UUID, part: str
) -> None:
    who: dict[str, Any] = {"given_by": GUARDIAN, part: barred}
    consent(basis=Basis.GUARDIAN_CONSENT, **who)
    assert require_basis(person=PERSON, use=Use.CONTACT, at=NOW)
    implicated()
    with pytest.raises(RuleBroken):
        require_basis(person=PERSON, use=Use.CONTACT, at=NOW)
    with pytest.raises(Implicated):
        consent(basis=Basis.GUARDIAN_CONSENT, **who)


def test_a_suspicion_that_ended_bars_nobody() -> None:
    consent(basis=Basis.GUARDIAN_CONSENT, given_by=SUSPECT)
    made = implicate(actor=administrator(), found=PERSON, person=SUSPECT, basis="test", at=NOW)
    later = NOW + timedelta(1)
    lift_implication(actor=administrator(), implication=made.pk, at=later)
    assert require_basis(person=PERSON, use=Use.CONTACT, at=later)


@pytest.mark.parametrize(
    "change",
    [
        {"use": "contact", "basis": "vital_interest", "given_by": None, "witness": None},
        {"given_by": GUARDIAN},
        {"basis": "guardian_consent"},
        {"witness": None},
        {"text_version": ""},
        {"use": "court", "basis": "legal_duty", "article": ""},
        {"use": "gossip"},
        {"withdrawn_at": NOW - timedelta(1)},
    ],
)
def test_the_database_refuses_it_too(change: dict[str, object]) -> None:
    given = consent()
    rows = LegalBasis.objects.unscoped().filter(pk=given.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)


def test_nobody_records_or_sees_a_basis_in_another_region() -> None:
    given = consent()
    stranger = worker("cn/65/")
    with pytest.raises(NotPermitted):
        consent(actor=stranger)
    with pytest.raises(NotFound):
        withdraw_basis(actor=stranger, basis_id=given.pk, at=NOW)
    assert not bases_of(stranger, PERSON, NOW)
    assert list(bases_of(worker(), PERSON, NOW)) == [given]
    with pytest.raises(NotPermitted):
        bases_of(acting("case_officer", COUNTY), PERSON, NOW)
