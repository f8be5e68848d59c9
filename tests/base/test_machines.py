"""What holds for every state machine of the platform, whichever room it is in."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, Q
from django.utils import translation

from reunion.base.actor import Actor
from reunion.base.errors import MoveRefused
from reunion.base.transitions import Machine, in_words, moves_for
from reunion.packs.roles import load_roles
from tools.diagrams import DOCS, files, machines

ALL = list(machines())
EACH = pytest.mark.parametrize("machine", ALL, ids=[machine.name for machine in ALL])


def test_there_are_machines_and_no_two_have_one_name() -> None:
    names = [machine.name for machine in ALL]
    assert {"proposal", "assignment"} <= set(names)
    assert len(names) == len(set(names))


@EACH
def test_every_state_is_reached_from_the_start(machine: Machine[Any]) -> None:
    reached, grown = {machine.start}, True
    while grown:
        new = {move.target for state in reached for move in machine.open_moves(state)}
        grown = not new <= reached
        reached |= new
    assert reached == set(machine.states)


@EACH
def test_a_move_has_one_target_from_each_state(machine: Machine[Any]) -> None:
    for state in machine.states:
        names = [move.name for move in machine.open_moves(state)]
        assert len(names) == len(set(names))


@EACH
def test_every_pair_that_is_not_in_the_table_is_refused(machine: Machine[Any]) -> None:
    for state in machine.states:
        open_names = {move.name for move in machine.open_moves(state)}
        for name in {move.name for move in machine.moves} | {"", "delete"}:
            if name in open_names:
                assert machine.move(state, name).name == name
            else:
                with pytest.raises(MoveRefused):
                    machine.move(state, name)


@EACH
def test_every_permission_is_held_by_a_role(machine: Machine[Any]) -> None:
    held = {permission for role in load_roles().values() for permission in role.may}
    assert {move.needs for move in machine.moves if move.needs} <= held


@EACH
def test_the_database_knows_the_same_states(machine: Machine[Any]) -> None:
    wanted = [state.value for state in machine.states]
    checked = [
        model._meta.get_field(condition[0].removesuffix("__in"))
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q)
        for condition in constraint.condition.children
        if isinstance(condition, tuple) and condition[1] == wanted
    ]
    assert checked, f"no check constraint lists the states of {machine.name}"
    assert {str(getattr(field, "default", "")) for field in checked} == {machine.start.value}


WITH_BUTTONS = [
    model for model in apps.get_models() if isinstance(getattr(model, "machine", None), Machine)
]


@pytest.mark.parametrize("model", WITH_BUTTONS, ids=[model.__name__ for model in WITH_BUTTONS])
def test_the_catalogue_lists_the_words_of_pages_with_buttons(model: Any) -> None:
    words = import_module(f"{model.__module__.rpartition('.')[0]}.words")
    with translation.override("en"):
        states, moves = ({str(word) for word in group} for group in (words.STATES, words.MOVES))
    assert {in_words(state.value) for state in model.machine.states} <= states
    assert {in_words(move.name) for move in model.machine.moves} <= moves


class Shown:
    """A record as far as its buttons go; its unit does not matter here."""

    def __init__(self, machine: Machine[Any], state: str) -> None:
        self.machine, self.state = machine, state

    def may_move(self, actor: Actor, move: str) -> bool:
        return actor.role != "outsider"


@EACH
def test_buttons_are_the_open_moves_whose_permission_is_held(machine: Machine[Any]) -> None:
    everything = frozenset(move.needs for move in machine.moves)
    for state in machine.states:
        record = Shown(machine, state.value)
        wanted = [move for move in machine.open_moves(state) if move.needs]
        assert list(moves_for(record, Actor("anybody", "cn/", everything))) == wanted
        assert not list(moves_for(record, Actor("anybody", "cn/")))
        assert not list(moves_for(record, Actor("outsider", "cn/", everything)))


def test_the_documents_show_the_machines_as_they_are() -> None:
    """After a change, `python -m tools.diagrams` draws them anew."""
    written = {path.relative_to(DOCS): path for path in (DOCS / "states").glob("*.svg")}
    texts = files()
    assert set(written) | {(DOCS / "states.md").relative_to(DOCS)} == set(texts)
    for name, text in texts.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name
