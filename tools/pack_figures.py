"""Measure the packs: what they hold, how fast they load, and whether planted typos are refused.

    python -m tools.pack_figures [--out FILE]

Writes build/figures/packs.json. Takes a minute or two.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

from reunion.packs.checking import check_pack
from reunion.packs.jurisdiction import jurisdiction_folders, read_jurisdiction
from tools.planted_typos import planted_typos
from tools.records import Record, write_records

OUT = Path("build/figures/packs.json")
DAY = date(2026, 1, 1)
LEVELS = {"province": 34, "prefecture": 333, "county": 2845}


def measure_regions(folder: Path) -> list[Record]:
    """How many regions of each level there are on a day."""
    regions = read_jurisdiction(folder).regions
    counts = {
        level: len(list(regions.within(regions.root.path, level=level, at=DAY)))
        for level in regions.levels
        if level in LEVELS
    }
    return [
        Record(
            f"regions of the level {level} in {folder.name}", count, "", str(LEVELS[level]), None
        )._replace(met=count == LEVELS[level])
        for level, count in counts.items()
    ]


def measure_loading(folder: Path) -> Record:
    """Processor time of one load, the best of five."""
    took = []
    for _ in range(5):
        start = time.process_time()
        read_jurisdiction(folder)
        took.append(time.process_time() - start)
    return Record(f"load {folder.name}", round(min(took), 3), "s", "< 1", min(took) < 1)


def measure_typos(folder: Path) -> list[Record]:
    """How many typos were planted, and how many were let through or had no file named."""
    planted = missed = 0
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copytree(folder, Path(place) / folder.name)
        for typo in list(planted_typos(copy)):
            whole = typo.file.read_text(encoding="utf-8")
            typo.file.write_text(typo.text, encoding="utf-8")
            faults = [str(fault) for fault in check_pack(copy)]
            typo.file.write_text(whole, encoding="utf-8")
            planted += 1
            missed += not any(typo.file.name in fault for fault in faults)
    return [
        Record(f"typos planted in {folder.name}", planted, "", None, None),
        Record(f"typos not refused in {folder.name}", missed, "", "0", missed == 0),
    ]


def main() -> None:
    """Measure every pack and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    records: list[Record] = []
    for folder in jurisdiction_folders():
        records += [*measure_regions(folder), measure_loading(folder), *measure_typos(folder)]
    for record in records:
        print(f"{record.what}: {record.value} {record.unit}".rstrip())
    write_records(out, records, command="python -m tools.pack_figures", libraries=())


if __name__ == "__main__":
    main()
