"""What one row of profiles says, as a number: each distinct text is judged once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.genotypes import UNKNOWN, Checks, Doubt, Single, is_aside
from reunion.kinship.formats.sheet import Sheet
from reunion.kinship.markers import Genotype, allele_order

COLUMNS = ("sample_id", "marker", "allele_1", "allele_2")
MORE_ALLELES = tuple(f"allele_{n}" for n in range(3, 9))

NOT_TYPED = 0

Rest: TypeAlias = "str | tuple[str, ...]"
"""A row without its sample: what is left of the line, or the fields."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Rows of this text go to quarantine; `column` is that of their locus, where it is known."""

    marker: str
    column: int | None
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class WithoutPart:
    """Rows of this text are of a marker on X or Y."""

    marker: str


class Judge:
    """Numbers for the texts of rows.

    `loci` are those of the catalogue that take part, the sex marker among them; the genotype with
    number n > 0 of locus l is `genotypes[l][n - 1]`; number 0 is "not typed".
    """

    def __init__(self, sheet: Sheet, checks: Checks, single: Single = "quarantine") -> None:
        """Start without genotypes."""
        self.loci = [locus for locus in checks.catalogue.loci if not is_aside(locus)]
        self.genotypes: list[list[Genotype]] = [[] for _ in self.loci]
        self.spellings: list[Complaint] = []
        self._sheet = sheet
        self._checks = checks
        self._single = single
        self._column = {locus.name: at for at, locus in enumerate(self.loci)}
        self._numbers: list[dict[Genotype, int]] = [{} for _ in self.loci]
        self._special: list[Doubtful | WithoutPart] = []

    def verdict(self, rest: Rest, line: int) -> int:
        """Column << 16 | number of the genotype; 0 for not typed; below 0 see `special`."""
        fields = self._fields(rest)
        marker, *texts = (fields.get(name, "") for name in COLUMNS[1:])
        column = None
        try:
            locus = self._checks.locus(marker)
            if locus is None:
                return self._new_special(WithoutPart(marker))
            column = self._column[locus.name]
            self._check_shape(rest, fields)
            alleles = self._checks.alleles(locus, *texts, single=self._single)
        except Doubt as doubt:
            return self._new_special(Doubtful(marker, column, doubt))
        for field, text, allele in zip(COLUMNS[2:], texts, alleles, strict=True):
            if text.strip().upper() not in (allele, "", UNKNOWN):
                reason = f"read as {allele}, here and in all other rows"
                self.spellings.append(
                    Complaint(self._sheet.name, reason, line, field, text, "", marker)
                )
        return self._number(column, allele_order(filter(None, alleles)))

    def special(self, verdict: int) -> Doubtful | WithoutPart:
        """What a verdict below 0 stands for."""
        return self._special[-verdict - 1]

    def text(self, column: int, number: int) -> str:
        """A genotype as a row would give it."""
        first, second = self.genotypes[column][number - 1]
        return f"{first},{second or UNKNOWN}"

    def _number(self, column: int, alleles: list[str]) -> int:
        """The number of a genotype, a new one where it was not seen before."""
        if not alleles:
            return NOT_TYPED
        genotype = (alleles[0], alleles[1] if len(alleles) > 1 else None)
        numbers = self._numbers[column]
        if genotype not in numbers:
            self.genotypes[column].append(genotype)
            numbers[genotype] = len(numbers) + 1
        return column << 16 | numbers[genotype]

    def _new_special(self, special: Doubtful | WithoutPart) -> int:
        self._special.append(special)
        return -len(self._special)

    def _values(self, rest: Rest) -> list[str]:
        """The fields of a row without its sample."""
        if isinstance(rest, str):
            return rest.rstrip("\r\n").split(self._sheet.separator)
        return list(rest)

    def _fields(self, rest: Rest) -> dict[str, str]:
        """The fields by name, as far as the row goes."""
        values = self._values(rest)
        without = self._sheet.columns["sample_id"]
        places = {name: at - (at > without) for name, at in self._sheet.columns.items()}
        return {
            name: values[at]
            for name, at in places.items()
            if name != "sample_id" and at < len(values)
        }

    def _check_shape(self, rest: Rest, fields: dict[str, str]) -> None:
        """Doubt a row of another length than the first line, or with a third allele."""
        values = self._values(rest)
        if len(values) + 1 != self._sheet.width:
            reason = self._sheet.width_reason(len(values) + 1)
            raise Doubt(reason, "row", self._sheet.separator.join(values))
        for name in MORE_ALLELES:
            if text := fields.get(name, "").strip():
                raise Doubt("more than two alleles: give two per marker", name, text)
