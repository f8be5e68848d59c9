"""No option of `reunion kinship` is silently ignored: it changes the answer, or it is refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias, get_args

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from reunion.cli.errors import UsageError
from reunion.cli.main import app
from reunion.kinship.formats.any_profiles import read_any_profiles
from reunion.kinship.formats.complaints import DataRefused
from reunion.kinship.formats.dataset import Dataset, Rules
from reunion.kinship.formats.families import FamilyRecord
from reunion.kinship.formats.genotypes import Single
from reunion.kinship.formats.x_markers import read_x_profiles, read_x_table
from reunion.packs.dna import load_dna
from tests.cli.test_any_format import (
    BY_NAME,
    CANDIDATES,
    PEOPLE,
    RECORD,
    RELATIVES,
    TRIO,
    UNMARKED,
    samples,
)
from tests.cli.test_joint import COLUMNS, SIDE, born, family_rows, write
from tools.fuzz import Target, seeds_of, targets

CHECKS = load_dna().checks()
TARGETS = [target for target in targets() if target.name in BY_NAME]
NAMES = [target.name for target in TARGETS]
FILES = "--families families.csv --profiles profiles.csv --frequencies nist_asian"
BASES = {
    "search": f"search {FILES} --out leads.csv --min-log10-lr -100",
    "power": f"power {FILES} --people 100000",
    "joint": f"joint {FILES} --least-log10-lr -100 --undisputed-log10-lr 1000",
    "check": f"check {FILES}",
    "report": f"report {FILES} --family F --sample A --out r --date 2026-03-04",
    "convert": "convert profiles.csv --to genemapper --out theirs.txt",
    "simulate": "simulate --families 2 --people 3 --frequencies nist_asian"
    " --panel GlobalFiler --out province",
    "tables list": "tables list",
    "tables add": "tables add own.csv",
    "tables populations": "tables populations",
    "tables show": "tables show nist_asian",
}
X = "--x-profiles x.csv --x-frequencies x_table.csv"
SHARED = {
    "--mutation-model": "equal",
    "--mutation-rates": "rates.csv",
    "--theta": "0.05",
    "--single": "homozygote",
    "--sought": "son",
    "--json": "",
}
CASES: dict[str, dict[str, str]] = {
    "search": {
        **SHARED,
        "--prior": "0.01",
        "--min-log10-lr": "3",
        "--top": "1",
        "--snapshot": ".",
        "--quarantine": "aside.csv",
    },
    "power": {
        **SHARED,
        "--people": "1000",
        "--wanted": "0.001",
        "--svg": "pictures",
        "--advice": "",
        "--markers": "",
    },
    "joint": {
        **SHARED,
        "--out": "other.csv",
        "--pairs": "other.csv",
        "--candidate-families": "sides.csv",
        "--odds": "1e-9",
        "--least-log10-lr": "1",
        "--undisputed-log10-lr": "1",
        "--top": "1",
    },
    "check": {
        **SHARED,
        "--elimination": "staff.csv",
        "--plates": "plates.csv",
        "--out": "findings.csv",
        "--typing-error": "0.001",
    },
    "report": {
        **SHARED,
        "--language": "zh",
        "--number": "R-7",
        "--date": "2026-03-05",
        "--amends": "old.json",
        "--synthetic": "",
        "--x-profiles": X,
        "--x-frequencies": X,
        "--prior": "0.01",
    },
    "convert": {
        "--single": "partial",
        "--quarantine": "aside.csv",
        "--json": "",
    },
    "simulate": {"--seed": "2", "--json": ""},
    "tables list": {"--json": ""},
    "tables add": {"--name": "n", "--population": "Han", "--source": "s", "--json": ""},
    "tables populations": {"--json": ""},
    "tables show": {"--json": ""},
}
UNSEEN = {
    ("search", "--threads"): "how fast",
    ("check", "--threads"): "how fast",
    ("search", "--cluster"): "who scans; tests/cli/test_clustering.py",
    ("convert", "--encoding"): "each format, below",
    ("lr", "--json"): "says itself that it always does",
    ("bench", "--profiles"): "figures of time",
    ("bench", "--large"): "figures of time",
    ("bench", "--compiled"): "figures of time",
    ("bench", "--json"): "figures of time",
    ("province", "--json"): "a long run",
}
ECHOES = {"settings", "inputs_sha256", "inputs", "software", "cases"}
"""Parts of an answer that repeat the options."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a command leaves, but for what repeats its options."""

    said: str
    printed: object
    files: dict[str, object]


Base: TypeAlias = Callable[[str, bool], Outcome]


def plain(value: Any, without: set[str]) -> Any:
    """JSON without some keys."""
    if isinstance(value, dict):
        return {key: plain(of, without) for key, of in value.items() if key not in without}
    return [plain(of, without) for of in value] if isinstance(value, list) else value


