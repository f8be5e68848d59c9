"""Measure how long the readers of the large formats take, through the command.

    python -m tools.format_figures [--samples 100000]

Writes build/figures/formats.json. The samples are drawn from a frequency table that ships.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.registry import FORMATS
from reunion.kinship.markers import Genotype, allele_order
from reunion.packs.dna import load_dna
from tools.records import Record, write_records

TABLE, KIT = "nist_asian", "GlobalFiler"
GOAL_SECONDS = 60
LARGE = ("genemapper", "cmf")


def people(count: int) -> Dataset:
    """So many invented samples of a kit, the sex marker among its markers."""
    pack = load_dna()
    rng = random.Random(1)  # noqa: S311 # no secret
    table = pack.tables[TABLE].markers
    loci = [locus for locus in pack.kits[KIT].autosomal if locus in table]
    pools = {
        locus: rng.choices(table[locus].alleles, table[locus].values, k=1000) for locus in loci
    }

    def genotype(locus: str) -> Genotype:
        first, second = allele_order(rng.sample(pools[locus], 2))
        return first, second

    samples = []
    for number in range(count):
        typed = {locus: genotype(locus) for locus in loci}
        typed["AMEL"] = rng.choice((("X", "X"), ("X", "Y")))
        fields = {"sample file": f"plate_{number // 94}.hid"}
        samples.append(Sample(f"S-{number:07}", typed, kit=KIT, role="Reference", fields=fields))
    return Dataset(tuple(samples))


def seconds(file: Path, folder: Path) -> tuple[float, float, int]:
    """Seconds that the command takes to convert a file to profiles, its processor seconds, samples.

    Where many programs share the machine, the processor seconds tell what it takes alone.
    """
    out = folder / "out.csv"
    command = [sys.executable, "-m", "reunion", "kinship", "convert", str(file)]
    start, used = time.perf_counter(), _processor_seconds()
    done = subprocess.run(  # our own command
        [*command, "--to", "profiles", "--out", str(out), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    taken = time.perf_counter() - start
    return taken, _processor_seconds() - used, json.loads(done.stdout)["samples"]


def _processor_seconds() -> float:
    """Processor time of all programs that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path("build/figures/formats.json"))
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = people(arguments.samples)
        for known in FORMATS:
            if known.name not in LARGE:
                continue
            file = folder / known.name
            known.write(dataset, file)
            taken, used, count = seconds(file, folder)
            megabytes = file.stat().st_size / 1e6
            label = (
                f"{known.title}, {count} samples, {megabytes:.0f} MB, converted to profiles"
                f" ({used:.0f} s of one processor, load of the machine {os.getloadavg()[0]:.1f})"
            )
            print(f"{label}: {taken:.1f} s", flush=True)
            met = taken < GOAL_SECONDS and count >= 100_000
            goal = f"100000 samples in under {GOAL_SECONDS} s"
            rows.append(Record(label, round(taken, 1), "s", goal, met))
    command = f"python -m tools.format_figures --samples {arguments.samples}"
    write_records(arguments.out, rows, command=command)


if __name__ == "__main__":
    main()
