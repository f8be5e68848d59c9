"""Reads and writes PLINK PED: pedigrees with genotypes; the markers are named by the MAP file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reunion.kinship.errors import BadSetting, PedigreeError
from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading, Rules, Sample
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.gathering import Gathering
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.parents import known_parents, listed_persons, pedigree_of_parents
from reunion.kinship.formats.text import Text, read_text
from reunion.kinship.formats.writing import HELD, Kept, Losses, alleles_by_marker, is_plain
from reunion.kinship.pedigree import Sex

SEXES = {"1": Sex.MALE, "2": Sex.FEMALE, "0": Sex.UNKNOWN}
_CODES = {sex: code for code, sex in SEXES.items()}
_NO_PHENOTYPE = ("-9", "0")


@dataclass(frozen=True, slots=True)
class _Row:
    """One person of the file."""

    line: int
    family: str
    person: str
    father: str
    mother: str
    sex: Sex
    alleles: tuple[str, ...]


def read_ped(path: Path, rules: Rules) -> Reading:
    """Read pedigrees and genotypes; the MAP file lies beside the PED file, under the same name.

    The sample of a person has the person's id. 0 stands for an allele that is not known. Somebody
    alone in a family of the same name is a sample without a family.

    Raises:
        DataRefused: the file is damaged as a whole, or there is no MAP file for its genotypes.
    """
    text = read_text(path, rules.encoding)
    gathering = Gathering(text.name, rules)
    kept: dict[str, str] = {}
    markers = _markers(path, text, rules, kept)
    families: dict[str, list[_Row]] = {}
    damaged: dict[str, int] = {}
    for line, words in enumerate(map(str.split, text.lines), 1):
        if not words or words[0].startswith("#"):
            continue
        if (
            len(words) != 6 + 2 * len(markers)
            or words[4] not in SEXES
            or not all(map(str.isprintable, words))
        ):
            reason = "a row has 6 columns that can be read, sex as 1, 2 or 0, and 2 for each of"
            reason += f" {len(markers)} markers: complete it"
            gathering.put_aside(reason, line, "row", " ".join(words))
            damaged.setdefault(words[0], line)
            # Nobody can tell what the row says, so no other row of this person counts either.
            if (
                len(words) > 1
                and words[1].isprintable()
                and (draft := gathering.draft(words[1], line))
            ):
                for marker in markers:
                    gathering.spoil(draft, marker, line)
            continue
        family, person, father, mother, sex, phenotype, *alleles = words
        row = _Row(line, family, person, father, mother, SEXES[sex], tuple(alleles))
        families.setdefault(family, []).append(row)
        if phenotype not in _NO_PHENOTYPE:
            kept[f"phenotype {family} {person}"] = phenotype
    records = [_family(name, rows, damaged, gathering) for name, rows in families.items()]
    _take_genotypes(families, records, markers, gathering)
    found = tuple(record for record in records if record and not _is_alone(record))
    dataset = Dataset(samples=gathering.samples(), families=found, kept=kept)
    complaints = sorted(gathering.quarantine, key=lambda complaint: complaint.line)
    notes = [f"{text.name}: {name} is not understood: kept as it is" for name in kept]
    notes += map(str, gathering.spellings)
    return Reading(text.name, dataset, tuple(complaints), tuple(notes), text.sha256)


def _markers(path: Path, text: Text, rules: Rules, kept: dict[str, str]) -> list[str]:
    """The names of the markers, from the MAP file."""
    words = next(iter(line.split() for line in text.lines if line.strip()))
    if len(words) <= 6:
        return []
    try:
        lines = read_text(path.with_suffix(".map"), rules.encoding).lines
    except DataRefused as error:
        reason = "the PED file does not name its markers: put the MAP file of the same name beside"
        raise text.refused(f"{reason} it ({error.complaint.reason})") from error
    markers = []
    for number, line in enumerate(lines, 1):
        if words := line.split():
            if len(words) not in (3, 4):
                raise DataRefused(
                    Complaint(
                        str(path.with_suffix(".map")),
                        "a row has chromosome, marker, cM (may be missing) and position",
                        number,
                        "row",
                        line,
                    )
                )
            chromosome, marker, *places = words
            markers.append(marker)
            if any(word != "0" for word in (chromosome, *places)):
                kept[f"map {marker}"] = " ".join((chromosome, *places))
    return markers


def _family(
    name: str, rows: list[_Row], damaged: Mapping[str, int], gathering: Gathering
) -> FamilyRecord | None:
    """The pedigree of a family; None where it is put aside."""
    line = rows[0].line
    if name in damaged:
        reason = f"the family is put aside, since line {damaged[name]} cannot be read: correct it"
        gathering.put_aside(reason, line, "family", name)
        return None
    people = {row.person: row for row in rows}
    parents: dict[str, tuple[str | None, str | None]] = {}
    try:
        if len(people) < len(rows):
            raise _Impossible("a person stands in it twice: keep one row")
        for row in rows:
            for parent in (row.father, row.mother):
                if parent != "0" and parent not in people:
                    reason = (
                        f"{parent}, a parent of {row.person}, is not in it: add a row, or write 0"
                    )
                    raise _Impossible(reason)
            father, mother = (None if p == "0" else p for p in (row.father, row.mother))
            parents[row.person] = (father, mother)
        pedigree = pedigree_of_parents({row.person: row.sex for row in rows}, parents)
    except (_Impossible, PedigreeError) as error:
        gathering.put_aside(f"the family is put aside: {error}", line, "family", name)
        return None
    samples = {row.person: row.person for row in rows if any(text != "0" for text in row.alleles)}
    return FamilyRecord(name, pedigree, "", samples, {})


class _Impossible(Exception):
    """A family is put aside."""


def _is_alone(family: FamilyRecord) -> bool:
    """Whether a family stands for a sample without a family."""
    persons = family.pedigree.persons
    return len(persons) == 1 and persons[0].id == family.id and family.id in family.samples


def _take_genotypes(
    families: Mapping[str, list[_Row]],
    records: list[FamilyRecord | None],
    markers: list[str],
    gathering: Gathering,
) -> None:
    """The genotypes of everybody who is typed."""
    for rows, record in zip(families.values(), records, strict=True):
        for row in rows:
            if all(text == "0" for text in row.alleles):
                continue
            if (draft := gathering.draft(row.person, row.line)) is None:
                continue
            # A parent whose sex is not stated has that of the part played.
            draft.sex = record.pedigree[row.person].sex if record else row.sex
            texts = ["" if text == "0" else text for text in row.alleles]
            for at, marker in enumerate(markers):
                alleles = (texts[2 * at], texts[2 * at + 1])
                gathering.take(draft, marker, alleles, row.line, "partial")


def write_ped(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write pedigrees and genotypes, and the MAP file beside; gives what they could not hold.

    Raises:
        BadSetting: the path is that of the MAP file.
    """
    map_path = path.with_suffix(".map")
    if map_path == path:
        raise BadSetting(setting=path, reason="its MAP file has this name: end it with .ped")
    losses = Losses(path)
    losses.lose_parts(dataset, ("samples", "families", "kept"))
    samples = {sample.id: sample for sample in dataset.samples}
    names = (marker for sample in dataset.samples for marker, _ in alleles_by_marker(sample))
    markers = {marker: marker.replace(" ", "_") for marker in dict.fromkeys(names)}
    used: set[str] = set()
    kept = Kept(dataset)
    with whole_file(path) as stream:
        for family in dataset.families:
            if not _fits(family, losses):
                continue
            parents = known_parents(family)
            for person in listed_persons(family):
                phenotype = kept.text(f"phenotype {family.id} {person.id}", _NO_PHENOTYPE[0])
                words = [family.id, person.id, *(parent or "0" for parent in parents[person.id])]
                words += [_CODES[person.sex], phenotype]
                sample_id = family.samples.get(person.id, "")
                sample = samples.get(sample_id)
                if sample is not None:
                    used.add(sample_id)
                    _lose_details(sample, person.sex, losses)
                if sample_id not in ("", person.id):
                    reason = "the sample has the id of the person in this format"
                    losses.lose(reason, person.id, sample=sample_id)
                elif sample_id and not (sample and (sample.genotypes or sample.haplotypes)):
                    losses.lose("nothing was typed", person.id, sample=sample_id)
                stream.write(" ".join([*words, *_alleles(sample, markers, losses)]) + "\n")
        for sample in dataset.samples:
            if sample.id in used:
                continue
            if not _is_id(sample.id) or not (sample.genotypes or sample.haplotypes):
                losses.lose(f"{_ID_RULE}; and something is typed", sample=sample.id)
                continue
            _lose_details(sample, sample.sex, losses)
            phenotype = kept.text(f"phenotype {sample.id} {sample.id}", _NO_PHENOTYPE[0])
            words = [sample.id, sample.id, "0", "0", _CODES[sample.sex], phenotype]
            stream.write(" ".join([*words, *_alleles(sample, markers, losses)]) + "\n")
    with whole_file(map_path) as stream:
        for marker in markers.values():
            chromosome, *places = kept.text(f"map {marker}", "0 0 0").split()
            stream.write(" ".join([chromosome, marker, *places]) + "\n")
    kept.lose_rest(losses)
    return losses.complaints()


