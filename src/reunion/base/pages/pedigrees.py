"""A pedigree on a page: the picture of `kinship`, and the same family in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from reunion.base.errors import RuleBroken
from reunion.kinship.pedigree import Pedigree
from reunion.kinship.pictures.pedigree import pedigree_svg
from reunion.kinship.report.words import Language, pedigree_words

_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class FamilyPicture:
    """A family: who is sought, and of whom there is a typed sample.

    Args:
        id: short, and of one picture of a page only.
        family: how the family is called; a code, not a name.
        captions: more lines under a person.
    """

    id: str
    family: str
    pedigree: Pedigree
    sought: str | None = None
    typed: Collection[str] = ()
    captions: Mapping[str, Sequence[str]] | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise RuleBroken(rule="picture_has_an_id")

    @property
    def title(self) -> str:
        """What the picture is called."""
        return pedigree_words(self.family, _language()).title

    @property
    def svg(self) -> SafeString:
        """The picture, with its title and description inside; names in it are escaped."""
        drawn = pedigree_svg(
            self.pedigree,
            sought=self.sought,
            typed=self.typed,
            captions=dict(self.captions or {}),
            words=pedigree_words(self.family, _language()),
        )
        return SafeString(drawn)

    @property
    def persons(self) -> list[tuple[str, str]]:
        """Each person, and what the picture says of them, in words."""
        words = pedigree_words(self.family, _language())
        rows = []
        for person in self.pedigree:
            said = [str(getattr(words, person.sex))]
            if person.father is not None and person.mother is not None:
                parents = {"father": person.father, "mother": person.mother}
                said.append(gettext("child of %(father)s and %(mother)s") % parents)
            if person.id == self.sought:
                said.append(words.sought)
            if person.id in self.typed:
                said.append(words.typed)
            said += (self.captions or {}).get(person.id, ())
            rows.append((person.id, gettext(", ").join(said)))
        return rows


def _language() -> Language:
    return "zh" if (get_language() or "").startswith("zh") else "en"
