"""The commands take files of any known format that holds what they need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reunion.cli.main import app
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Rules, Sample
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.registry import FORMATS
from reunion.kinship.pedigree import Sex
from reunion.packs.dna import load_dna
from tests.cli.test_joint import FAMILY, Genotypes, born

BY_NAME = {found.name: found for found in FORMATS}
PEOPLE = born(FAMILY, 1)
STRANGERS = {f"S{at}": born(FAMILY, at + 2)["father"] for at in range(4)}
CANDIDATES = {**STRANGERS, "A": PEOPLE["son"]}


def samples(people: dict[str, Genotypes], **sexes: Sex) -> tuple[Sample, ...]:
    return tuple(
        Sample(name, dict(of), sex=sexes.get(name, Sex.UNKNOWN)) for name, of in people.items()
    )


RELATIVES = samples(
    {"father": PEOPLE["father"], "mother": PEOPLE["mother"]}, father=Sex.MALE, mother=Sex.FEMALE
)
TRIO = FAMILY.without("daughter")
RECORD = FamilyRecord("F", TRIO, "son", {"father": "father", "mother": "mother"}, {})
UNMARKED = FamilyRecord("F", TRIO, "", RECORD.samples, {})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our own files, and a family of Familias and of PLINK with the parents' genotypes."""
    monkeypatch.chdir(tmp_path)
    everybody = (*RELATIVES, *samples(CANDIDATES))
    BY_NAME["families"].write(Dataset(families=(RECORD,)), tmp_path / "families.csv")
    BY_NAME["profiles"].write(Dataset(everybody), tmp_path / "profiles.csv")
    BY_NAME["profiles"].write(Dataset(samples(CANDIDATES)), tmp_path / "candidates.csv")
    BY_NAME["ped"].write(Dataset(RELATIVES, (UNMARKED,)), tmp_path / "family.ped")
    BY_NAME["familias"].write(Dataset(RELATIVES, (RECORD,)), tmp_path / "family.fam")
    return tmp_path


def run(command: str, families: str, profiles: str, *more: str) -> Result:
    files = ["--families", families, "--profiles", profiles, "--frequencies", "nist_asian"]
    return CliRunner().invoke(app, ["kinship", command, *files, *more])


@pytest.mark.parametrize("name", ["genemapper", "cmf", "genis", "familias", "ped"])
def test_a_search_finds_the_same_in_whatever_format(folder: Path, name: str) -> None:
    reading = BY_NAME["profiles"].read(Path("profiles.csv"), Rules(load_dna().checks()))
    BY_NAME[name].write(reading.dataset, Path("theirs.dat"))
    for profiles, out in (("profiles.csv", "ours.csv"), ("theirs.dat", "theirs.csv")):
        done = run("search", "families.csv", profiles, "--out", out, "--single", "homozygote")
        assert done.exit_code == 0, done.stderr
    assert (folder / "ours.csv").read_bytes() == (folder / "theirs.csv").read_bytes()
    assert "F,son,A,1," in (folder / "ours.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("families", "options"), [("family.ped", ("--sought", "son")), ("family.fam", ())]
)
def test_a_family_brings_the_genotypes_of_its_relatives(
    folder: Path, families: str, options: tuple[str, ...]
) -> None:
    done = run("search", families, "candidates.csv", "--out", "leads.csv", "--json", *options)
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["people_searched"], report["families_searched"]) == (len(CANDIDATES), 1)
    lead = (folder / "leads.csv").read_text(encoding="utf-8").splitlines()[1]
    assert lead.split(",")[2:4] == ["A", "1"]


@pytest.mark.parametrize("command", ["power", "check"])
def test_power_and_check_take_one_file_for_both(folder: Path, command: str) -> None:
    done = run(command, "family.fam", "family.fam", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["schema"] == f"reunion.{command}/1"


def test_joint_takes_several_sought_persons_by_name(folder: Path) -> None:
    record = FamilyRecord("F", FAMILY, "", RECORD.samples, {})
    BY_NAME["ped"].write(Dataset(RELATIVES, (record,)), folder / "both.ped")
    people = {**STRANGERS, "A": PEOPLE["son"], "B": PEOPLE["daughter"]}
    BY_NAME["genis"].write(Dataset(samples(people)), folder / "candidates.txt")
    sought = ("--sought", "son", "--sought", "daughter")
    done = run("joint", "both.ped", "candidates.txt", "--single", "homozygote", "--json", *sought)
    assert done.exit_code == 0, done.stderr
    (family,) = json.loads(done.stdout)["families"]
    found = {pair["sample_id"] for pair in family["assignments"][0]["pairs"]}
    assert found == {"A", "B"}


def test_what_a_format_lacks_is_said_in_one_sentence(folder: Path) -> None:
    done = run("search", "family.ped", "candidates.csv", "--out", "leads.csv")
    assert done.exit_code == 4
    assert "nobody in the family is sought (PLINK PED" in done.stderr
    assert "give --sought" in done.stderr
    typed = run(
        "search", "family.ped", "candidates.csv", "--out", "leads.csv", "--sought", "father"
    )
    assert "father is sought and typed" in typed.stderr
    BY_NAME["genis"].write(Dataset(RELATIVES), folder / "genis.txt")
    for command, families, profiles, said in (
        ("check", "genis.txt", "profiles.csv", "no pedigree can be read from it"),
        ("power", "families.csv", "families.csv", "which gives no genotypes"),
    ):
        done = run(command, families, profiles)
        assert isinstance(done.exception, DataRefused)
        assert said in str(done.exception)
