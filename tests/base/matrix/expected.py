"""What each request must come to.

It follows from three things alone: what the view declares, the permissions of the role in
roles.toml, and the rule of what is visible from where. The page comes first, then the method, then
the record; so that whoever may not reach a page is told the same by every method.
"""

from __future__ import annotations

from reunion.base.accounts.rules import Standing
from reunion.base.permissions.declare import Declared, Reach
from reunion.packs.roles import Role
from tests.base.matrix.asking import Outcome
from tests.base.matrix.endpoints import Endpoint
from tests.base.matrix.people import Visitor
from tests.base.matrix.where import Place


def expected(who: Visitor, endpoint: Endpoint, method: str, place: Place | None) -> Outcome:
    """What somebody must find."""
    says = endpoint.declared
    if says is None:
        return Outcome.MISSING
    if says.reach is Reach.TOKEN:
        return _of_program(who, endpoint, says, method, place)
    if says.reach is not Reach.PUBLIC and (sent := _sent_away(who, says)):
        return sent
    person = who.person
    if person is not None and not may_reach(person.role, endpoint):
        return Outcome.MISSING
    if method not in endpoint.methods:
        return Outcome.NO_METHOD
    if place is not None and (person is None or not place.reached(person.actor, method)):
        return Outcome.MISSING  # of strangers: it is another person's
    return Outcome.REACHED


def _of_program(
    who: Visitor, endpoint: Endpoint, says: Declared, method: str, place: Place | None
) -> Outcome:
    """What a program must find that has the token of somebody, or has none.

    Nothing but a token counts: whoever comes with a session alone is nobody.
    """
    person = who.person
    if person is None:
        return Outcome.NO_TOKEN
    if not may_reach(person.role, endpoint):
        return Outcome.MISSING
    needed = says.needed(method)
    if needed is None:
        return Outcome.NO_METHOD
    is_open = not needed or needed in person.role.may
    is_there = place is None or place.reached(person.actor, method)
    return Outcome.REACHED if is_open and is_there else Outcome.MISSING


def may_reach(role: Role, endpoint: Endpoint) -> bool:
    """Whether a role may reach a page at all, whichever record it shows."""
    says = endpoint.declared
    if says is not None and says.reach is Reach.TOKEN:
        return says.is_for(role.may)
    return says is not None and (says.reach is not Reach.PERMITTED or says.permission in role.may)


def _sent_away(who: Visitor, says: Declared) -> Outcome | None:
    """Where the gate sends whoever has not come far enough for a page that is not for everybody."""
    match who.standing:
        case None:
            return Outcome.TO_SIGN_IN
        case Standing.ENROLLING:
            return None if says.while_enrolling else Outcome.TO_FACTORS
        case Standing.PROVING:
            return None if says.while_proving else Outcome.TO_PROOF
        case Standing.COMPLETE:
            is_open = who.person is not None or says.reach is Reach.SIGNED_IN
            return None if is_open else Outcome.TO_POSTS
