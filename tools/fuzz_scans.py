"""Plain scans of files: all that a file says about each sample, marker and person.

Nothing here uses a reader of ours; the fuzzing holds our readers against it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from tools.fuzz_oracles import BLANKS, UNKNOWN, Said, Undecided, plain_allele


def lines_of(path: Path) -> list[str]:
    """The lines of a file."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    return re.split(r"\r\n|\n|\r", text)


def rows_of(path: Path, separators: str) -> tuple[list[str], list[list[str]]]:
    """The first line in lower case and the others, as fields."""
    lines = lines_of(path)
    if '"' in "".join(lines):
        raise Undecided
    separator = max(separators, key=lines[0].count)
    header = [cell.strip().lower() for cell in lines[0].split(separator)]
    return header, [line.split(separator) for line in lines[1:] if line.strip(BLANKS)]


def scan_table(path: Path, said: Said, sample: str, marker: str, allele: str) -> None:
    """A row per sample and marker; `sample`, `marker`, `allele` are names of columns."""
    header, rows = rows_of(path, ",;\t")
    places = [at for at, name in enumerate(header) if re.fullmatch(rf"{allele}\d+", name)]
    sort = header.index("sample type") if "sample type" in header else None
    for row in rows:
        cells = [*row, *[""] * len(header)]
        is_control = sort is not None and re.search("ladder|control", cells[sort].lower())
        if not is_control:
            name, locus = cells[header.index(sample)], cells[header.index(marker)]
            said.genotype(name, locus, [cells[at] for at in places])


def scan_cmf(path: Path, said: Said) -> None:
    """Specimens of CMF, by another way of reading XML."""

    def named(parent: ET.Element, name: str) -> Iterator[ET.Element]:
        return (child for child in parent if re.split("[}:]", child.tag)[-1] == name)

    try:
        root = ET.parse(path).getroot()  # noqa: S314 # our reader has refused every declaration
    except ET.ParseError as error:
        # A prefix that nothing declares is no fault for us: files in use have wrong ones.
        raise (Undecided if "unbound prefix" in str(error) else error) from error
    for specimen in named(root, "SPECIMEN"):
        sample = "".join(child.text or "" for child in named(specimen, "SPECIMENID"))
        is_partial = specimen.get("PARTIAL", "false").strip(BLANKS).lower() not in (
            "false",
            "0",
            "",
        )
        for locus in named(specimen, "LOCUS"):
            marker = "".join(child.text or "" for child in named(locus, "LOCUSNAME"))
            alleles = [
                "".join(value.itertext())
                for allele in named(locus, "ALLELE")
                for value in named(allele, "ALLELEVALUE")
            ]
            alleles = [text for text in alleles if text.strip(BLANKS)]
            # One allele alone is the same twice, but not on X or Y, where there may be one.
            known = said.catalogue.find(marker)
            is_autosomal = known is not None and known.chromosome in (*map(str, range(1, 23)), "XY")
            if len(alleles) == 1 and not is_partial and is_autosomal:
                alleles *= 2
            said.genotype(sample, marker, alleles)


def scan_familias_genotypes(path: Path, said: Said) -> None:
    """A row per person, two columns per marker."""
    lines = lines_of(path)
    if '"' in "".join(lines):
        raise Undecided
    header = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) == len(header):
            for at in range(1, len(header) - 1, 2):
                said.genotype(cells[0], header[at], cells[at : at + 2])


def scan_ped(path: Path, said: Said) -> None:
    """Six columns, then two per marker of the MAP file."""
    lines = [
        line.split() for line in lines_of(path) if line.strip(BLANKS) and line.split()[0][0] != "#"
    ]
    with_map = path.with_suffix(".map")
    rows = lines_of(with_map) if with_map.exists() else []
    markers = [row.split()[1] for row in rows if len(row.split()) > 1]
    for words in lines:
        if len(words) < 6 or len(words[6:]) > 2 * len(markers):
            continue
        parents = tuple("" if parent == "0" else parent for parent in words[2:4])
        said.persons.setdefault((words[0], words[1]), []).append(parents)
        for marker, first, second in zip(markers, words[6::2], words[7::2], strict=False):
            known = said.catalogue.find(marker)
            is_haplotype = known is None or known.chromosome in ("X", "Y")
            pair = [text for text in (first, second) if text != "0"]
            said.genotype(
                words[1], marker, pair if len(pair) != 1 or is_haplotype else [*pair, UNKNOWN]
            )


