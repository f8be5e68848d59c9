"""Gathers the genotypes of a file by sample; each distinct text is judged once."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from reunion.kinship.errors import BadAllele
from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import MitochondrialRange, Rules, Sample
from reunion.kinship.formats.genotypes import SEX_MARKER, UNKNOWN, Checks, Doubt, Single, beside
from reunion.kinship.formats.sheet import BLANKS
from reunion.kinship.markers import Genotype, allele_name, allele_order
from reunion.kinship.pedigree import Sex

_SHOWN_BY_SEX_MARKER = {Sex.FEMALE: ("X", "X"), Sex.MALE: ("X", "Y")}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a marker and its alleles say.

    `locus` is blank where nobody knows the marker; `alleles` are empty where nothing was typed, or
    where there is a doubt.
    """

    locus: str
    alleles: tuple[str | None, ...]
    is_haplotype: bool
    doubt: Doubt | None


@dataclass(slots=True)
class Draft:
    """A sample that is being read."""

    id: str
    line: int
    sex: Sex = Sex.UNKNOWN
    kit: str = ""
    role: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    mitochondrial: list[MitochondrialRange] = field(default_factory=list)
    alleles: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    haplotypes: set[str] = field(default_factory=set)
    lines: array[int] = field(default_factory=lambda: array("I"))
    spoiled: dict[str, int] = field(default_factory=dict)
    clashing: set[str] = field(default_factory=set)
    is_described: bool = False

    def describe(self, *, kit: str, role: str, fields: Mapping[str, str]) -> list[str]:
        """Keep what is said about the sample; gives the names where it was described otherwise."""
        if not self.is_described:
            self.kit, self.role, self.fields, self.is_described = kit, role, fields, True
            return []
        names = [
            name for name in (*self.fields, *fields) if self.fields.get(name) != fields.get(name)
        ]
        names += ["kit"] if kit != self.kit else []
        names += ["role"] if role != self.role else []
        return list(dict.fromkeys(names))


class Gathering:
    """The samples of one file, and what speaks against parts of it."""

    def __init__(self, file: str, rules: Rules) -> None:
        """Start without samples."""
        self.quarantine: list[Complaint] = []
        self.spellings: list[Complaint] = []
        self._file = file
        self._rules = rules
        self._drafts: dict[str, Draft] = {}
        self._verdicts: dict[Single, dict[tuple[str, tuple[str, ...]], _Verdict]] = {}

    def draft(self, name: str, line: int) -> Draft | None:
        """The sample of this name, a new one where it was not seen; None where it is no name."""
        name = name.strip(BLANKS)
        if name not in self._drafts:
            if not name or not name.isprintable():
                reason = "this is no sample id: give one that can be read"
                self.put_aside(reason, line, "sample", name)
                return None
            self._drafts[name] = Draft(name, line)
        return self._drafts[name]

    def take(
        self,
        draft: Draft,
        marker: str,
        alleles: tuple[str, ...],
        line: int,
        single: Single | None = None,
    ) -> None:
        """One genotype more, as texts; it is kept, found equal, or put aside with a reason."""
        single = single or self._rules.single
        verdicts = self._verdicts.setdefault(single, {})
        verdict = verdicts.get((marker, alleles))
        if verdict is None:
            verdict = _judged(self._rules.checks, marker, alleles, single)
            verdicts[marker, alleles] = verdict
            self._note_spelling(verdict, marker, alleles, line)
        locus = verdict.locus
        if verdict.doubt is not None:
            doubt = verdict.doubt
            self.put_aside(doubt.reason, line, doubt.field, doubt.value, draft.id, marker)
            if locus:
                draft.spoiled.setdefault(locus, line)
        elif verdict.alleles:
            known = draft.alleles.get(locus)
            if known is None:
                draft.alleles[locus] = verdict.alleles
                draft.lines.append(line)
                if verdict.is_haplotype:
                    draft.haplotypes.add(locus)
            elif known != verdict.alleles:
                first = draft.lines[list(draft.alleles).index(locus)]
                self._put_locus_aside(draft, marker, line, verdict.alleles, first)
                draft.spoiled.setdefault(locus, line)
                draft.clashing.add(locus)

    def spoil(self, draft: Draft, marker: str, line: int) -> None:
        """A row of this marker was put aside: no other row counts for it in this sample either."""
        draft.spoiled.setdefault(_name(self._rules.checks, marker), line)

    def trust(self, listed: Mapping[str, Collection[str]]) -> None:
        """The file's own frequency table lists these alleles, by locus: they have been seen."""
        checks = self._rules.checks
        known = {locus: {*alleles} for locus, alleles in checks.listed.items()}
        for locus, alleles in listed.items():
            known.setdefault(locus, set()).update(alleles)
        self._rules = replace(self._rules, checks=Checks(checks.catalogue, known))

    def put_aside(
        self, reason: str, line: int, field: str, value: str, sample: str = "", marker: str = ""
    ) -> None:
        """Complain about a place of the file."""
        self.quarantine.append(
            Complaint(self._file, reason, line, field, value, sample, marker.strip())
        )

    def samples(self) -> tuple[Sample, ...]:
        """The samples in the order of the file, without what something speaks against."""
        return tuple(map(self._sample, filter(self._is_one_person, self._drafts.values())))

    def _is_one_person(self, draft: Draft) -> bool:
        """Whether the rows of a sample disagree at one marker at most; complains where not."""
        count = len(draft.clashing)
        if count > 1:
            reason = (
                f"the whole sample is put aside: its rows disagree at {count} markers, as if it"
            )
            reason += " were two people: give each person a sample id of their own"
            self.put_aside(reason, draft.line, "sample", draft.id, draft.id)
        return count < 2

    def _sample(self, draft: Draft) -> Sample:
        """The sample of a draft."""
        wanted = _SHOWN_BY_SEX_MARKER.get(draft.sex)
        contradicts = wanted and draft.alleles.get(SEX_MARKER) not in (None, wanted)
        if draft.spoiled or contradicts:
            places = dict(zip(draft.alleles, draft.lines, strict=True))
            for locus, other in draft.spoiled.items():
                if alleles := draft.alleles.pop(locus, None):
                    self._put_locus_aside(draft, locus, places[locus], alleles, other)
            if contradicts and (alleles := draft.alleles.pop(SEX_MARKER, None)):
                reason = f"the sex marker contradicts the declared sex {draft.sex.value}: make sure"
                reason += " whose sample this is"
                at = places[SEX_MARKER]
                self.put_aside(reason, at, "alleles", _text(alleles), draft.id, SEX_MARKER)
        genotypes: dict[str, Genotype] = {}
        haplotypes: dict[str, tuple[str, ...]] = {}
        for locus, found in draft.alleles.items():
            if locus in draft.haplotypes:
                haplotypes[locus] = tuple(filter(None, found))
            else:
                genotypes[locus] = (str(found[0]), found[1])
        return Sample(
            draft.id,
            genotypes,
            haplotypes,
            tuple(draft.mitochondrial),
            draft.sex,
            draft.kit,
            draft.role,
            draft.fields,
        )

    def _put_locus_aside(
        self, draft: Draft, marker: str, line: int, alleles: tuple[str | None, ...], other: int
    ) -> None:
        """Complain about a row of a marker whose rows disagree."""
        reason = f"the marker is put aside for this sample, since line {other} says otherwise"
        reason += ": keep the right row only"
        self.put_aside(reason, line, "alleles", _text(alleles), draft.id, marker)

    def _note_spelling(
        self, verdict: _Verdict, marker: str, alleles: tuple[str, ...], line: int
    ) -> None:
        """Note alleles that are written in another way than we do."""
        for text in alleles:
            name = text.strip().upper()
            if verdict.alleles and name not in (*verdict.alleles, "", UNKNOWN):
                reason = f"read as {allele_name(text)}, here and in all other rows"
                self.spellings.append(
                    Complaint(self._file, reason, line, "allele", text, "", marker.strip())
                )


