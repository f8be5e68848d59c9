"""Writes the DVI part of a Familias project file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO

from reunion.kinship.formats.dataset import Sample
from reunion.kinship.formats.familias_dvi import (
    DNA,
    DVI,
    MISSING,
    PEDIGREES,
    REFERENCE,
    UNIDENTIFIED,
)
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.parents import known_parents, listed_persons
from reunion.kinship.formats.writing import HELD, Kept, Losses, alleles_by_marker, is_plain
from reunion.kinship.pedigree import Sex


def write_dvi(
    loose: list[Sample],
    families: list[FamilyRecord],
    samples: Mapping[str, Sample],
    stream: TextIO,
    kept: Kept,
    losses: Losses,
) -> None:
    """Write samples without a family as unidentified persons, and families who search.

    Nothing is written where there is neither.
    """
    families = [family for family in families if _fits(family, losses)]
    own = [place for place in kept.left(f"[{DVI}][") if place.endswith("]")]
    own = [place for place in own if place.count("[") == 2]
    if not (loose or families or own):
        return
    lines = ["", f"[{DVI}]", f"[[{UNIDENTIFIED}]]", f"nPersons= {len(loose)}"]
    for at, sample in enumerate(loose, 1):
        lines += [f"[[[Person {at} ]]]", *_person(sample.id, sample.sex, sample, 4, losses)]
    if families:
        lines += [f"[[{REFERENCE}]]", f"nFamilies= {len(families)}"]
        for at, family in enumerate(families, 1):
            lines += [f"[[[Family {at} ]]]", *_family(family, samples, losses)]
    lines += [kept.text(place, "") for place in own]
    stream.writelines(f"{line}\n" for line in lines)


def _fits(family: FamilyRecord, losses: Losses) -> bool:
    """Whether the format can hold a family; says which parts of it are lost."""
    names = [person.id for person in listed_persons(family) if person.id != family.sought]
    if MISSING in names or not all(map(is_plain, (family.id, *names))):
        reason = f"a name has outer blanks, cannot be printed, or is {MISSING!r} of somebody else"
        losses.lose(reason, family.id)
        return False
    sought = family.pedigree[family.sought]
    parts = {
        f"the name of the sought person, which becomes {MISSING!r}": family.sought != MISSING,
        "the sex of the sought person": sought.sex is not Sex.UNKNOWN
        and not family.pedigree.children_of(family.sought),
        "identical twins": family.pedigree.twins,
        "declared populations": family.populations,
        "further sought persons": family.others,
        "inbreeding of founders": any(person.inbreeding for person in family.pedigree),
    }
    for words, has in parts.items():
        if has:
            losses.lose(f"the format does not hold {words}", family.id)
    return True


def _person(
    name: str, sex: Sex, sample: Sample | None, depth: int, losses: Losses
) -> Iterator[str]:
    """The lines of one person."""
    yield f"Name= {name}"
    yield f"Gender= {sex.value.capitalize()}"
    typed = list(_typed(sample, losses)) if sample else []
    yield f"{'[' * depth}{DNA}{']' * depth}"
    yield f"nSystems= {len(typed)}"
    for marker, first, second in typed:
        yield f"SystemName= {marker}"
        yield f"Allele1= {first}"
        yield f"Allele2= {second}"
    if sample:
        losses.lose_details(sample, (*HELD, "sex") if sample.sex is sex else HELD)
        if not typed:
            losses.lose("nothing was typed that the format can hold", sample=sample.id)


def _typed(sample: Sample, losses: Losses) -> Iterator[tuple[str, str, str]]:
    """The markers of a sample with two alleles, or one on X or Y."""
    for marker, alleles in alleles_by_marker(sample):
        if None in alleles or len(alleles) > 2:
            losses.lose_genotype(sample, marker, "the format holds two alleles, both known")
        else:
            first, second = (*map(str, alleles), "")[:2]
            yield marker, first, second


def _family(family: FamilyRecord, samples: Mapping[str, Sample], losses: Losses) -> Iterator[str]:
    """The lines of one family."""
    persons = [person for person in listed_persons(family) if person.id != family.sought]
    names = {person.id: person.id for person in persons}
    names[family.sought] = MISSING
    yield f"Name= {family.id}"
    yield f"nPersons= {len(persons)}"
    for at, person in enumerate(persons, 1):
        sample_id = family.samples.get(person.id, "")
        sample = samples.get(sample_id)
        if sample_id and sample is None:
            losses.lose("the data hold no such sample", person.id, sample=sample_id)
        elif sample_id and sample_id != person.id:
            losses.lose("the sample has the name of the person", person.id, sample=sample_id)
        yield f"[[[[Person {at} ]]]]"
        yield from _person(person.id, person.sex, sample, 5, losses)
    pairs = [
        (names[parent], names[child])
        for child, parents in known_parents(family).items()
        for parent in parents
        if parent is not None
    ]
    yield f"[[[[{PEDIGREES}]]]]"
    yield "nPedigrees= 1"
    yield "[[[[[Pedigree 1 ]]]]]"
    yield f"nRelations= {len(pairs)}"
    for parent, child in pairs:
        yield f"Parent= {parent}"
        yield f"Child= {child}"
