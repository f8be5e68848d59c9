"""Writes project files of Familias 3 (`.fam`).

Families in which nobody is sought become pedigrees over the persons of the file; all others, and
samples without a family, go into the DVI part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from reunion.kinship.formats.complaints import Complaint
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.familias import HEAD, KNOWN_RELATIONS, PERSON
from reunion.kinship.formats.familias_dvi_out import write_dvi
from reunion.kinship.formats.familias_lines import FALSE, TRUE
from reunion.kinship.formats.familias_systems_out import write_database
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.output import whole_file
from reunion.kinship.formats.parents import known_parents, listed_persons
from reunion.kinship.formats.writing import HELD, Kept, Losses, is_plain
from reunion.kinship.frequencies import FrequencyTable
from reunion.kinship.pedigree import Person, Sex


@dataclass(slots=True)
class _Head:
    """The persons of the first part with their samples, and the pedigrees over them."""

    persons: dict[str, Person] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)
    pedigrees: list[FamilyRecord] = field(default_factory=list)


def write_familias(dataset: Dataset, path: Path) -> tuple[Complaint, ...]:
    """Write a project file; gives what it could not hold."""
    losses, kept = Losses(path), Kept(dataset)
    head = _head(dataset, losses)
    by_id = {sample.id: sample for sample in dataset.samples}
    sought = [family for family in dataset.families if family.sought]
    placed = {sample for family in dataset.families for sample in family.samples.values()}
    loose = [sample for sample in dataset.samples if sample.id not in placed]
    with whole_file(path) as stream:
        for place, usual in HEAD.items():
            text = kept.text(place, usual)
            stream.write(f"{text}\n" if place == "version" else f'"{text}"\n')
        stream.write(f"{len(head.persons)}\n")
        for person in head.persons.values():
            sample = by_id.get(head.samples.get(person.id, ""))
            _write_person(person, sample, dataset.frequencies, stream, kept, losses)
        _write_pedigrees(head, stream, kept, losses)
        write_database(dataset, stream, kept, losses)
        write_dvi(loose, sought, by_id, stream, kept, losses)
        for place in kept.left("["):
            if place.count("[") == 1 and place.endswith("]"):
                stream.write(kept.text(place, "") + "\n")
    kept.lose_rest(losses)
    return losses.complaints()


def _head(dataset: Dataset, losses: Losses) -> _Head:
    """Everybody of the families in which nobody is sought."""
    head = _Head()
    for family in dataset.families:
        if family.sought:
            continue
        persons = {person.id: person for person in listed_persons(family)}
        for name in persons.keys() & head.persons.keys():
            old = head.persons[name].sex, head.samples.get(name)
            if old != (persons[name].sex, family.samples.get(name)):
                reason = f"another family has somebody else called {name}, and names are shared"
                losses.lose(reason, family.id)
                break
        else:
            if not all(map(is_plain, (family.id, *persons))):
                losses.lose("a name has blanks around it, or cannot be printed", family.id)
                continue
            head.persons.update(persons)
            head.samples.update(family.samples)
            head.pedigrees.append(family)
            if any(person.inbreeding for person in family.pedigree) or family.pedigree.twins:
                losses.lose("the format does not hold identical twins, or inbreeding", family.id)
            if family.populations:
                losses.lose("the format does not hold declared populations", family.id)
    for family in head.pedigrees:
        if len(listed_persons(family)) < len(head.persons):
            reason = "that nobody else belongs to this pedigree: others stand in it as unrelated"
            losses.lose(reason, family.id)
    return head


def _write_person(
    person: Person,
    sample: Sample | None,
    table: FrequencyTable | None,
    stream: TextIO,
    kept: Kept,
    losses: Losses,
) -> None:
    """One person, with positions in the lists of alleles."""
    if person.sex is Sex.UNKNOWN:
        losses.lose("that the sex is not known: the format wants one, female is written", person.id)
    said = kept.text(f"person {person.id}", "; ".join(PERSON)).split("; ")
    typed = _typed(sample, table, losses) if sample else []
    if sample:
        losses.lose_details(sample, (*HELD, "sex") if sample.sex is person.sex else HELD)
        if sample.id != person.id:
            losses.lose("the sample has the name of the person", person.id, sample=sample.id)
        if not typed:
            losses.lose("nothing was typed that the format can hold", sample=sample.id)
    sex = TRUE if person.sex is Sex.MALE else FALSE
    numbers = [number for three in typed for number in three]
    for line in (f'"{person.id}"', *said, sex, len(typed), *numbers):
        stream.write(f"{line}\n")


def _typed(
    sample: Sample, table: FrequencyTable | None, losses: Losses
) -> list[tuple[int, int, int]]:
    """The genotypes of a sample: positions of both alleles and of the marker."""
    systems = list(table.markers.values()) if table else []
    places = {of.marker: at for at, of in enumerate(systems)}
    typed = []
    for marker, (first, second) in sample.genotypes.items():
        alleles = systems[places[marker]].alleles if marker in places else ()
        if second is None:
            losses.lose_genotype(sample, marker, "the format holds two alleles, both known")
        elif first in alleles and second in alleles:
            typed.append((alleles.index(first), alleles.index(second), places[marker]))
        else:
            reason = "the frequency table lacks the marker or the allele"
            losses.lose_genotype(sample, marker, reason)
    for marker in sample.haplotypes:
        losses.lose_genotype(sample, marker, "the format does not hold markers on X and Y")
    return typed


def _write_pedigrees(head: _Head, stream: TextIO, kept: Kept, losses: Losses) -> None:
    """The pedigrees as pairs of positions of parent and child."""
    places = {name: at for at, name in enumerate(head.persons)}
    lines: list[object] = [f'"{KNOWN_RELATIONS}"', 0, 0, 0, len(head.pedigrees)]
    for at, family in enumerate(head.pedigrees):
        pairs = [
            place
            for child, parents in known_parents(family).items()
            for parent in parents
            if parent is not None
            for place in (places[parent], places[child])
        ]
        number = kept.text(f"pedigree {at}", str(at))
        lines += [number, f'"{family.id}"', 0, 0, len(pairs) // 2, *pairs]
    stream.writelines(f"{line}\n" for line in lines)
