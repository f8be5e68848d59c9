"""Fuzzing of all readers: files changed at random may be refused, but never misread.

    python -m tools.fuzz [--files 100000] [--seed 1] [--only NAME ...]

Each reader gets so many changed files. Each must end within the time limit in a clean reading, in
complaints, or in one of our errors with one sentence; and every genotype, figure and parent that a
reader gives must be what a plain scan of the file finds (tools/fuzz_oracles.py). The same seed
makes the same files. Writes build/figures/fuzz.json, where the rows of readers that were not asked
for stay; files that went wrong lie in build/fuzz/.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from reunion.kinship.errors import KinshipError
from reunion.kinship.formats.dataset import Dataset, Reading, Rules, Sample
from reunion.kinship.formats.profiles import read_profiles
from reunion.kinship.formats.rates import read_rates
from reunion.kinship.formats.registry import FORMATS, Format
from reunion.kinship.formats.x_markers import read_x_profiles, read_x_table
from reunion.kinship.markers import Catalogue
from reunion.packs.dna import load_dna
from tools import fuzz_oracles as oracles
from tools import fuzz_scans as scans
from tools.fuzz_changes import changed
from tools.fuzz_oracles import Said, Scan, Undecided
from tools.records import Record, write_records

ROOT = Path(__file__).resolve().parent.parent
SEEDS = (ROOT / "tests/golden/formats", ROOT / "tests/golden/seeds")
FAULTS = ROOT / "build/fuzz"
SECONDS = 5
"""Time limit of one file: the seeds have some kilobytes, and a reader needs a millisecond."""

RULES = Rules(load_dna().checks())


@dataclass(frozen=True, slots=True)
class Target:
    """One reader: its seeds by name, how it reads, and what checks the result."""

    name: str
    seeds: tuple[str, ...]
    read: Callable[[Path], Reading]
    scan: Scan
    wrong: Callable[[Dataset, Said], str]


@dataclass(slots=True)
class Result:
    """How many files of one reader ended how, and what went wrong."""

    ends: Counter[str]
    faults: list[str]


class _TooLong(BaseException):
    """The time limit is over; no `except Exception` may catch this."""


def targets() -> list[Target]:
    """All readers."""
    table = scans.scan_table
    profiles = partial(table, sample="sample_id", marker="marker", allele="allele_")
    genemapper = partial(table, sample="sample name", marker="marker", allele="allele ")
    kinds: dict[str, tuple[Scan, Callable[[Dataset, Said], str], str]] = {
        "cmf": (scans.scan_cmf, oracles.wrong_genotype, "codis_cmf32.xml cmf.xml"),
        "familias": (
            scans.scan_familias,
            _wrong_project,
            "familias_dvi_min.fam project.fam",
        ),
        "families": (scans.scan_families, oracles.wrong_person, "families.csv"),
        "profiles": (profiles, oracles.wrong_genotype, "profiles.csv"),
        "frequencies": (scans.scan_frequencies, _wrong_table, "frequencies.csv"),
        "genis": (genemapper, oracles.wrong_genotype, "genis_bulk_autosomal.txt genis.txt"),
        "genemapper": (
            genemapper,
            oracles.wrong_genotype,
            "genemapper_genotypes.txt genemapper.txt",
        ),
        "genis-mito": (scans.scan_mitochondrial, oracles.wrong_range, "genis_bulk_mito.txt"),
        "genis-frequencies": (scans.scan_genis_frequencies, _wrong_table, "genis_freq.csv"),
        "familias-genotypes": (
            scans.scan_familias_genotypes,
            oracles.wrong_genotype,
            "familias_genotypes.txt",
        ),
        "familias-frequencies": (
            scans.scan_familias_frequencies,
            _wrong_table,
            "familias_freq.txt",
        ),
        "ped": (scans.scan_ped, _wrong_ped, "pedigree.ped"),
    }
    found = []
    for known in FORMATS:
        scan, wrong, seeds = kinds[known.name]
        read = partial(_read, known)
        found.append(Target(known.name, tuple(seeds.split()), read, scan, wrong))
    search = Target(
        "profiles-of-search", ("profiles.csv",), _read_search, profiles, oracles.wrong_genotype
    )
    rates = Target("rates", ("rates.csv",), _read_rates, scans.scan_rates, _wrong_table)
    x_profiles = Target(
        "x-profiles", ("profiles.csv",), _read_x_profiles, profiles, oracles.wrong_genotype
    )
    x_table = Target(
        "x-frequencies", ("frequencies.csv",), _read_x_table, scans.scan_frequencies, _wrong_table
    )
    return [*found, search, rates, x_profiles, x_table]


def _read(known: Format, path: Path) -> Reading:
    """A reader of the registry."""
    return known.read(path, RULES)


def _read_search(path: Path) -> Reading:
    """The reader that a search uses, as data."""
    found = read_profiles(path, RULES.checks)
    samples = tuple(Sample(name, found.profile(name)) for name in found.ids)
    return Reading(str(path), Dataset(samples), found.quarantine, found.notes, found.sha256)


def _read_x_profiles(path: Path) -> Reading:
    """The reader of X genotypes, of everybody, at the markers of the tables that ship."""
    tables = [*load_dna().tables.values()]
    samples = _read_search(SEEDS[1] / "profiles.csv").dataset.samples
    found = read_x_profiles(path, {sample.id for sample in samples}, tables)
    return Reading(
        str(path), Dataset(tuple(Sample(name, of) for name, of in found.items())), (), (), ""
    )


def _read_x_table(path: Path) -> Reading:
    """The reader of tables of X, which takes the markers for X markers."""
    loci = (replace(locus, chromosome="X") for locus in load_dna().catalogue.loci)
    found = read_x_table(path, Catalogue(tuple(loci)))
    return Reading(str(path), Dataset(frequencies=found.table), (), (), "")


def _read_rates(path: Path) -> Reading:
    """Mutation rates, as figures under the name of data."""
    rates = read_rates(path, RULES.checks.catalogue)
    figures = {
        f"{locus}\t{sex}": value
        for locus, rate in rates.items()
        for sex, value in (("paternal", rate.paternal), ("maternal", rate.maternal))
    }
    return Reading(str(path), Dataset(minima=figures), (), (), "")


def _wrong_table(dataset: Dataset, said: Said) -> str:
    """A frequency, least frequency or rate that the file does not give."""
    table = dataset.frequencies.markers if dataset.frequencies else {}
    figures = [
        ((locus, allele), value)
        for locus, of in table.items()
        for allele, value in zip(of.alleles, of.values, strict=True)
        if allele != "silent" or (locus, "silent") in said.values
    ]
    minima = {key.partition("\t"): value for key, value in dataset.minima.items()}
    least = [((key[0], key[2] or "minimum"), value) for key, value in minima.items()]
    return oracles.wrong_figure([*figures, *least], said)


def _wrong_project(dataset: Dataset, said: Said) -> str:
    """A genotype or frequency that a Familias project does not give."""
    without = Dataset(dataset.samples, frequencies=dataset.frequencies)
    return oracles.wrong_genotype(dataset, said) or _wrong_table(without, said)


def _wrong_ped(dataset: Dataset, said: Said) -> str:
    """A genotype or a parent that a PED file does not give."""
    return oracles.wrong_genotype(dataset, said) or oracles.wrong_person(dataset, said)


def seeds_of(target: Target) -> list[Path]:
    """The seed files of a reader."""
    return [folder / name for name in target.seeds for folder in SEEDS if (folder / name).exists()]


def fuzz(target: Target, files: int, seed: int, folder: Path) -> Result:
    """Read so many changed files with one reader; those that went wrong stay in `folder`."""
    signal.signal(signal.SIGALRM, _alarm)
    paths = seeds_of(target)
    datas = [path.read_bytes() for path in paths]
    result = Result(Counter(), [])
    file = folder / f"{target.name}{paths[0].suffix}"
    companion = paths[0].with_suffix(".map")
    for number in range(files):
        rng = random.Random(f"{seed} {target.name} {number}")  # noqa: S311 # no secret
        data = changed(rng.choice(datas), rng.choice(datas), rng)
        file.write_bytes(data)
        if companion.exists():
            names = companion.read_bytes()
            names = changed(names, names, rng) if rng.random() < 0.2 else names
            file.with_suffix(".map").write_bytes(names)
        end = _end_of(target, file)
        kind, _, what = end.partition(": ")
        result.ends[kind] += 1
        if kind == "fault":
            result.faults.append(f"{target.name}, file {number} of seed {seed}: {what}")
            _keep(file, folder / f"{target.name}-{seed}-{number}")
    return result


def _end_of(target: Target, file: Path) -> str:
    """How reading one file ended: clean, put aside, refused, undecided, or a fault and what."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        reading = target.read(file)
    except KinshipError as error:
        return _sentence(str(error), "refused")
    except _TooLong:
        return f"fault: more than {SECONDS} seconds"
    except Exception as error:  # noqa: BLE001 # the point of it all
        return f"fault: {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    said = Said(RULES.checks.catalogue)
    try:
        target.scan(file, said)
    except Undecided:
        return "undecided"
    except Exception as error:  # noqa: BLE001 # the reader took what a plain scan cannot
        return f"fault: the plain scan cannot read it ({type(error).__name__}: {error})"
    if wrong := target.wrong(reading.dataset, said):
        return f"fault: {wrong}"
    for complaint in reading.quarantine:
        if end := _sentence(str(complaint), ""):
            return end
    return "put aside" if reading.quarantine else "clean"


