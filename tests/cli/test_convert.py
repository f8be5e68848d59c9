"""`reunion kinship convert` on small files, as a laboratory would run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reunion.cli.errors import Refused, UsageError
from reunion.cli.main import app
from reunion.kinship.formats.complaints import DataRefused
from tests.settings import ROOT

EXAMPLES = ROOT / "tests/golden/formats"


@pytest.fixture
def convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(file: Path, to: str, *more: str) -> Result:
        words = ["kinship", "convert", str(file), "--to", to, *more]
        return CliRunner().invoke(app, words if "--out" in more else [*words, "--out", "out.dat"])

    return run


def test_a_file_is_converted_and_the_rest_is_put_aside_beside_it(
    convert: Callable[..., Result],
) -> None:
    done = convert(EXAMPLES / "codis_cmf32.xml", "genemapper", "--json")
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert report["schema"] == "reunion.convert/1"
    assert (report["format_read"], report["format_written"]) == ("cmf", "genemapper")
    assert (report["samples"], report["put_aside"]) == (2, 1)
    table = Path("out.dat").read_text(encoding="utf-8").splitlines()
    assert table[0] == "Sample Name\tSpecimen Category\tPanel\tMarker\tAllele 1\tAllele 2"
    assert table[2] == "DEMO-F-0001\tBiological Father\tPowerPlex 21\tTH01\t9\t9.3"
    quarantine = Path("quarantine.csv").read_text(encoding="utf-8").splitlines()
    assert len(quarantine) == 1 + report["put_aside"] + report["left_out"]
    assert "DEMO-U-0007,D3S1358,alleles,15" in quarantine[1]


def test_a_quarantine_file_of_an_earlier_run_is_emptied(convert: Callable[..., Result]) -> None:
    Path("quarantine.csv").write_text("old\n", encoding="utf-8")
    assert convert(EXAMPLES / "genis_bulk_autosomal.txt", "genis", "--json").exit_code == 0
    assert Path("quarantine.csv").read_text(encoding="utf-8").count("\n") == 1


def test_one_allele_alone_is_taken_as_the_batch_says(convert: Callable[..., Result]) -> None:
    table = Path("table.txt")
    table.write_text("Sample Name\tMarker\tAllele 1\tAllele 2\nS\tTH01\t6\t\n", encoding="utf-8")
    assert convert(table, "profiles", "--single", "partial").exit_code == 0
    assert Path("out.dat").read_text(encoding="utf-8").endswith("S,TH01,6,?\n")
    refused = convert(table, "profiles")
    assert isinstance(refused.exception, Refused)
    assert refused.exception.status == 4
    assert "only one allele" in Path("quarantine.csv").read_text(encoding="utf-8")


def test_a_file_of_no_known_format_is_refused(convert: Callable[..., Result]) -> None:
    assert isinstance(convert(EXAMPLES / "README.md", "cmf").exception, DataRefused)
    assert not Path("out.dat").exists()


@pytest.mark.parametrize(
    ("to", "more", "reason"),
    [
        ("word", (), "Known are: cmf (CODIS"),
        ("cmf", ("--out", "nowhere/out.xml"), "folder that is there"),
        ("cmf", ("--out", "quarantine.csv"), "this is --out: name another one"),
    ],
)
def test_wrong_use_is_said_in_one_sentence(
    convert: Callable[..., Result], to: str, more: tuple[str, ...], reason: str
) -> None:
    done = convert(EXAMPLES / "genis_freq.csv", to, *more)
    assert isinstance(done.exception, UsageError)
    assert reason in str(done.exception)


def test_an_input_is_never_overwritten(convert: Callable[..., Result]) -> None:
    for name in ("a.ped", "a.map"):
        Path("a.ped").write_text("F c 0 0 1 -9\n", encoding="utf-8")
        done = convert(Path("a.ped"), "ped", "--out", name)
        assert isinstance(done.exception, UsageError)
        assert Path("a.ped").read_text(encoding="utf-8") == "F c 0 0 1 -9\n"
