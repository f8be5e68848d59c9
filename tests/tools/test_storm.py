"""A short storm of kills loses nothing; `make storm` is the long one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tools.own_system import own_system
from tools.storm import storm


@pytest.mark.database
@pytest.mark.threat("T19")
def test_nothing_acknowledged_is_lost_when_writers_are_killed(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311  # moments, no secrets
    with own_system(tmp_path) as own:
        outcome = storm(own, writes=40, kills=6, chance=chance, server=None)
    assert outcome.acknowledged >= 40
    assert outcome.kills >= 6
    lost = (outcome.lost, outcome.without_entry, outcome.doubled, outcome.entries_of_nothing)
    assert lost == (0, 0, 0, 0)
    assert outcome.sound
