"""Two people of any two roles, in any place to one another, who try an act together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import uuid4

from django.db import transaction

from reunion.base.actor import Actor
from reunion.base.approvals.models import Proposal
from reunion.base.errors import ReunionError
from reunion.packs.roles import Role, load_roles
from tests.base.two_people import (
    OTHER_PROVINCE,
    PREFECTURE,
    PROVINCE,
    approved_by,
    fresh,
    proposed,
    record_at,
)
from tests.cast import acting

BELOW = "cn/15/1506/150602/"
PLACES = ("self", "same_unit", "beside", "above", "below", "far", "not_fresh")
"""Where the second person is, seen from the first one, who is at a prefecture."""


@dataclass(frozen=True)
class Pair:
    """One attempt."""

    act: str
    proposer: Role
    approver: Role
    place: str


def try_every_pair(act: str) -> Iterator[tuple[Pair, bool]]:
    """All pairs of roles and places, and whether each together gets an approval; nothing is left.

    Where the first person cannot even propose, no second one is asked.
    """
    roles = load_roles().values()
    for role in roles:
        with transaction.atomic():
            first = _in_role(role, PREFECTURE)
            proposal = _proposal(first, act)
            for other in roles:
                for place in PLACES:
                    pair = Pair(act, role, other, place)
                    yield pair, proposal is not None and _approves(_second(pair, first), proposal)
            transaction.set_rollback(True)


def _proposal(first: Actor, act: str) -> Proposal | None:
    try:
        with transaction.atomic():
            return proposed(first, record_at(BELOW), act)
    except ReunionError:
        return None


def _approves(second: Actor, proposal: Proposal) -> bool:
    with transaction.atomic():
        try:
            approved_by(second, proposal)
        except ReunionError:
            return False
        finally:
            transaction.set_rollback(True)
    return True


def _in_role(role: Role, region: str) -> Actor:
    return fresh(acting(role.code, region, *role.may))


def _second(pair: Pair, first: Actor) -> Actor:
    regions = {"above": PROVINCE, "below": BELOW, "far": OTHER_PROVINCE}
    second = _in_role(pair.approver, regions.get(pair.place, PREFECTURE))
    match pair.place:
        case "self":
            return replace(second, staff=first.staff, unit=uuid4())
        case "same_unit":
            return replace(second, unit=first.unit)
        case "not_fresh":
            return replace(second, authenticated_at=None)
    return second
