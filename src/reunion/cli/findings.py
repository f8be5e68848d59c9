"""Findings of `reunion kinship check` in words, and as rows of a file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeAlias

from reunion.kinship.quality.consistency import Alternative, Change, Consistency
from reunion.kinship.quality.exchanges import Place, Swap
from reunion.kinship.quality.pairwise import SHARES, Relation
from reunion.kinship.quality.relatives import RelativePair
from reunion.kinship.quality.sameness import Duplicate
from reunion.kinship.quality.severity import Severity
from reunion.kinship.quality.sex import SexMismatch

COLUMNS = (
    "kind", "severity", "family_id", "persons", "samples", "markers", "log10_lr", "sentence",
    "least_table", "tables",
)  # fmt: skip

DOUBTFUL_FAMILY, MISMATCH = "doubtful_family", "mismatch"

_RELATIONS = {
    Relation.IDENTICAL: "one person, or identical twins",
    Relation.PARENT_CHILD: "parent and child",
    Relation.FULL_SIBLINGS: "full siblings",
    Relation.SECOND_DEGREE: "half siblings, or uncle and nephew, or grandparent and grandchild",
    Relation.UNRELATED: "unrelated",
}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A sample with the profile of somebody of the elimination set."""

    match: Duplicate

    @property
    def severity(self) -> Severity:
        """The sample is not to be used."""
        return Severity.STOP


