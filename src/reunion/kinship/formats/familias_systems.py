"""The database of a Familias project file: markers with frequencies and mutation models."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reunion.kinship.errors import BadAllele, BadFrequencies
from reunion.kinship.formats.familias_lines import Lines
from reunion.kinship.formats.gathering import Gathering
from reunion.kinship.frequencies import Frequencies
from reunion.kinship.markers import SILENT, Catalogue, allele_name
from reunion.kinship.mutation import Mutation, MutationKind

DATABASE_LINE = "#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0 )"
NAME_FLAG = "#TRUE#"

MODELS = {0: MutationKind.EQUAL, 1: MutationKind.PROPORTIONAL, 4: MutationKind.STEPWISE}
"""Codes whose meaning is known; 2 and 3 (stepwise, stationary) could not be verified."""

_SIZE = re.compile(
    r"(\d{1,6})\s*\(DatabaseSize = (\d{1,9}) , Dropout probability = (\S+) ,"
    r" Minor allele frequency = (\S+) \)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class System:
    """A marker, and its alleles as they are written, in the order that persons refer to."""

    name: str
    alleles: tuple[str, ...]


@dataclass(slots=True)
class Database:
    """What the database says; mappings are by locus of the catalogue."""

    name: str
    systems: list[System] = field(default_factory=list)
    frequencies: dict[str, Frequencies] = field(default_factory=dict)
    minima: dict[str, float] = field(default_factory=dict)
    mutations: dict[str, Mutation] = field(default_factory=dict)


def read_database(
    lines: Lines, gathering: Gathering, catalogue: Catalogue, kept: dict[str, str]
) -> Database:
    """Read the database; a marker that cannot be used is put aside.

    Raises:
        DataRefused: names the line that is not what it must be.
    """
    head = lines.next("line of the database")
    if "Databases: 1 " not in head:
        raise lines.refused("the line of one database is expected here", "database", head)
    if head != DATABASE_LINE:
        kept["database line"] = head
    count = lines.count("number of markers")
    flag = lines.next("flag of the database")
    if flag != NAME_FLAG:
        kept["database flag"] = flag
    database = Database(lines.quoted("name of the database"))
    for _ in range(count):
        _read_system(lines, gathering, catalogue, kept, database)
    return database


def _read_system(
    lines: Lines,
    gathering: Gathering,
    catalogue: Catalogue,
    kept: dict[str, str],
    database: Database,
) -> None:
    """Read one marker."""
    name, start = lines.quoted("name of a marker"), lines.line
    rates = lines.fraction("female mutation rate"), lines.fraction("male mutation rate")
    models = lines.whole("female mutation model"), lines.whole("male mutation model")
    count = lines.count("number of alleles")
    ranges = lines.fraction("female range"), lines.fraction("male range")
    rates2 = lines.fraction("female rate 2"), lines.fraction("male rate 2")
    silent = lines.fraction("silent frequency") if lines.flag("silent allele") else None
    if (zero := lines.next("0 after the silent allele")) != "0":
        kept[f"{name}: after the silent allele"] = zero
    size = lines.next("size of the database")
    match = _SIZE.fullmatch(size)
    if match is None or int(match[1]) != count:
        reason = f"{count} alleles with DatabaseSize, dropout and frequency are expected here"
        raise lines.refused(reason, name, size)
    alleles, values = [], []
    for _ in range(count):
        alleles.append(lines.quoted("name of an allele"))
        values.append(lines.fraction("frequency of an allele"))
    system = System(name, tuple(alleles))
    database.systems.append(system)
    locus = catalogue.find(name)
    if locus is None:
        reason = "the marker is not known: correct its name"
        gathering.put_aside(reason, start, "marker", name, "", name)
        return
    if locus.name in database.frequencies:
        raise lines.refused("the marker is there twice: keep one", "marker", name)
    if match[3] != "0":
        kept[f"{locus.name}: dropout"] = match[3]
    _take_frequencies(locus.name, system, values, silent, int(match[2]), start, gathering, database)
    _take_minimum(locus.name, match[4], start, gathering, database)
    pairs = tuple(zip(models, ranges, rates2, strict=True))
    if pairs[0] != pairs[1] or models[0] not in MODELS:
        reason = f"the mutation models {models} with ranges {ranges} and second rates {rates2} are"
        reason += " put aside: one model of code 0, 1 or 4 is read, the same for both sexes"
        gathering.put_aside(reason, start, "mutation model", str(models[0]), "", name)
        return
    kind = MODELS[models[0]]
    if any((*rates, *ranges, *rates2)):
        # A model that never mutates is none, whatever it is called.
        kind = MutationKind.NONE if kind is MutationKind.EQUAL and rates == (0, 0) else kind
        mutation = Mutation(kind, *rates, rate2=rates2[0], range=ranges[0])
        database.mutations[locus.name] = mutation


def _take_frequencies(
    locus: str,
    system: System,
    values: list[float],
    silent: float | None,
    size: int,
    line: int,
    gathering: Gathering,
    database: Database,
) -> None:
    """The frequencies of a marker, or a complaint."""
    try:
        names = [allele_name(allele, marker=system.name) for allele in system.alleles]
        if silent is not None:
            names.append(SILENT)
            values = [*values, silent]
        database.frequencies[locus] = Frequencies(locus, tuple(names), tuple(values), size or None)
    except (BadAllele, BadFrequencies) as error:
        reason = f"the frequencies of the marker are put aside: {error}"
        gathering.put_aside(reason, line, "marker", system.name, "", system.name)


def _take_minimum(
    locus: str, text: str, line: int, gathering: Gathering, database: Database
) -> None:
    """The least frequency of a marker; 0 stands for none."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        reason = "the least frequency is put aside: a number from 0 to 1 is wanted"
        gathering.put_aside(reason, line, "minor allele frequency", text, "", locus)
    elif value:
        database.minima[locus] = value
