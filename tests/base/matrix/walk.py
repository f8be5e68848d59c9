"""The walk through the matrix: one real request for each cell, held against what is declared.

A cell that differs is a deviation, and so is one that writes into the database although it is
refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import tests.base.matrix.more_places
import tests.base.matrix.program_places
import tests.base.places  # noqa: F401  # both register their builders
from reunion.base.operations.models import Installation
from reunion.base.permissions.declare import Reach
from reunion.packs.roles import Role
from tests.base.matrix.asking import (
    Outcome,
    fingerprint,
    outcome,
    send,
    send_as_program,
    undone,
    watched,
)
from tests.base.matrix.endpoints import Endpoint, endpoints
from tests.base.matrix.expected import expected, may_reach
from tests.base.matrix.people import Person, Visitor, people, strangers, visitor
from tests.base.matrix.where import OWN, PLACES, Builder, Place, Relation, Where

ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SHORT_METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Question:
    """One cell: who asks for what, and what they must find."""

    who: Visitor
    endpoint: Endpoint
    method: str
    relation: Relation
    place: Place | None
    expected: Outcome


@dataclass(frozen=True)
class Cell:
    """What was found in a cell."""

    asked: Question
    found: Outcome
    status: int
    writes: tuple[str, ...]

    @property
    def deviates(self) -> bool:
        """Whether the answer is another one than declared, or a refused request wrote something."""
        wanted = self.asked.expected
        return self.found is not wanted or (wanted is not Outcome.REACHED and bool(self.writes))

    def __str__(self) -> str:
        asked = self.asked
        return (
            f"{asked.who.name} {asked.method} {asked.endpoint.name} ({asked.relation}): must be"
            f" {asked.expected}, is {self.found} ({self.status}) {' '.join(self.writes)}"
        )


@dataclass
class Tally:
    """Cells counted by what they must come to, and sentences about those that deviate."""

    cells: Counter[str] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)

    def add(self, cells: Iterable[Cell]) -> Tally:
        """Count some."""
        for cell in cells:
            self.cells[cell.asked.expected] += 1
            if cell.deviates:
                self.deviations.append(str(cell))
        return self


def without_builder() -> list[str]:
    """Sentences about addresses for which nobody can make a record."""
    return [
        f"{each.name} ({each.route}) has no record for the access matrix: add to tests/base/places"
        f'.py a builder @place("{each.name}") that makes one in the region of `where` and gives'
        f" {', '.join(sorted(each.arguments))}."
        for each in endpoints()
        if each.arguments and each.name not in PLACES
    ]


class Matrix:
    """The people and the records of one walk, made once, in a transaction of the caller."""

    def __init__(self, *, is_short: bool) -> None:
        """Make them.

        Args:
            is_short: GET and POST only; and where the place of the record cannot make a
                difference, or of two roles with the same permissions in a room, one cell for all.
        """
        self.is_short = is_short
        self.at: datetime = timezone.now()
        Installation.objects.create(
            synthetic=True, jurisdiction="cn", backup_public="age1", made_at=self.at
        )
        self.endpoints = endpoints()
        self.people = people()
        self.client = Client(raise_request_exception=False)
        builders = {
            PLACES[each.name] for each in self.endpoints if each.name in PLACES.keys() - OWN
        }
        self._made: dict[tuple[Builder, Relation], Place] = {
            (build, relation): build(self._where(self.people[0], relation))
            for build in sorted(builders, key=lambda build: build.__name__)
            for relation in Relation
        }

    def walk(self, part: int = 0, parts: int = 1) -> Iterator[Cell]:
        """All cells of everybody; or of one part of them, so that several can walk at once."""
        everybody = [*map(visitor, self.people), *strangers()]
        for who in everybody[part::parts]:
            yield from self._of(who)

    def _of(self, who: Visitor) -> Iterator[Cell]:
        """The cells of one visitor. What is refused is asked first, and must leave no trace."""
        with transaction.atomic():
            questions = list(self._questions(who))
            before = fingerprint()
            for question in questions:
                if question.expected is not Outcome.REACHED:
                    yield self._answer(question)
            assert fingerprint() == before, f"refused requests of {who.name} left a trace"
            for question in questions:
                if question.expected is Outcome.REACHED:
                    yield self._answer(question)
            transaction.set_rollback(True)

    def _questions(self, who: Visitor) -> Iterator[Question]:
        for number, endpoint in enumerate(self.endpoints):
            for relation in self._relations(who, endpoint):
                place = self.place(who, endpoint, relation)
                for method in ALL_METHODS:
                    if not self.is_short or self._is_in_short(who, number, method, relation):
                        wanted = expected(who, endpoint, method, place)
                        yield Question(who, endpoint, method, relation, place, wanted)

    def _relations(self, who: Visitor, endpoint: Endpoint) -> Iterable[Relation]:
        matters = bool(endpoint.arguments) and who.person is not None
        if self.is_short:
            matters = matters and self._is_told_apart(who, endpoint)
        return Relation if matters else (Relation.OWN,)

    def _is_in_short(self, who: Visitor, number: int, method: str, relation: Relation) -> bool:
        """Both methods where the record matters; else one, in turn by people and by pages."""
        endpoint = self.endpoints[number]
        if method in SHORT_METHODS and self._is_told_apart(who, endpoint):
            return relation is Relation.OWN or method in endpoint.methods
        return method == SHORT_METHODS[(self._rank(who) + number) % 2]

    def _is_told_apart(self, who: Visitor, endpoint: Endpoint) -> bool:
        """Whether nobody before was the same to this page."""
        says, person = endpoint.declared, who.person
        if says is None or person is None or not may_reach(person.role, endpoint):
            return False
        earlier = self.people[: self._rank(who)]
        asked = {says.permission} | {needed for _, needed in says.by_method}
        rooms = {permission.partition(".")[0] for permission in asked if permission}
        mine = [_in(room, person.role) for room in rooms]
        return all([_in(room, other.role) for room in rooms] != mine for other in earlier)

    def _rank(self, who: Visitor) -> int:
        return self.people.index(who.person) if who.person else len(who.name)

    def place(self, who: Visitor, endpoint: Endpoint, relation: Relation) -> Place | None:
        """The record, the same one for all pages of a builder."""
        if not endpoint.arguments:
            return None
        build, owner = PLACES[endpoint.name], who.person or self.people[0]
        if endpoint.name in OWN:
            return build(self._where(owner, relation))
        return self._made[build, relation]

    def _where(self, owner: Person, relation: Relation) -> Where:
        return Where(relation, owner.actor, owner.account, self.at)

    def _answer(self, question: Question) -> Cell:
        who, place = question.who, question.place
        address = reverse(question.endpoint.name, kwargs=place.kwargs if place else None)
        self.client.cookies.clear()
        is_of_program = _is_of_program(question.endpoint)
        token = who.person.token if who.person and is_of_program else ""
        if who.session and not token:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = who.session
        is_open = question.expected is Outcome.REACHED
        with undone() if is_open else nullcontext(), watched() as writes:
            if is_of_program:
                name = question.endpoint.name
                answer = send_as_program(self.client, question.method, name, address, token)
            else:
                answer = send(self.client, question.method, address, who.held)
        return Cell(question, outcome(answer), answer.status_code, tuple(writes))


def _is_of_program(endpoint: Endpoint) -> bool:
    return endpoint.declared is not None and endpoint.declared.reach is Reach.TOKEN


def _in(room: str, role: Role) -> set[str]:
    """The permissions of a role in a room."""
    return {name for name in role.may if name.startswith(f"{room}.")}
