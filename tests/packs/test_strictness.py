"""A pack with a fault is refused, and the place of the fault is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reunion.packs.dna import FOLDER, load_dna
from reunion.packs.errors import BadFile, BadValue, PackError, UnknownKey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pack, to be damaged."""
    return shutil.copytree(FOLDER, tmp_path / "dna")


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "leaf", "said"),
    [
        ("pack.toml", "title.en =", "titel.en =", UnknownKey, "file[0].titel"),
        ("pack.toml", "title.zh =", "title.fr =", UnknownKey, "file[0].title.fr"),
        ("pack.toml", 'kind = "loci"', 'kind = "locus"', BadValue, "file[0].kind"),
        ("pack.toml", "is_default = true", 'is_default = "yes"', BadValue, "is_default"),
        (
            "pack.toml",
            '"nist_asian"',
            '"nist_caucasian"',
            BadValue,
            "nist_caucasian is there twice",
        ),
        ("pack.toml", '"loci.csv"', '"../loci.csv"', BadValue, "must lie in the folder"),
        ("pack.toml", '"loci.csv"', '"none.csv"', BadFile, "none.csv"),
        ("pack.toml", "[[file]]", "[[file", BadFile, "pack.toml"),
        ("pack.toml", "[mutation]", "typo = 1\n[mutation]", UnknownKey, "at typo"),
        ("pack.toml", 'model = "stepwise"', 'model = "steps"', BadValue, "at mutation.model"),
        ("pack.toml", "rate2 = 1e-6", "rate2 = 2.0", BadValue, "at mutation.rate2"),
        ("pack.toml", "[[file]]", "title = 1\n[[file]]", UnknownKey, "at mutation.title"),
        ("kits.toml", "verified = true", "verified = 1", BadValue, "kit[0].verified"),
        ("kits.toml", '"FGA"', '"FGB"', BadValue, "kit[0].autosomal[1]: FGB"),
        ("kits.toml", '"TH01"', '"THO1"', BadValue, "kit[0].autosomal[2]: THO1"),
        ("kits.toml", "other = []", "others = []", UnknownKey, "kit[0].others"),
        ("loci.csv", "position_cm", "position", BadFile, "the first line must be"),
        ("loci.csv", "CSF1PO,5,", "CSF1PO,23,", BadValue, "line 2, chromosome"),
        ("loci.csv", "CSF1PO,5,154.43", "CSF1PO,5,far", BadValue, "line 2, position_cm"),
        ("loci.csv", "12,THO1", "12,FGA", BadValue, "aliases: FGA names"),
        ("loci.csv", "D10S1248,10,", "D10S1248,", BadValue, "line 3, row"),
        ("mutation_rates.csv", "0.0015", "1.5", BadFile, "line 2, paternal '1.5'"),
        ("mutation_rates.csv", "CSF1PO", "CSF", BadFile, "line 2, locus 'CSF'"),
        ("frequencies/nist_asian.csv", "0.0206186", "0.9", BadFile, "line 2, locus 'CSF1PO'"),
        ("frequencies/nist_asian.csv", "frequency,", "", BadFile, "the first line must be"),
    ],
)
def test_a_fault_is_refused_and_its_place_is_named(
    folder: Path, file: str, old: str, new: str, leaf: type[PackError], said: str
) -> None:
    _change(folder / file, old, new)
    with pytest.raises(leaf) as caught:
        load_dna(folder)
    assert said in str(caught.value)
    assert Path(file).name in str(caught.value) or Path(new.strip('"')).name in str(caught.value)


def test_a_kind_of_file_that_is_missing_is_named(folder: Path) -> None:
    _change(folder / "pack.toml", 'kind = "kits"', 'kind = "loci"')
    with pytest.raises(BadValue, match="one file of the kind loci is wanted, not 2"):
        load_dna(folder)
