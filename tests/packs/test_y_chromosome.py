"""What the pack holds about the Y chromosome equals the shared data; faults are named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reunion.packs.dna import load_dna
from reunion.packs.errors import PackError
from reunion.packs.lineage import read_y_kits, read_y_rates

PACK = load_dna()


def test_rates_equal_those_of_the_shared_data(shared_data: Path) -> None:
    with (shared_data / "ystr_mutation_yhrd.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert set(PACK.y_rates) == {row["marker"] for row in rows}
    for row in rows:
        ours = PACK.y_rates[row["marker"]]
        assert (ours.mutations, ours.meioses) == (int(row["mutations"]), int(row["meioses"]))
        assert ours.rate == pytest.approx(float(row["rate"]), rel=1e-5)


def test_kits_equal_those_of_the_shared_data(shared_data: Path) -> None:
    with (shared_data / "ystr_kits.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["kit"], row["marker"]) for row in csv.DictReader(stream)]
    assert sorted((kit, m) for kit, markers in PACK.y_kits.items() for m in markers) == sorted(rows)


def test_every_marker_of_a_kit_has_a_rate() -> None:
    assert {m for markers in PACK.y_kits.values() for m in markers} <= PACK.y_rates.keys()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("DYS19,1", "line 2, row"),
        ("DYS19,one,10", "line 2, mutations"),
        ("DYS19,11,10", "line 2, mutations"),
        ("FGA,1,10", "FGA is no marker on Y"),
        ("DYS19,1,10\nDYS19,1,10", "line 3, locus"),
    ],
)
def test_a_fault_in_the_rates_is_named(row: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(f"locus,mutations,meioses\n{row}\n", encoding="utf-8")
    with pytest.raises(PackError, match=said):
        read_y_rates(file, PACK.catalogue)


@pytest.mark.parametrize("row", ["K,FGA", "K,DYS19\nK,DYS19", ",DYS19"])
def test_a_fault_in_the_kits_is_named(row: str, tmp_path: Path) -> None:
    file = tmp_path / "kits.csv"
    file.write_text(f"kit,locus\n{row}\n", encoding="utf-8")
    with pytest.raises(PackError, match="line"):
        read_y_kits(file, PACK.catalogue)