def outcome(words: str, given: Path, folder: Path, *, has_number: bool = False) -> Outcome:
    """What a command makes of the files; a number made from its options is left out."""
    shutil.copytree(given, folder)
    before = {*folder.rglob("*")}
    without = ECHOES if has_number else ECHOES | {"number"}
    with chdir(folder):
        done = CliRunner().invoke(
            app, ["kinship", *words.split()], env={"REUNION_HOME": str(folder / "home")}
        )
    printed = [plain(json.loads(line), without) for line in done.stdout.splitlines()]
    files: dict[str, object] = {}
    for path in {*folder.rglob("*")} - before:
        if path.is_file() and path.suffix != ".pdf":
            text = path.read_text(encoding="utf-8")
            is_json = path.suffix == ".json"
            files[path.name] = plain(json.loads(text), without) if is_json else text
    return Outcome(f"{done.stderr}{done.exception!r}", printed, files)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A family with a child among others, one whose father is none, a doubled and a torn sample."""
    folder = tmp_path_factory.mktemp("given")
    sides = born(SIDE, 9, {"found": PEOPLE["son"], "X": {}, "Y": {}})
    people = {
        **CANDIDATES,
        "D": {**CANDIDATES["S3"], "FGA": ("18", "27")},
        "G1": CANDIDATES["S1"],
        "G2": CANDIDATES["S2"],
        "K1": sides["child"],
        "K2": sides["wife"],
    }
    siblings = TRIO.with_child("sister", father="father", mother="mother", sex="female")
    wrong = FamilyRecord("G", siblings, "son", {"father": "G1", "sister": "G2"}, {})
    with chdir(folder):
        BY_NAME["families"].write(Dataset(families=(RECORD, wrong)), Path("families.csv"))
        BY_NAME["profiles"].write(Dataset((*RELATIVES, *samples(people))), Path("profiles.csv"))
        text = Path("profiles.csv").read_text(encoding="utf-8")
        Path("profiles.csv").write_text(re.sub(r"(S0,TH01,[^,]+),.+", r"\1,", text), "utf-8")
        BY_NAME["profiles"].write(Dataset(samples({"Q": people["G2"]})), Path("staff.csv"))
        BY_NAME["ped"].write(Dataset(RELATIVES, (UNMARKED,)), Path("family.ped"))
        BY_NAME["familias"].write(Dataset(RELATIVES, (RECORD,)), Path("family.fam"))
        write("sides.csv", COLUMNS, family_rows("C", SIDE, {"child": "K1", "wife": "K2"}, "found"))
        write("plates.csv", "sample_id,plate", [("NOBODY", "1")])
        write("rates.csv", "locus,paternal,maternal", [("FGA", "0.1", "0.1")])
        frequencies = "locus,allele,frequency,alleles_sampled"
        write("own.csv", frequencies, [("FGA", "20", "1", "200")])
        write("x_table.csv", frequencies, [("DXS1", of, "0.5", "200") for of in ("20", "21")])
        seen = [("father", "20", "20"), ("mother", "20", "21"), ("A", "21", "21")]
        rows = [(sample, "DXS1", *alleles) for sample, *alleles in seen]
        write("x.csv", "sample_id,marker,allele_1,allele_2", rows)
    old = {"schema": "reunion.report/1", "number": "R-0", "family": {"id": "F"}}
    (folder / "old.json").write_text(json.dumps(old), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def base(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """What each command does without further options."""

    @cache
    def of(command: str, has_number: bool) -> Outcome:
        folder = tmp_path_factory.mktemp("base") / "f"
        return outcome(BASES[command], given, folder, has_number=has_number)

    return of


def options(group: TyperGroup, name: str = "") -> Iterator[tuple[str, str]]:
    """The options that may be left out, of the commands of a group and of the groups in it."""
    for word, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from options(command, f"{name}{word} ")
            continue
        for of in command.params:
            if of.param_type_name == "option" and not of.required:
                yield f"{name}{word}", next(word for word in of.opts if word.startswith("--"))


def test_every_option_has_a_case() -> None:
    assert isinstance(root := get_command(app), TyperGroup)
    assert isinstance(kinship := root.commands["kinship"], TyperGroup)
    cases = {(name, word) for name, of in CASES.items() for word in of}
    assert {*options(kinship)} == cases | UNSEEN.keys()


@pytest.mark.parametrize(("command", "option"), [(c, o) for c, of in CASES.items() for o in of])
def test_an_option_changes_the_answer_or_is_refused(
    given: Path, base: Base, tmp_path: Path, command: str, option: str
) -> None:
    if command == "report" and find_spec("typst") is None:
        pytest.skip("the extra `report` is not installed")
    value, has_number = CASES[command][option], option == "--number"
    words = value if value.startswith("--") else f"{option} {value}"
    found = outcome(f"{BASES[command]} {words}", given, tmp_path / "f", has_number=has_number)
    assert found != base(command, has_number)


@pytest.mark.parametrize(
    ("families", "name", "said"),
    [
        ("families.csv", "son", "a CSV of families says itself who is sought"),
        ("families.csv", "nobody", "a CSV of families says itself who is sought"),
        ("family.ped", "nobody", "no family that can be read has such a person"),
        ("family.fam", "nobody", "no family that can be read has such a person"),
    ],
)
@pytest.mark.parametrize("command", ["search", "power", "joint", "check"])
def test_a_sought_person_who_would_count_nothing_is_refused(
    given: Path, monkeypatch: pytest.MonkeyPatch, command: str, families: str, name: str, said: str
) -> None:
    monkeypatch.chdir(given)
    words = BASES[command].replace("families.csv", families).split()
    done = CliRunner().invoke(app, ["kinship", *words, "--sought", name])
    assert isinstance(done.exception, UsageError)
    assert f"--sought {name}: {said}" in str(done.exception)


def test_sought_names_the_candidate_of_a_candidates_family(given: Path, tmp_path: Path) -> None:
    (given / "own.ped").write_bytes((given / "family.ped").read_bytes())
    (given / "own.map").write_bytes((given / "family.map").read_bytes())
    words = f"{BASES['joint']} --candidate-families own.ped --sought son"
    found = outcome(words, given, tmp_path / "f")
    assert "--sought" not in found.said


def test_rates_without_a_model_that_has_them_are_refused(given: Path, tmp_path: Path) -> None:
    words = f"{BASES['search']} --mutation-model none --mutation-rates rates.csv"
    assert "the mutation model none has no rates" in outcome(words, given, tmp_path / "f").said


@pytest.mark.parametrize("target", TARGETS, ids=NAMES)
def test_every_format_is_read_in_the_encoding_that_is_given(target: Target, tmp_path: Path) -> None:
    seed = seeds_of(target)[0]
    for path in (seed, seed.with_suffix(".map")):
        if path.exists():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / seed.name
    # A letter that is no UTF-8, where any format has one it may lose.
    file.write_bytes(file.read_bytes().replace(b"1", b"\xe9", 1))
    known, said = BY_NAME[target.name], {}
    for encoding in ("utf-8", "latin-1"):
        try:
            said[encoding] = str(known.read(file, Rules(CHECKS, encoding=encoding)))
        except DataRefused as error:
            said[encoding] = str(error)
    assert said["utf-8"] != said["latin-1"]
    assert "UTF-8" not in said["latin-1"]


@pytest.mark.parametrize("name", ["profiles", "genemapper", "genis", "familias-genotypes"])
def test_one_allele_alone_stands_for_what_is_said(name: str, tmp_path: Path) -> None:
    file = tmp_path / "alone"
    genotypes = {"TH01": ("9", "9"), "FGA": ("20", "21")}
    BY_NAME[name].write(Dataset(samples({"S": genotypes})), file)
    text = re.sub(r"([,\t])9([,\t])9", r"\g<1>9\2", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    found, aside = {}, {}
    for single in get_args(Single):
        read = read_any_profiles(file, Rules(CHECKS, single))
        found[single] = read.profile("S").get("TH01")
        aside[single] = len(read.quarantine)
    assert found == {"quarantine": None, "homozygote": ("9", "9"), "partial": ("9", None)}
    assert aside == {single: int(of is None) for single, of in found.items()}


@pytest.mark.parametrize("target", TARGETS, ids=NAMES)
def test_a_format_in_which_no_allele_stands_alone_says_so(target: Target) -> None:
    (seed, *_), known = seeds_of(target), BY_NAME[target.name]
    told = [
        any("--single changes nothing" in note for note in known.read(seed, rules).notes)
        for rules in (Rules(CHECKS), Rules(CHECKS, "partial"))
    ]
    assert told == [False, not known.leaves_single]


def test_a_man_s_only_allele_on_x_counts_twice_where_that_is_said(tmp_path: Path) -> None:
    file, table = tmp_path / "x.csv", tmp_path / "t.csv"
    file.write_text("sample_id,marker,allele_1,allele_2\nS,DXS1,20,\n", encoding="utf-8")
    table.write_text("locus,allele,frequency,alleles_sampled\nDXS1,20,1,200\n", encoding="utf-8")
    tables = [read_x_table(table, CHECKS.catalogue).table]
    with pytest.raises(DataRefused, match="only one allele"):
        read_x_profiles(file, {"S"}, tables)
    assert read_x_profiles(file, {"S"}, tables, "homozygote") == {"S": {"DXS1": ("20", "20")}}


@pytest.mark.parametrize("spelling", ["family.ped", "./family.ped"])
def test_one_file_for_two_purposes_is_complained_about_once(
    given: Path, tmp_path: Path, spelling: str
) -> None:
    folder = tmp_path / "f"
    shutil.copytree(given, folder)
    with (folder / "family.ped").open("a", encoding="utf-8") as stream:
        stream.write("torn row\n")
    with chdir(folder):
        words = "search --families family.ped --frequencies nist_asian --sought son --out l.csv"
        CliRunner().invoke(app, ["kinship", *words.split(), "--profiles", spelling])
    with (folder / "quarantine.csv").open(encoding="utf-8", newline="") as stream:
        torn = [row for row in csv.DictReader(stream) if row["value"] == "torn row"]
    assert len(torn) == 1
