"""Measure the acts that need two people: forbidden pairs of roles, and illegal states.

    python -m tools.two_person_figures [--small]

Writes build/figures/two_people.json. It works on a database of its own that is gone afterwards, in
memory or, with REUNION_TEST_DATABASE_URL, on PostgreSQL. All people are invented.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tools.records import Record, write_records

STEPS = 50
"""Steps of one walk."""


def pair_figures() -> Iterator[Record]:
    """All six acts, every pair of roles, every place of the second person."""
    from reunion.base.approvals.rules import ACTS
    from tests.base.pairs import try_every_pair
    from tests.base.test_approvals_roles import allowed

    tried = [(pair, done) for act in sorted(ACTS) for pair, done in try_every_pair(act)]
    forbidden = sum(done and not allowed(pair) for pair, done in tried)
    missed = sum(allowed(pair) and not done for pair, done in tried)
    yield Record("acts by two people: pairs tried", len(tried), "pairs", None, None)
    yield Record("allowed pairs that succeed", sum(done for _, done in tried), "pairs", None, None)
    yield Record("forbidden pairs that succeed", forbidden, "pairs", "0", forbidden == 0)
    yield Record("allowed pairs that fail", missed, "pairs", "0", missed == 0)


def walk_figures(steps: int) -> Iterator[Record]:
    """Random walks through the machines; an illegal state ends them with its shortest story."""
    from reunion.base.approvals.rules import PROPOSAL
    from reunion.base.assignments.rules import ASSIGNMENT
    from tests.base.walks import ApprovalWalk, AssignmentWalk

    taken, illegal, moves = 0, 0, 0
    for walk in (ApprovalWalk, AssignmentWalk):
        while walk.steps < steps // 2 and not illegal:
            left = steps // 2 - walk.steps
            try:
                run_state_machine_as_test(walk, settings=_long(max(10, left // STEPS)))
            except AssertionError as error:
                print(error)
                illegal += 1
        taken += walk.steps
        moves += len(walk.moves)
    edges = len(PROPOSAL.moves) + len(ASSIGNMENT.moves)
    yield Record("random steps through proposals and assignments", taken, "steps", None, None)
    yield Record("moves of both machines made on the way", moves, f"of {edges}", None, None)
    yield Record("illegal states reached", illegal, "states", "0", illegal == 0)


def _long(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a fiftieth of the steps")
    parser.add_argument("--out", type=Path, default=Path("build/figures/two_people.json"))
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "reunion.settings.testing"
    import django
    from django.test.runner import DiscoverRunner

    django.setup()
    runner = DiscoverRunner(verbosity=0)
    databases = runner.setup_databases(aliases={"default"})
    try:
        rows = [*pair_figures(), *walk_figures(2_000 if arguments.small else 100_000)]
    finally:
        runner.teardown_databases(databases)
    for row in rows:
        print(f"{row.what}: {row.value:g} {row.unit} {(row.goal and f'(goal: {row.goal})') or ''}")
    command = "python -m tools.two_person_figures" + " --small" * arguments.small
    write_records(arguments.out, rows, command=command, libraries=("django", "hypothesis"))


if __name__ == "__main__":
    main()