_ID_RULE = "ids have no blanks, are not 0, and begin with no #"


def _is_id(name: str) -> bool:
    """Whether a name can be an id in a PED file."""
    return len(name.split()) == 1 and name != "0" and not name.startswith("#") and is_plain(name)


def _fits(family: FamilyRecord, losses: Losses) -> bool:
    """Whether the format can hold a family; says which parts of it are lost."""
    names = [family.id, *(person.id for person in listed_persons(family))]
    if not all(map(_is_id, names)):
        losses.lose(_ID_RULE, family.id)
        return False
    parts = {
        "who is sought": family.sought,
        "identical twins": family.pedigree.twins,
        "declared populations": family.populations,
        "inbreeding of founders": any(person.inbreeding for person in family.pedigree),
    }
    for words, has in parts.items():
        if has:
            losses.lose(f"the format does not hold {words}", family.id)
    return True


def _lose_details(sample: Sample, sex: Sex, losses: Losses) -> None:
    losses.lose_details(sample, (*HELD, "sex") if sample.sex is sex else HELD)


def _alleles(sample: Sample | None, markers: Mapping[str, str], losses: Losses) -> list[str]:
    """The allele columns of a person."""
    cells = dict.fromkeys(markers, ("0", "0"))
    if sample is not None:
        for marker, alleles in alleles_by_marker(sample):
            if len(alleles) > 2:
                losses.lose_genotype(sample, marker, "the format holds two alleles")
            else:
                first, second = (*alleles, None)[:2]
                cells[marker] = (first or "0", second or "0")
    return [text for marker in markers for text in cells[marker]]
