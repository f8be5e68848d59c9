"""Anybody tries anything in any order, and no illegal state is reached."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.base.walks import ApprovalWalk, AssignmentWalk, Walk

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.django_db,
    pytest.mark.threat("T11"),
    pytest.mark.threat("T24"),
]

LONG = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("walk", [ApprovalWalk, AssignmentWalk])
def test_no_illegal_state_is_reached(walk: type[Walk]) -> None:
    before = walk.steps
    run_state_machine_as_test(walk, settings=LONG)
    assert walk.steps > before