Found: TypeAlias = "KnownPerson | Duplicate | SexMismatch | Swap | Consistency | RelativePair"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as a row: lists are tuples; `log10_lr` is what the sentence rests on.

    `tables` are the frequency tables with which it was found, `least_table` is the one of them that
    says least, and whose figures these are.
    """

    kind: str
    severity: Severity
    family_id: tuple[str, ...]
    persons: tuple[str, ...]
    samples: tuple[str, ...]
    markers: tuple[str, ...]
    log10_lr: float | None
    sentence: str
    least_table: str = ""
    tables: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """How much the finding says: 0 where it rests on no figure."""
        return abs(self.log10_lr or 0.0)

    @property
    def subject(self) -> tuple[object, ...]:
        """What it is about: findings of several tables about one subject are one finding."""
        if self.kind == DOUBTFUL_FAMILY:
            return self.kind, self.family_id
        return self.kind, self.family_id, self.persons, self.samples

    def row(self) -> Iterator[object]:
        """The cells of `COLUMNS`."""
        for cell in asdict(self).values():
            yield ";".join(cell) if isinstance(cell, tuple) else "" if cell is None else cell

    def as_json(self) -> dict[str, object]:
        """The same for JSON, which has no infinity."""
        cells = asdict(self)
        if self.log10_lr is not None and math.isinf(self.log10_lr):
            cells["log10_lr"] = "Inf" if self.log10_lr > 0 else "-Inf"
        return cells


def merged(by_table: Mapping[str, Sequence[Finding]]) -> tuple[Finding, ...]:
    """The findings of several frequency tables as one list, in the order of the first ones.

    Each has the figures of the table that says least; a family that is doubtful with one table is
    not said to fit because of another one.
    """
    found: dict[tuple[object, ...], list[tuple[str, Finding]]] = {}
    for table, findings in by_table.items():
        for one in findings:
            found.setdefault(one.subject, []).append((table, one))
    doubtful = {one.family_id for of in found.values() for _, one in of if _is_doubtful(one)}
    rows = []
    for of in found.values():
        table, least = min(of, key=lambda pair: pair[1].weight)
        if least.kind != MISMATCH or least.family_id not in doubtful:
            tables = tuple(name for name, _ in of)
            rows.append(replace(least, least_table=table, tables=tables))
    return tuple(rows)


def _is_doubtful(one: Finding) -> bool:
    return one.kind == DOUBTFUL_FAMILY


def finding(found: Found) -> Finding:
    """What was found, in words."""
    match found:
        case KnownPerson(match):
            known, sample = match.samples
            sentence = (
                f"sample {sample} has the profile of {known} of the elimination set"
                f" ({_likeness(match)}): contamination, or a control"
            )
            return _of_samples("elimination_match", found.severity, match, sentence)
        case Duplicate():
            one, other = found.samples
            sure = "are of one person" if found.is_certain else "are of one person or of siblings"
            sentence = (
                f"samples {one} and {other} {sure}, it seems ({_likeness(found)}): typed twice,"
                " identical twins, a mistaken label, or contamination"
            )
            return _of_samples("duplicate", found.severity, found, sentence)
        case SexMismatch():
            return Finding(
                "sex_mismatch", found.severity, (found.family_id,), (found.person,),
                (found.sample,), (), None,
                f"family {found.family_id}: the sex marker of sample {found.sample} shows"
                f" {found.seen} and {found.person} is {found.declared}: make sure whose it is",
            )  # fmt: skip
        case Swap():
            return _swap(found)
        case Consistency():
            return _consistency(found)
        case RelativePair():
            return _relatives(found)


def _likeness(match: Duplicate) -> str:
    """The numbers behind "one person"."""
    differ = ", ".join(match.differing) or "none"
    return (
        f"{match.shared} markers in common, different: {differ}; log10 LR {match.log10_lr:.1f},"
        f" against siblings {match.log10_lr_siblings:.1f}"
    )


def _of_samples(kind: str, severity: Severity, match: Duplicate, sentence: str) -> Finding:
    return Finding(kind, severity, (), (), match.samples, match.differing, match.log10_lr, sentence)


def _swap(found: Swap) -> Finding:
    """An exchange."""
    places = [place for of in found.places for place in of]
    one, other = (
        f"{sample} ({_whose(of)})" for sample, of in zip(found.samples, found.places, strict=True)
    )
    plate = f", both on {found.plate}," if found.plate else ""
    others = "".join(f"; {a} and {b} exchanged would explain it too" for a, b in found.as_likely)
    return Finding(
        "sample_swap",
        found.severity,
        tuple(dict.fromkeys(place.family_id for place in places)),
        tuple(place.person for place in places),
        found.samples,
        (),
        found.log10_gain,
        f"samples {one} and {other}{plate} were exchanged, it seems: exchanged they fit"
        f" {_times(found.log10_gain)} better{others}",
    )


def _whose(places: tuple[Place, ...]) -> str:
    """Whose sample it is said to be."""
    names = [f"{place.person} of family {place.family_id}" for place in places]
    return " and ".join(names) or "of no family"


def _consistency(found: Consistency) -> Finding:
    """A family that does not fit, or fits with a mutation."""
    markers = (*found.needs_mutation, *found.impossible)
    listed = ""
    if found.needs_mutation:
        listed += f"; only a mutation explains {', '.join(found.needs_mutation)}"
    if found.impossible:
        listed += f"; nothing explains {', '.join(found.impossible)}"
    if not found.is_doubtful:
        sentence = f"family {found.family_id} fits its pedigree{listed}"
        return Finding(
            MISMATCH, found.severity, (found.family_id,), (), (), markers, None, sentence
        )
    log10_lr = found.culprits[0].log10_lr
    suspects = " or ".join(map(_suspicion, found.culprits))
    return Finding(
        DOUBTFUL_FAMILY,
        found.severity,
        (found.family_id,),
        tuple(dict.fromkeys(p for c in found.culprits for p in (c.person, *c.parents))),
        (),
        markers,
        log10_lr,
        f"family {found.family_id}: the genotypes are {_times(-log10_lr)} more likely if"
        f" {suspects}{listed}",
    )


def _suspicion(culprit: Alternative) -> str:
    """What would explain the genotypes."""
    if culprit.change is Change.SAMPLE_REPLACED:
        return f"the profile of {culprit.person} is a stranger's"
    verb = "is not a parent" if len(culprit.parents) == 1 else "are not the parents"
    return f"{' and '.join(culprit.parents)} {verb} of {culprit.person}"


def _relatives(found: RelativePair) -> Finding:
    """Two relatives who are related otherwise."""
    one, other = found.persons
    estimate, errors = found.estimate, found.estimate.errors
    shares = ", ".join(
        f"{k:.2f} (±{error:.2f})"
        for k, error in zip((estimate.k0, estimate.k1, estimate.k2), errors, strict=True)
    )
    kind = "unexpected_relatives" if found.is_declared_unrelated else "other_relation"
    return Finding(
        kind,
        found.severity,
        (found.family_id,),
        found.persons,
        found.samples,
        (),
        found.doubt,
        f"family {found.family_id}: {one} and {other} are declared {_declared(found)}, and are"
        f" {_times(found.doubt)} more likely {_RELATIONS[found.likely]} (shares of 0, 1, 2 common"
        f" alleles: {shares}, from {estimate.markers} markers)",
    )


def _declared(found: RelativePair) -> str:
    """The declared relation in words, or its shares of common alleles."""
    for relation, words in _RELATIONS.items():
        exact = (0, 0, 1) if relation is Relation.IDENTICAL else SHARES[relation]
        if found.declared == exact:
            return words
    return "related by shares of " + ", ".join(f"{share:g}" for share in found.declared)


def _times(log10: float) -> str:
    """A factor in words."""
    if math.isinf(log10):
        return "infinitely"
    return f"{10**log10:.0f} times" if log10 < 4 else f"10^{log10:.1f} times"
