"""What writers share: they say what the format cannot hold, and never leave it out in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Dataset, Sample


class Losses:
    """What a file lacks that the data hold: one complaint for each person, marker or kind."""

    def __init__(self, path: Path) -> None:
        """Start without any."""
        self._file = str(path)
        self._complaints: list[Complaint] = []
        self._fields: Counter[str] = Counter()

    def lose(self, reason: str, value: str = "", *, sample: str = "", marker: str = "") -> None:
        """Something is left out."""
        reason = f"left out: {reason}"
        self._complaints.append(
            Complaint(self._file, reason, 0, "value" if value else "", value, sample, marker)
        )

    def lose_genotype(self, sample: Sample, marker: str, reason: str) -> None:
        """A genotype or haplotype is left out."""
        alleles = sample.genotypes.get(marker) or sample.haplotypes[marker]
        value = ",".join(allele or "?" for allele in alleles)
        self.lose(reason, value, sample=sample.id, marker=marker)

    def lose_parts(self, dataset: Dataset, kept: Collection[str]) -> None:
        """Whole parts of the data that are not among `kept`, the names of the fields."""
        parts = {
            "samples": ("samples", [sample.id for sample in dataset.samples]),
            "families": ("families", [family.id for family in dataset.families]),
            "frequencies": (
                "the frequency table",
                [dataset.frequencies.name] if dataset.frequencies else [],
            ),
            "minima": ("least frequencies", list(dataset.minima)),
            "mutations": ("mutation models", list(dataset.mutations)),
            "kept": ("texts of the file read", list(dataset.kept)),
        }
        for part, (words, names) in parts.items():
            if names and part not in kept:
                self.lose(f"the format does not hold {words} ({len(names)})", ", ".join(names))

    def lose_details(self, sample: Sample, kept: Collection[str]) -> None:
        """Details of a sample that are not among `kept`: parts of `Sample`, names of fields."""
        details = {
            "genotypes": bool(sample.genotypes),
            "haplotypes": bool(sample.haplotypes),
            "mitochondrial": bool(sample.mitochondrial),
            "sex": sample.sex != "unknown",
            "kit": bool(sample.kit),
            "role": bool(sample.role),
            **dict.fromkeys(sample.fields, True),
        }
        self._fields.update(name for name, has in details.items() if has and name not in kept)

    def complaints(self) -> tuple[Complaint, ...]:
        """All of them; details of samples are counted by name."""
        for name, count in self._fields.items():
            self.lose(f"the format does not hold this of {count} samples", name)
        self._fields.clear()
        return tuple(self._complaints)


class Kept:
    """The texts of a file read that were not understood: which of them find their place again."""

    def __init__(self, dataset: Dataset) -> None:
        """Start with all of them unplaced."""
        self._texts = dict(dataset.kept)
        self._left = dict.fromkeys(self._texts)

    def text(self, place: str, usual: str) -> str:
        """What stands at a place; `usual` where nothing was kept."""
        self._left.pop(place, None)
        return self._texts.get(place, usual)

    def left(self, start: str = "") -> list[str]:
        """The places that are still unplaced and begin so."""
        return [place for place in self._left if place.startswith(start)]

    def lose_rest(self, losses: Losses) -> None:
        """Report what found no place."""
        for place in self._left:
            losses.lose("the format has no place for this text of the file read", place)


def is_plain(text: str) -> bool:
    """Whether a text reads back the same from a field of a table: printable, no outer blanks.

    >>> is_plain("plate 1"), is_plain(" plate"), is_plain("two" + chr(10) + "lines")
    (True, False, False)
    """
    return text.isprintable() and text == text.strip()


HELD = ("genotypes", "haplotypes")
"""What every format of genotypes holds of a sample."""


def alleles_by_marker(sample: Sample) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """All markers of a sample: genotypes first, then haplotypes."""
    yield from sample.genotypes.items()
    yield from sample.haplotypes.items()