def _sentence(text: str, end: str) -> str:
    """`end`, where a text is one printable line."""
    return end if text and text.isprintable() else f"fault: no sentence: {text!r}"


def _keep(file: Path, name: Path) -> None:
    """Keep a file that went wrong."""
    for path in (file, file.with_suffix(".map")):
        if path.exists():
            name.with_suffix(path.suffix).write_bytes(path.read_bytes())


def _alarm(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


def run(names: Sequence[str], files: int, seed: int) -> Iterator[tuple[str, Result]]:
    """Fuzz the readers of these names, or all."""
    FAULTS.mkdir(parents=True, exist_ok=True)
    for target in targets():
        if not names or target.name in names:
            yield target.name, fuzz(target, files, seed, FAULTS)


def about(name: str) -> str:
    """How the row of a reader begins, whatever came of it."""
    return f"changed files that the reader {name} misreads or fails on"


def rows_of_others(out: Path, name: str) -> list[Mapping[str, Any]]:
    """The rows of earlier runs about the other readers that there are."""
    if not out.is_file():
        return []
    others = tuple(about(target.name) for target in targets() if target.name != name)
    rows = json.loads(out.read_text(encoding="utf-8"))
    return [row for row in rows if row["what"].startswith(others)]


def main() -> None:
    """Fuzz, print and write the row of each reader; status 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [target.name for target in targets()]
    parser.add_argument("--files", type=int, default=100_000, help="changed files for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], choices=names, help="names of readers")
    parser.add_argument("--out", type=Path, default=ROOT / "build/figures/fuzz.json")
    arguments = parser.parse_args()
    command = f"python -m tools.fuzz --files {arguments.files} --seed {arguments.seed}"
    faults = []
    for name, result in run(arguments.only, arguments.files, arguments.seed):
        ends = ", ".join(f"{count} {kind}" for kind, count in sorted(result.ends.items()))
        print(f"{name}: {ends}", flush=True)
        faults += result.faults
        met = not result.faults and arguments.files >= 100_000
        unit = f"of {arguments.files} files"
        what = f"{about(name)} ({ends})"
        row = Record(what, len(result.faults), unit, "0 of at least 100000", met)
        kept = rows_of_others(arguments.out, name)
        write_records(arguments.out, [row], command=command, kept=kept)
    for fault in faults[:50]:
        print(fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
