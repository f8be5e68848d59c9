"""The documents say what the project does."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.project import project_files, python_files, read, short
from tests.settings import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def glossary() -> list[list[str]]:
    """The rows of every table of the glossary, without the heads."""
    lines = [line for line in read("docs/glossary.md").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "identifier"]


def enum_values() -> Iterator[tuple[str, str]]:
    """(place, value) of each member of each `StrEnum` in the source."""
    for path in python_files():
        if not path.is_relative_to(ROOT / "src"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "StrEnum" in map(ast.unparse, node.bases):
                members = (item.value for item in node.body if isinstance(item, ast.Assign))
                for member in members:
                    yield f"{short(path)} {node.name}", str(ast.literal_eval(member))


def test_the_readme_names_every_word_that_make_knows() -> None:
    targets = re.findall(r"^([a-z]+):.*##", read("Makefile"), re.M)
    assert {"run", "test"} <= set(targets)
    assert [word for word in targets if f"`make {word}`" not in read("README.md")] == []


def test_every_row_of_the_glossary_has_both_languages_and_a_definition() -> None:
    rows = glossary()
    assert len(rows) > 50
    for row in rows:
        identifier, chinese, definition, _source = row
        assert re.fullmatch(r"[a-z][a-z0-9_]*", identifier), row
        assert CHINESE.search(chinese), row
        assert definition, row


def test_the_glossary_names_each_thing_once() -> None:
    names = [row[0] for row in glossary()]
    assert sorted(names) == sorted(set(names))


def test_every_closed_choice_is_in_the_glossary() -> None:
    known = {row[0] for row in glossary()}
    assert [found for found in enum_values() if found[1] not in known] == []


def test_every_decision_is_numbered_and_listed() -> None:
    decisions = sorted(
        path.name for path in project_files() if path.parent == ROOT / "docs" / "decisions"
    )
    assert [name[:4] for name in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    architecture = read("docs/architecture.md")
    assert [name for name in decisions if f"decisions/{name}" not in architecture] == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{short(path)}: {target}"
        for path in project_files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert not broken


def commands_of_the_readme() -> list[str]:
    """The lines of the README's `sh` blocks that call the program."""
    blocks = re.findall(r"^```sh\n(.*?)^```", read("README.md"), re.M | re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith(".venv/bin/reunion ")]


def test_the_commands_of_the_readme_work_one_after_the_other(tmp_path: Path) -> None:
    commands = commands_of_the_readme()
    assert commands
    for command in commands:
        words = shlex.split(command)[1:]
        done = subprocess.run(
            [sys.executable, "-m", "reunion", *words],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
