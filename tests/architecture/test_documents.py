"""The documents say what the project does."""

from __future__ import annotations

import ast
import csv
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.project import project_files, python_files, read, short
from tests.settings import ROOT
from tools import cli_pages, security_pages

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TYPED = re.compile(r"(?:`|\./|bin/|^)reunion ([a-z][^`\n]*)", re.M)
"""A command in a document, without its first word."""


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


def test_the_pages_of_the_command_line_are_those_of_the_program() -> None:
    written = {path.name: path.read_text("utf-8") for path in cli_pages.PAGES.glob("*.md")}
    assert written == cli_pages.files(), f"run: {cli_pages.COMMAND}"


def test_the_commands_that_documents_name_are_there() -> None:
    commands = cli_pages.commands()
    groups = {name.rpartition(" ")[0] for name in commands}
    words = re.findall(r"^([a-z]+)\)", read("reunion"), re.M)  # of the script beside the program
    known = commands | groups | {f"reunion {word}" for word in words}
    unknown = []
    for path in project_files():
        if path.suffix != ".md" or path.name == "CHANGELOG.md":
            continue
        for typed in TYPED.findall(path.read_text("utf-8")):
            name = "reunion"
            for word in re.findall(r"[a-z-]+", typed):
                name = f"{name} {word}"
                if name not in groups:
                    break
            if name not in known:
                unknown.append(f"{short(path)}: {name}")
    assert unknown == []


def test_the_tools_that_documents_name_are_there() -> None:
    named = {
        name
        for path in project_files()
        if path.suffix == ".md"
        for name in re.findall(r"python -m tools\.([a-z_]+)", path.read_text("utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if not (ROOT / f"tools/{name}.py").exists()] == []


def test_the_readme_has_the_exit_codes_of_the_program() -> None:
    assert cli_pages.statuses() in read("README.md")


def test_the_pages_about_security_count_what_is_there() -> None:
    for path, text in security_pages.files().items():
        assert path.read_text("utf-8") == text, f"run: {security_pages.COMMAND}"


def test_every_threat_has_a_test_or_a_reason_why_not() -> None:
    marked, threats = security_pages.marked(), security_pages.threats()
    assert list(threats) == [f"T{number}" for number in range(1, len(threats) + 1)]
    assert set(marked) <= set(threats)
    without = [
        name for name, text in threats.items() if not re.search(r"\*\*No test:\*\* \w", text)
    ]
    assert sorted(marked) == sorted(without)


def test_the_files_that_the_threats_name_are_there() -> None:
    names = re.findall(r"\*Code:\*(.*?)\*Left", "".join(security_pages.threats().values()), re.S)
    missing = [
        name
        for place in names
        for name in re.findall(r"`([^`]+)`", place)
        if not any(ROOT.glob(name)) and not any((ROOT / "src/reunion").glob(name))
    ]
    assert names
    assert not missing


def test_the_self_assessment_answers_every_requirement_once(shared_data: Path) -> None:
    lines = (shared_data / "asvs5_ids.csv").read_text("utf-8").splitlines()
    asked = csv.DictReader(line for line in lines if not line.startswith("#"))
    wanted = [(row["req_id"], int(row["level"])) for row in asked if row["level"] != "3"]
    assert [(row.id, row.level) for row in security_pages.standings()] == wanted


def test_the_self_assessment_names_files_that_are_there_and_says_what_is_missing() -> None:
    for row in security_pages.standings():
        assert row.status in security_pages.STATUSES, row.id
        assert row.note or row.status == "met", row.id
        assert row.note or row.files, row.id
        assert [name for name in row.files if not (ROOT / name).exists()] == [], row.id


def test_the_chinese_terms_are_those_of_the_glossary() -> None:
    known = {row[0]: row[1] for row in glossary()}
    lines = [line for line in read("docs/zh/glossary.md").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    assert len(rows) > 30
    assert [row[:2] for row in rows if known.get(row[0]) != row[1]] == []


def test_the_site_is_built_strictly_and_asks_no_other_host(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 40
    fetched = (
        r"""<(?:(?:script|img|iframe|source)\b[^>]*\bsrc|link\b[^>]*\bhref)=["']?(?:https?:)?//"""
    )
    asking = [page.name for page in pages if re.search(fetched, page.read_text("utf-8"))]
    asking += [
        sheet.name
        for sheet in tmp_path.rglob("*.css")
        if re.search(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", sheet.read_text("utf-8"))
    ]
    # The theme's script fetches one library for such drawings from elsewhere.
    asking += [page.name for page in pages if 'class="mermaid"' in page.read_text("utf-8")]
    assert asking == []
