"""`reunion kinship simulate`, and that a search finds what it hid."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cli.command import Done, reunion


def simulate(folder: Path, *options: str) -> Done:
    given = {
        "--families": "12",
        "--people": "150",
        "--frequencies": "nist_hispanic",
        "--panel": "globalfiler",
        "--seed": "7",
        "--out": "demo",
    }
    chosen = [part for pair in given.items() if pair[0] not in options for part in pair]
    return reunion("kinship", "simulate", *chosen, *options, cwd=folder)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_search_in_invented_data_takes_every_row_and_finds_close_relatives(
    tmp_path: Path,
) -> None:
    done = simulate(tmp_path, "--json")
    assert done.status == 0
    summary = json.loads(done.out)
    assert (summary["synthetic"], summary["panel"]) == (True, "GlobalFiler")
    truth = {row["family_id"]: row["sample_id"] for row in rows(tmp_path / "demo/truth.csv")}
    assert len(truth) == summary["planted"] > 0
    demo = [f"demo/{name}.csv" for name in ("families", "profiles", "leads")]
    found = reunion(
        *("kinship", "search", "--families", demo[0], "--profiles", demo[1], "--out", demo[2]),
        *("--frequencies", "nist_hispanic", "--json"),
        cwd=tmp_path,
    )
    report = json.loads(found.out)
    assert found.status == 0
    assert report["quarantine_file"] is None
    assert (report["families_searched"], report["people_searched"]) == (12, 150)
    leads = {(row["family_id"], row["sample_id"]) for row in rows(tmp_path / "demo/leads.csv")}
    assert leads & set(truth.items())


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    for out in ("one", "two"):
        assert simulate(tmp_path, "--out", out).status == 0
    for name in ("families.csv", "profiles.csv", "truth.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_an_unknown_kit_lists_the_confirmed_ones(tmp_path: Path) -> None:
    done = simulate(tmp_path, "--panel", "GlobalFilter")
    assert done.status == 2
    assert "there is no such kit (GlobalFiler?); known are CODIS_core_20" in done.err
    assert "ESS_12" not in done.err


def test_markers_that_the_table_lacks_and_unconfirmed_kits_are_said(tmp_path: Path) -> None:
    done = simulate(tmp_path, "--panel", "China 31plex 6dye")
    assert "lacks D3S3045, D6S477" in done.err
    assert "not confirmed" in simulate(tmp_path, "--panel", "ESS_12").err
