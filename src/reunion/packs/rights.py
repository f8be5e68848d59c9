"""Clocks of the people whose data are kept: answers, breaches, and how long records are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reunion.packs.basis import BASIS_KEYS, Basis, basis_of, by_code
from reunion.packs.rows import each
from reunion.packs.shape import Entry, read_toml

REQUIRED = (
    "unverified_tip",
    "paid_tip",
    "family_sample",
    "unknown_sample",
    "search_log",
    "impact_assessment",
)
"""The classes of records that the product asks every jurisdiction for."""


class StartsFrom(StrEnum):
    """The event from which the months of a class are counted."""

    RECEIVED = "received"
    PAID = "paid"
    MATCH_OR_WITHDRAWAL = "match_or_withdrawal"
    IDENTITY_SETTLED = "identity_settled"
    SEARCHED = "searched"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long records of one class are kept; when it is over, two people destroy them."""

    code: str
    names: Mapping[str, str]
    months: int
    starts_from: StartsFrom
    note: Mapping[str, str]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Rights:
    """The clocks of a jurisdiction.

    Args:
        answer_days: working days within which a request about one's data is answered.
        extension_days: working days that can be added, once.
        breach_hours: hours from the finding of a breach until those concerned are told.
        retention: classes of records, by code.
    """

    answer_days: int
    extension_days: int
    answer_basis: Basis
    breach_hours: int
    breach_basis: Basis
    retention: Mapping[str, RetentionClass]


def read_rights(file: Path, languages: tuple[str, ...]) -> Rights:
    """The clocks of a pack.

    Raises:
        PackError: names the places that are wrong.
    """
    top = read_toml(file)
    top.only("answer", "breach", "retention")
    answer, breach = top.entry("answer"), top.entry("breach")
    answer.only("working_days", "extension_working_days", "note", *BASIS_KEYS)
    breach.only("hours", "note", *BASIS_KEYS)
    classes = each(lambda entry: _class(entry, languages), top.entries("retention"))
    retention = by_code(file, "retention", classes, REQUIRED)
    for part in (answer, breach):
        part.translated("note", languages)
    return Rights(
        answer_days=answer.whole("working_days", 1),
        extension_days=answer.whole("extension_working_days", 1),
        answer_basis=basis_of(answer),
        breach_hours=breach.whole("hours", 1),
        breach_basis=basis_of(breach),
        retention=retention,
    )


def _class(entry: Entry, languages: tuple[str, ...]) -> RetentionClass:
    entry.only("code", "name", "months", "starts_from", "note", *BASIS_KEYS)
    return RetentionClass(
        code=entry.code("code"),
        names=entry.translated("name", languages),
        months=entry.whole("months"),
        starts_from=entry.member("starts_from", StartsFrom),
        note=entry.translated("note", languages),
        basis=basis_of(entry),
    )
