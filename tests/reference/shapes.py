"""Small families for the random cases: who is sought, who descends from whom, who is a twin."""

from __future__ import annotations

from dataclasses import dataclass

Row = dict[str, str | None]
"""A person of the case schema: id, father, mother, sex ("?" where any sex will do)."""


@dataclass(frozen=True)
class Shape:
    """Two hypotheses about the candidate C.

    Args:
        related: persons under H1, each `name/sex` or `name/sex:father+mother`.
        unrelated: persons under H2; empty: as under H1, but C is a stranger, and N stands in the
            place of C.
        twins: identical twins under H1 (under H2 too, unless C is one of them).
    """

    related: str
    unrelated: str = ""
    twins: tuple[str, ...] = ()

    def rows(self, hypothesis: str) -> list[Row]:
        """The persons under "H1" or "H2"."""
        if hypothesis == "H1":
            return _rows(self.related)
        if self.unrelated:
            return _rows(self.unrelated)
        related = _rows(self.related)
        stranger: Row = {"id": "C", "father": None, "mother": None}
        stranger["sex"] = next(row["sex"] for row in related if row["id"] == "C")
        return [{k: "N" if v == "C" else v for k, v in row.items()} for row in related] + [stranger]

    def twins_under(self, hypothesis: str) -> list[list[str]]:
        """The groups of identical twins under "H1" or "H2"."""
        apart = hypothesis == "H2" and "C" in self.twins
        return [] if apart or not self.twins else [list(self.twins)]


def _rows(text: str) -> list[Row]:
    sexes = {"m": "male", "f": "female", "?": "?"}
    rows: list[Row] = []
    for word in text.split():
        person, _, parents = word.partition(":")
        name, _, sex = person.partition("/")
        father, _, mother = parents.partition("+")
        rows.append(
            {"id": name, "father": father or None, "mother": mother or None, "sex": sexes[sex]}
        )
    return rows


SHAPES = {
    "strangers_or_siblings": Shape("C/? D/?", "F/m M/f C/?:F+M D/?:F+M"),
    "trio": Shape("F/m M/f C/?:F+M"),
    "siblings": Shape("F/m M/f S/?:F+M C/?:F+M"),
    "full_or_half_siblings": Shape("F/m M/f S/?:F+M C/?:F+M", "F/m E/m M/f S/?:F+M C/?:E+M"),
    "three_siblings": Shape("F/m M/f S/?:F+M T/?:F+M C/?:F+M"),
    "half_siblings": Shape("F/m M/f W/f S/?:F+W C/?:F+M"),
    "grandparents": Shape("G/m H/f M/f F/m:G+H C/?:F+M"),
    "maternal_grandparents_or_uncle": Shape(
        "G/m H/f F/m M/f:G+H C/?:F+M", "G/m H/f F/m M/f:G+H C/?:G+H"
    ),
    "uncle": Shape("G/m H/f M/f F/m:G+H U/?:G+H C/?:F+M"),
    "father_and_his_child": Shape("F/m M/f C/m:F+M W/f K/?:C+W"),
    "mother_and_her_child": Shape("F/m M/f C/f:F+M W/m K/?:W+C"),
    "child_of_siblings": Shape("G/m H/f F/m:G+H M/f:G+H C/?:F+M"),
    "child_of_half_siblings": Shape("G/m H/f I/f F/m:G+H M/f:G+I C/?:F+M"),
    "child_of_uncle_and_niece": Shape("G/m H/f A/m:G+H B/f:G+H E/m D/f:E+B C/?:A+D"),
    "cousin_marriage": Shape("G/m H/f A/m:G+H B/f:G+H W/f E/m F/m:A+W M/f:E+B C/?:F+M"),
    "twin_siblings": Shape("F/m M/f S/f:F+M T/f:F+M C/?:F+M", twins=("S", "T")),
    "twin_of_the_candidate": Shape("F/m M/f S/m:F+M C/m:F+M", twins=("S", "C")),
    "twin_of_the_father": Shape("G/m H/f M/f F/m:G+H U/m:G+H C/?:F+M", twins=("U", "F")),
}