def scan_families(path: Path, said: Said) -> None:
    """Families who search."""
    header, rows = rows_of(path, ",;\t")
    for row in rows:
        cells = dict(zip(header, (cell.strip(BLANKS) for cell in row), strict=False))
        key = (cells.get("family_id", ""), cells.get("person_id", ""))
        parents = (cells.get("father_id", ""), cells.get("mother_id", ""))
        said.persons.setdefault(key, []).append(parents)


def scan_frequencies(path: Path, said: Said) -> None:
    """A row per locus and allele."""
    header, rows = rows_of(path, ",;\t")
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        locus = said.locus(cells.get("locus", ""))
        allele = cells.get("allele", "").strip(BLANKS)
        name = allele if allele == "silent" else plain_allele(allele)
        said.value(cells.get("frequency", ""), locus, name)


def scan_rates(path: Path, said: Said) -> None:
    """A row per locus."""
    header, rows = rows_of(path, ",;\t")
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        for name in ("paternal", "maternal"):
            said.value(cells.get(name, ""), said.locus(cells.get("locus", "")), name)


def scan_genis_frequencies(path: Path, said: Said) -> None:
    """A row per allele, a column per locus; alleles 0 and -1 are the least frequency."""
    header, rows = rows_of(path, ";")
    for allele, *cells in rows:
        name = "minimum" if allele.strip(BLANKS) in ("0", "-1") else plain_allele(allele)
        for locus, cell in zip(header[1:], cells, strict=False):
            if cell.strip(BLANKS):
                said.value(cell, said.locus(locus), name)


def scan_familias_frequencies(path: Path, said: Said) -> None:
    """A line with a locus, lines with allele and frequency, a blank line."""
    locus = ""
    for line in lines_of(path):
        words = line.split()
        if not words:
            locus = ""
        elif not locus:
            locus = said.locus(line)
        elif len(words) == 2:
            said.value(words[1], locus, plain_allele(words[0]))


def scan_mitochondrial(path: Path, said: Said) -> None:
    """A row per range; the differences stand as a genotype of the range."""
    header, rows = rows_of(path, ",;\t")
    places = [at for at, name in enumerate(header) if re.fullmatch(r"mut([1-9]|[1-4]\d|50)", name)]
    for row in rows:
        cells = [*row, *[""] * len(header)]
        first, last = (cells[header.index(f"range {end}")].strip(BLANKS) for end in ("from", "to"))
        if re.fullmatch("[0-9]+-[0-9]+", f"{first}-{last}"):
            key = (cells[header.index("sample name")].strip(BLANKS), f"{int(first)}-{int(last)}")
            texts = sorted(
                cells[at].strip(BLANKS).upper() for at in places if cells[at].strip(BLANKS)
            )
            said.genotypes.setdefault(key, []).append(tuple(texts))


def scan_familias(path: Path, said: Said) -> None:
    """A project file that our reader took: its lines stand where they must."""
    lines = [line.strip(BLANKS) for line in lines_of(path)]
    start = next(at for at, line in enumerate(lines) if "Databases: 1 " in line)
    systems: list[tuple[str, list[str]]] = []
    at = start + 4
    for _ in range(int(lines[start + 1])):
        name, count = lines[at].strip('"').strip(BLANKS), int(lines[at + 5])
        at += 13 + (lines[at + 10] == "#TRUE#")
        alleles = [lines[at + 2 * n].strip('"').strip(BLANKS) for n in range(count)]
        for n, allele in enumerate(alleles):
            said.value(lines[at + 2 * n + 1], said.locus(name), plain_allele(allele))
        systems.append((name, alleles))
        at += 2 * count
    dvi = lines[at:]
    at = 3 + lines[3].startswith('"')
    persons = int(lines[at])
    at += 1
    for _ in range(persons):
        name, typed = lines[at].strip('"').strip(BLANKS), int(lines[at + 5])
        at += 6
        for _ in range(typed):
            first, second, system = map(int, lines[at : at + 3])
            marker, alleles = systems[system]
            said.genotype(name, marker, (alleles[first], alleles[second]))
            at += 3
    _scan_dvi(dvi, said)


def _scan_dvi(lines: list[str], said: Said) -> None:
    """The persons of the DVI part: three lines per marker below the name."""
    name = marker = first = ""
    for line in lines:
        key, equals, value = (part.strip(BLANKS) for part in line.partition("="))
        if line.startswith("["):
            marker = ""
            name = name if "DNA data" in line else ""
        elif key == "Name" and not name:
            name = value
        elif key == "SystemName":
            marker, first = value, ""
        elif key == "Allele1":
            first = value
        elif key == "Allele2" and equals and marker:
            said.genotype(name, marker, (first, value))
