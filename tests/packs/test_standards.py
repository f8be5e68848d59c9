"""The slots for national standards: nothing is guessed, and what is filled in is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Reading, Rules, Sample
from reunion.packs.errors import BadValue
from reunion.packs.standards import load_standard, load_standards
from tests.kinship.datasets import RULES


@dataclass(frozen=True)
class Lines:
    """A codec for these tests: one line for each sample, under the name of the sample's id."""

    def read(self, data: bytes, names: Mapping[str, str], rules: Rules) -> Reading:
        """The samples."""
        start = f"{names['sample id']}="
        ids = (line.removeprefix(start) for line in data.decode().splitlines())
        return Reading("", Dataset(tuple(map(Sample, ids))), (), (), "")

    def write(self, dataset: Dataset, names: Mapping[str, str]) -> bytes:
        """The lines."""
        return "\n".join(f"{names['sample id']}={s.id}" for s in dataset.samples).encode()


def test_no_name_of_a_standard_is_guessed() -> None:
    for standard in load_standards():
        assert set(standard.names.values()) == {""}


def test_a_standard_that_is_not_filled_in_is_refused_with_what_is_missing() -> None:
    for standard in load_standards():
        with pytest.raises(DataRefused, match=r"to be filled from the standard.*sample id.*codec"):
            standard.read(b"", RULES)
        with pytest.raises(DataRefused, match="to be filled"):
            replace(standard, codec=Lines()).write(Dataset())


def test_a_codec_reads_and_writes_under_the_names_that_were_filled_in() -> None:
    standard = load_standards()[1]
    names = {item: f"name of {item}" for item in standard.names}
    filled = replace(standard, names=names, codec=Lines())
    dataset = Dataset((Sample("S-1"), Sample("S-2")))
    data = filled.write(dataset)
    assert data == b"name of sample id=S-1\nname of sample id=S-2"
    assert filled.read(data, RULES).dataset == dataset


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "standard.toml"
    path.write_text('title = "T"\n[names]\nlocus = 7\n', encoding="utf-8")
    with pytest.raises(BadValue, match=r"names\.locus"):
        load_standard(path)
