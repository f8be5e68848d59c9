"""What has been announced: special campaigns, rewards for clues, measures of the action plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from reunion.packs.basis import Status, by_code
from reunion.packs.rows import Row, in_each, read_table


@dataclass(frozen=True, slots=True)
class Campaign:
    """A special action; days as precise as published, `ends` blank where no end was."""

    code: str
    names: Mapping[str, str]
    starts: str
    ends: str
    lead: str
    partners: tuple[str, ...]
    aims: Mapping[str, str]
    results: Mapping[str, str]
    source: str


class RewardRule(StrEnum):
    """How the amount of a tier is found."""

    RANGE = "range"
    BY_RESULT = "by_result"
    FIXED_TIER = "fixed_tier"


class Stacking(StrEnum):
    """What happens where a clue earns several tiers."""

    HIGHEST_ONLY = "highest_only"
    ADDITIVE = "additive"
    UNSPECIFIED = "unspecified"


class Identity(StrEnum):
    """Under which name a reward is claimed."""

    REAL_NAME = "real_name"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"
    UNSPECIFIED = "unspecified"


class Answer(StrEnum):
    """What an announcement says to a question that it may leave open."""

    YES = "yes"
    NO = "no"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class RewardTier:
    """One tier of a scheme; amounts in the currency of the pack, both ends included."""

    scheme: str
    region: str
    authority: Mapping[str, str]
    announced: str
    condition: Mapping[str, str]
    least: Decimal
    most: Decimal
    rule: RewardRule
    stacking: Stacking
    first_reporter_only: Answer
    pay_within_working_days: int | None
    identity: Identity
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a plan: who leads and who cooperates, as bodies; a template to be edited."""

    plan: str
    section: str
    number: str
    texts: Mapping[str, str]
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    status: Status
    source: str


def read_campaigns(file: Path, languages: tuple[str, ...]) -> Mapping[str, Campaign]:
    """The campaigns by code.

    Raises:
        PackError: names the lines that are wrong.
    """

    def campaign(row: Row) -> Campaign:
        starts, ends = row.about_day("starts"), row.about_day("ends")
        if not starts or (ends and ends < starts):
            raise row.wrong("starts", "a start is wanted, and it comes before the end")
        return Campaign(
            code=row.code("code"),
            names=row.translated("name", languages),
            starts=starts,
            ends=ends,
            lead=row.code("lead"),
            partners=row.codes("partners"),
            aims=row.translated("aims", languages),
            results=row.translated("results", languages) if row.optional(_first("results")) else {},
            source=row.text("source"),
        )

    def _first(column: str) -> str:
        return f"{column}_{languages[0]}"

    names, aims = in_each("name", languages), in_each("aims", languages)
    results = in_each("results", languages)
    columns = ("code", *names, "starts", "ends", "lead", "partners", *aims, *results, "source")
    return by_code(file, "campaign", read_table(file, columns, campaign))


def read_rewards(file: Path, languages: tuple[str, ...]) -> tuple[RewardTier, ...]:
    """The tiers of the reward schemes.

    Raises:
        PackError: names the lines that are wrong.
    """
    seen: set[tuple[str, str]] = set()

    def tier(row: Row) -> RewardTier:
        least, most = row.decimal("least"), row.decimal("most")
        if least > most:
            raise row.wrong("most", "it is below the least")
        rule = row.member("rule", RewardRule)
        if rule is RewardRule.FIXED_TIER and least != most:
            raise row.wrong("most", "a fixed tier has one amount")
        key = row.text("scheme"), row.text(f"condition_{languages[0]}")
        if key in seen:
            raise row.wrong("condition", f"the scheme {key[0]} has this condition already")
        seen.add(key)
        limit = "pay_within_working_days"
        return RewardTier(
            scheme=row.text("scheme"),
            region=row.text("region"),
            authority=row.translated("authority", languages),
            announced=row.about_day("announced"),
            condition=row.translated("condition", languages),
            least=least,
            most=most,
            rule=rule,
            stacking=row.member("stacking", Stacking),
            first_reporter_only=row.member("first_reporter_only", Answer),
            pay_within_working_days=row.whole(limit) if row.optional(limit) else None,
            identity=row.member("identity", Identity),
            source=row.text("source"),
        )

    left = ("scheme", "region", *in_each("authority", languages), "announced")
    middle = (*in_each("condition", languages), "least", "most", "rule", "stacking")
    right = ("first_reporter_only", "pay_within_working_days", "identity", "source")
    return read_table(file, (*left, *middle, *right), tier)


def read_plan(file: Path, languages: tuple[str, ...]) -> tuple[Measure, ...]:
    """The measures of the action plans.

    Raises:
        PackError: names the lines that are wrong.
    """
    seen: set[tuple[str, str]] = set()

    def measure(row: Row) -> Measure:
        lead, cooperating = row.codes("lead"), row.codes("cooperating")
        status = row.member("status", Status)
        if set(lead) & set(cooperating):
            raise row.wrong("cooperating", "a body leads or cooperates, not both")
        if status is Status.VERIFIED and not (lead and row.optional("source")):
            raise row.wrong("status", "what is verified has a lead and a source")
        key = row.text("plan"), row.text("number")
        if key in seen:
            raise row.wrong("number", f"{key[1]} is there twice in the plan {key[0]}")
        seen.add(key)
        texts, source = row.translated("measure", languages), row.optional("source")
        return Measure(
            key[0], row.code("section"), key[1], texts, lead, cooperating, status, source
        )

    left = ("plan", "section", "number", *in_each("measure", languages))
    return read_table(file, (*left, "lead", "cooperating", "status", "source"), measure)
