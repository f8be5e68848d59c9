"""State machines as frozen tables: the check, the buttons, the diagram and the tests come of one.

>>> from enum import StrEnum
>>> class Door(StrEnum):
...     OPEN = "open"
...     SHUT = "shut"
>>> door = Machine("door", Door.OPEN, (Move("shut", frozenset({Door.OPEN}), Door.SHUT),))
>>> door.move(Door.OPEN, "shut").target.value
'shut'
>>> door.move(Door.SHUT, "shut")
Traceback (most recent call last):
reunion.base.errors.MoveRefused: MoveRefused(machine='door', state='shut', move='shut')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from reunion.base.actor import Actor
from reunion.base.errors import MoveRefused

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One named edge.

    Args:
        name: verb, unique for each source.
        sources: the states that it leads out of.
        target: the state that it leads to.
        needs: the permission that the actor must hold; empty: a clock or another record moves it.
        reasoned: the person who moves it must say why.
        page: it needs more than a reason, so that its button leads to a page of its own.
    """

    name: str
    sources: frozenset[S]
    target: S
    needs: str = ""
    reasoned: bool = False
    page: bool = False


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """A finite state machine with no framework behind it."""

    name: str
    start: S
    moves: tuple[Move[S], ...]

    @property
    def states(self) -> tuple[S, ...]:
        """All states, in the order of their enumeration."""
        return tuple(type(self.start))

    def open_moves(self, state: S) -> Iterator[Move[S]]:
        """The edges out of a state, in the order of the table."""
        return (move for move in self.moves if state in move.sources)

    def move(self, state: S, name: str) -> Move[S]:
        """The edge called `name` out of `state`; MoveRefused where there is none."""
        for move in self.open_moves(state):
            if move.name == name:
                return move
        raise MoveRefused(machine=self.name, state=state.value, move=name)


class Moving(Protocol):
    """A record with a state machine, as far as its page must know it."""

    @property
    def machine(self) -> Machine[Any]:  # of whatever states
        """The table that its state moves by."""
        ...

    @property
    def state(self) -> str:
        """Where it stands."""
        ...

    def may_move(self, actor: Actor, move: str) -> bool:
        """Whether a move is this actor's, apart from the permission: such as their unit's alone."""
        ...


def moves_for(record: Moving, actor: Actor) -> Iterator[Move[Any]]:
    """The moves that a person may make now: the buttons of the record's page."""
    for move in record.machine.open_moves(type(record.machine.start)(record.state)):
        if move.needs and actor.may(move.needs) and record.may_move(actor, move.name):
            yield move


def in_words(name: str) -> str:
    """The word of a page for a state or move, before it is translated.

    >>> in_words("send_back")
    'Send back'
    """
    return name.replace("_", " ").capitalize()
