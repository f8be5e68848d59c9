"""The words of the report: every sentence in both languages, from `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from reunion.kinship.pictures.words import DistributionWords, PedigreeWords

if TYPE_CHECKING:
    from reunion.kinship.report.lead import LeadReport

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_FILE = Path(__file__).with_name("words.toml")


@cache
def words(language: Language) -> Mapping[str, str]:
    """The words of one language, by key.

    >>> words("zh")["marker"]
    '基因座'
    """
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {key: entry[language] for key, entry in entries.items()}


def hypotheses(report: LeadReport, language: Language) -> dict[str, str]:
    """Both hypotheses in whole sentences."""
    say = words(language)
    family = report.family
    sought = family.pedigree[family.sought]
    names = {"sample": report.sample, "sought": sought.id, "family": family.id}
    related = say["h1"].format(**names)
    if sought.father is not None:
        parents = {"father": sought.father, "mother": sought.mother}
        related += say["h1_parents"].format(**names, **parents)
    if children := family.pedigree.children_of(sought.id):
        listed = say["separator"].join(child.id for child in children)
        related += say["h1_children"].format(**names, children=listed)
    return {"H1": related, "H2": say["h2"].format(**names)}


def pedigree_words(family: str, language: Language) -> PedigreeWords:
    """The words of the picture of a pedigree."""
    say = words(language)
    return PedigreeWords(
        title=say["picture_pedigree"].format(family=family),
        description=say["picture_pedigree_description"],
        male=say["male"],
        female=say["female"],
        unknown=say["unknown"],
        typed=say["symbol_typed"],
        sought=say["symbol_sought"],
        nobody=say["nobody"],
    )


def distribution_words(language: Language) -> DistributionWords:
    """The words of the picture of a distribution."""
    say = words(language)
    return DistributionWords(
        title=say["distribution"],
        description=say["distribution_description"],
        axis=say["axis"],
        related=say["curve_related"],
        unrelated=say["curve_unrelated"],
        lead=say["curve_lead"],
    )
