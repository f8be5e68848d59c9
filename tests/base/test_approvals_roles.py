"""All six acts, every pair of roles, every place of the second person: only allowed pairs succeed.

What is allowed is worked out here from the list of roles, in another way than in the code.
"""

from __future__ import annotations

import pytest

from reunion.base.approvals.rules import ACTS
from tests.base.pairs import PLACES, Pair, try_every_pair

pytestmark = [pytest.mark.one_database, pytest.mark.django_db, pytest.mark.threat("T11")]


def allowed(pair: Pair) -> bool:
    verb = {
        "confirm_match": "match",
        "disclose_identity": "disclosure",
        "close_key_case": "closure",
        "approve_reward": "reward",
        "export_bulk": "export",
        "destroy": "destruction",
    }[pair.act]
    places = {"above"} if pair.act == "close_key_case" else {"above", "beside"}
    return (
        f"approvals.propose_{verb}" in pair.proposer.may
        and f"approvals.approve_{verb}" in pair.approver.may
        and pair.place in places
    )


@pytest.mark.parametrize("act", sorted(ACTS))
def test_only_allowed_pairs_succeed(act: str) -> None:
    wrong, succeeded = [], 0
    for pair, done in try_every_pair(act):
        succeeded += done
        if done is not allowed(pair):
            wrong.append((pair.proposer.code, pair.approver.code, pair.place))
    assert not wrong
    assert succeeded


def test_the_places_are_all_kinds_of_second_persons() -> None:
    assert set(PLACES) == {"self", "same_unit", "beside", "above", "below", "far", "not_fresh"}
