"""Agencies by kind and level, ranks, and the bodies that sit in the joint conference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from reunion.packs.basis import BASIS_KEYS, Basis, Status, basis_of, by_code, read_coded
from reunion.packs.rows import Row, in_each, read_table
from reunion.packs.shape import Entry

REQUIRED = ("police", "laboratory", "civil_affairs", "conference_office")
"""The kinds of agency that the product asks every jurisdiction for."""


@dataclass(frozen=True, slots=True)
class AgencyKind:
    """A kind of agency, and what it is called at each level that has it."""

    code: str
    names: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    basis: Basis

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that have such an agency, from the top down."""
        return tuple(self.titles)


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank on a ladder, such as that of the police; `order` 1 is the highest."""

    code: str
    names: Mapping[str, str]
    ladder: str
    order: int
    agencies: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Body:
    """A body that exists once in the country, from one day to another where they are known."""

    code: str
    names: Mapping[str, str]
    agency: str
    valid_from: date | None
    valid_to: date | None
    successor: str
    note: str


class Seat(StrEnum):
    """What a body is in the conference."""

    LEAD = "lead_unit"
    MEMBER = "member_unit"


@dataclass(frozen=True, slots=True)
class Member:
    """A body's seat in one composition of the conference, as a source has it."""

    composition: str
    body: str
    seat: Seat
    status: Status


def read_agencies(file: Path, languages: tuple[str, ...]) -> Mapping[str, AgencyKind]:
    """The kinds of agency by code.

    Raises:
        PackError: names the places that are wrong.
    """
    return read_coded(file, "agency", lambda entry: _agency(entry, languages), REQUIRED)


def _agency(entry: Entry, languages: tuple[str, ...]) -> AgencyKind:
    entry.only("code", "name", "title", *BASIS_KEYS)
    title = entry.entry("title")
    titles = {level: title.translated(level, languages) for level in title.values}
    if not titles:
        raise entry.wrong("title", "at least one level is wanted")
    names = entry.translated("name", languages)
    return AgencyKind(entry.code("code"), names, titles, basis_of(entry))


def read_ranks(file: Path, languages: tuple[str, ...]) -> Mapping[str, Rank]:
    """The ranks by code.

    Raises:
        PackError: names the places that are wrong.
    """

    def rank(entry: Entry) -> Rank:
        entry.only("code", "name", "ladder", "order", "agencies", *BASIS_KEYS)
        return Rank(
            code=entry.code("code"),
            names=entry.translated("name", languages),
            ladder=entry.code("ladder"),
            order=entry.whole("order", 1),
            agencies=entry.texts("agencies"),
            basis=basis_of(entry),
        )

    return read_coded(file, "rank", rank)


def read_bodies(file: Path, languages: tuple[str, ...]) -> Mapping[str, Body]:
    """The bodies by code.

    Raises:
        PackError: names the lines that are wrong.
    """

    def body(row: Row) -> Body:
        return Body(
            code=row.code("code"),
            names=row.translated("name", languages),
            agency=row.optional("agency"),
            valid_from=row.optional_day("valid_from"),
            valid_to=row.optional_day("valid_to"),
            successor=row.optional("successor"),
            note=row.optional("note"),
        )

    left = ("code", *in_each("name", languages), "agency")
    columns = (*left, "valid_from", "valid_to", "successor", "note")
    return by_code(file, "body", read_table(file, columns, body))


def read_conference(file: Path) -> tuple[Member, ...]:
    """The compositions of the joint conference; a template for whoever keeps the real list.

    Raises:
        PackError: names the lines that are wrong.
    """
    seen: set[tuple[str, str]] = set()

    def member(row: Row) -> Member:
        found = Member(
            row.text("composition"),
            row.code("body"),
            row.member("seat", Seat),
            row.member("status", Status),
        )
        if (found.composition, found.body) in seen:
            raise row.wrong("body", f"{found.body} has a seat already")
        seen.add((found.composition, found.body))
        return found

    return read_table(file, ("composition", "body", "seat", "status"), member)
