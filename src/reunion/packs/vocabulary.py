"""Words of a jurisdiction: official terms, kinds of collection points, readings of surnames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from reunion.packs.basis import BASIS_KEYS, Basis, Status, basis_of, by_code, read_coded
from reunion.packs.rows import Row, each, read_table
from reunion.packs.shape import Entry, read_toml


@dataclass(frozen=True, slots=True)
class Term:
    """An official term; the first language of the pack has the authentic wording."""

    code: str
    names: Mapping[str, str]
    basis: Basis


@dataclass(frozen=True, slots=True)
class CollectionKind:
    """A kind of place where families give blood, and the kind of agency that runs it."""

    code: str
    names: Mapping[str, str]
    agency: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Collection:
    """Kinds of collection points, and the hours of one whose own hours are not known."""

    kinds: Mapping[str, CollectionKind]
    opens: time
    closes: time
    hours_basis: Basis


@dataclass(frozen=True, slots=True)
class Surname:
    """How a surname is read where that differs from, or is disputed against, the usual reading."""

    code: str
    reading: str
    also_read: str
    default_reading: str
    status: Status
    note: str


def read_terms(file: Path, languages: tuple[str, ...]) -> Mapping[str, Term]:
    """The terms by code.

    Raises:
        PackError: names the places that are wrong.
    """

    def term(entry: Entry) -> Term:
        entry.only("code", *languages, *BASIS_KEYS)
        names = {language: entry.text(language) for language in languages}
        return Term(entry.code("code"), names, basis_of(entry))

    return read_coded(file, "term", term)


def read_collection(file: Path, languages: tuple[str, ...]) -> Collection:
    """The kinds of collection points, by code, and usual hours.

    Raises:
        PackError: names the places that are wrong.
    """

    def kind(entry: Entry) -> CollectionKind:
        entry.only("code", "name", "agency", *BASIS_KEYS)
        names = entry.translated("name", languages)
        return CollectionKind(entry.code("code"), names, entry.code("agency"), basis_of(entry))

    top = read_toml(file)
    top.only("hours", "kind")
    kinds = by_code(file, "kind", each(kind, top.entries("kind")))
    hours = top.entry("hours")
    hours.only("opens", "closes", *BASIS_KEYS)
    opens, closes = hours.values.get("opens"), hours.values.get("closes")
    if not isinstance(opens, time) or not isinstance(closes, time) or opens >= closes:
        raise hours.wrong("opens", "opens and closes are times without quotes, in this order")
    return Collection(kinds, opens, closes, basis_of(hours))


def read_surnames(file: Path) -> Mapping[str, Surname]:
    """The surnames by themselves.

    Raises:
        PackError: names the lines that are wrong.
    """

    def surname(row: Row) -> Surname:
        for column in ("reading", "also_read", "default_reading"):
            letters = row.optional(column).replace(" ", "")
            if letters and not (letters.isascii() and letters.isalpha() and letters.islower()):
                raise row.wrong(column, f"{row.optional(column)!r} is not in small Latin letters")
        return Surname(
            code=row.text("surname"),
            reading=row.text("reading"),
            also_read=row.optional("also_read"),
            default_reading=row.text("default_reading"),
            status=row.member("status", Status),
            note=row.optional("note"),
        )

    columns = ("surname", "reading", "also_read", "default_reading", "status", "note")
    return by_code(file, "surname", read_table(file, columns, surname))