def _judged(checks: Checks, marker: str, alleles: tuple[str, ...], single: Single) -> _Verdict:
    """What a marker and its alleles say."""
    texts = [text.strip(BLANKS) for text in alleles if text.strip(BLANKS)]
    name = ""
    try:
        locus = checks.locus(marker)
        if locus is None:
            name = _name(checks, marker)
            return _Verdict(name, _haplotype(texts), True, None)
        name = locus.name
        if len(texts) > 2:
            reason = "more than two alleles: give two per marker"
            raise Doubt(reason, "alleles", ",".join(texts))
        if len(texts) == 1 and texts[0] != UNKNOWN:
            other = beside(texts[0], single)
            if other is None:
                reason = "only one allele: say whether the person has it twice, or the other is not"
                raise Doubt(f"{reason} known", "alleles", texts[0])
            texts.append(other)
        first, second = (*texts, "", "")[:2]
        found = allele_order(filter(None, checks.alleles(locus, first, second)))
    except Doubt as doubt:
        return _Verdict(name, (), False, doubt)
    return _Verdict(name, (*found, None)[:2] if found else (), False, None)


def _name(checks: Checks, marker: str) -> str:
    """The name of a marker in the catalogue; its own, in upper case, where that lacks it."""
    known = checks.catalogue.find(marker)
    return known.name if known else marker.strip(BLANKS).upper()


def _haplotype(texts: list[str]) -> tuple[str, ...]:
    """The alleles of a marker on X or Y in their one spelling, from short to long."""
    try:
        if not all(map(str.isprintable, texts)):
            raise BadAllele(allele="".join(texts), marker="", reason="it cannot be printed")
        return tuple(allele_order(map(allele_name, texts)))
    except BadAllele as error:
        text = str(error.fields["allele"])
        raise Doubt("not an allele: write it like 12 or 9.3", "alleles", text) from None


def _text(alleles: tuple[str | None, ...]) -> str:
    """Alleles as a row would give them."""
    return ",".join(allele or UNKNOWN for allele in alleles)
