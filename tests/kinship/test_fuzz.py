"""A short run of the fuzzing: files changed at random are never misread."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from reunion.kinship.formats.dataset import Reading
from tools.fuzz import SECONDS, Target, about, fuzz, main, seeds_of, targets
from tools.fuzz_changes import changed

FILES = 300


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_changed_files_are_never_misread(target: Target, tmp_path: Path) -> None:
    result = fuzz(target, FILES, 7, tmp_path)
    assert result.faults == []
    assert result.ends["clean"] > 0
    assert result.ends["refused"] > 0


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_every_seed_is_read_in_full(target: Target) -> None:
    for path in seeds_of(target):
        reading = target.read(path)
        assert reading.dataset
        assert all(complaint.marker for complaint in reading.quarantine)


def test_the_same_seed_changes_a_file_in_the_same_way() -> None:
    one, other = random.Random(5), random.Random(5)  # noqa: S311 # no secret
    data = b"a,b\n1,2\n"
    assert changed(data, b"c\n", one) == changed(data, b"c\n", other)


def test_a_reader_that_invents_an_allele_is_found_out(tmp_path: Path) -> None:
    sound = next(target for target in targets() if target.name == "genemapper")

    def invents(path: Path) -> Reading:
        reading = sound.read(path)
        samples = tuple(
            replace(sample, genotypes={**sample.genotypes, "TH01": ("5", "6")})
            for sample in reading.dataset.samples
        )
        return replace(reading, dataset=replace(reading.dataset, samples=samples))

    assert fuzz(replace(sound, read=invents), 20, 7, tmp_path).faults


def test_a_reader_that_hangs_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = next(target for target in targets() if target.name == "rates")
    monkeypatch.setattr("tools.fuzz.SECONDS", 0.05)

    def hangs(_path: Path) -> object:
        while True:
            pass

    result = fuzz(replace(sound, read=hangs), 1, 7, tmp_path)  # type: ignore[arg-type] # never returns
    assert "seconds" in result.faults[0]
    assert SECONDS > 1


def test_a_run_of_some_readers_keeps_the_rows_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "fuzz.json"
    for files, name in (("2", "profiles"), ("2", "profiles-of-search"), ("3", "profiles")):
        words = ["fuzz", "--files", files, "--only", name, "--out", str(out)]
        monkeypatch.setattr("sys.argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [row["what"].split(" (")[0] for row in rows] == [
        about("profiles-of-search"),
        about("profiles"),
    ]
    assert [row["unit"] for row in rows] == ["of 2 files", "of 3 files"]
