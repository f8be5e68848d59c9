"""Rules that hold for the files of the whole project."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.project import project_files, python_files, read, short

MACHINE_PATH = re.compile(r"""(?:^|[\s"'`=(:])(/(?:root|home|Users|work|opt|mnt)/\S*)""", re.M)
SILENCED = re.compile(r"#\s*(?:type:\s*ignore|noqa)\b.*")
WITH_REASON = re.compile(r"# (?:type: ignore\[[a-z-, ]+\]|noqa: [A-Z0-9, ]+) +# \w.{5,}")


@pytest.mark.threat("T23")
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-uv.txt"])
def test_pins_have_hashes_and_name_no_registry(name: str) -> None:
    text = read(name)
    assert "://" not in text
    lines = text.replace("\\\n", "").splitlines()
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9._-]+==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", line), line[:80]


def test_no_file_names_a_path_of_a_machine() -> None:
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{short(path)}: {hit}" for hit in MACHINE_PATH.findall(text)]
    assert not found


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for path in python_files():
        if path.parent.name == "migrations":  # as Django writes them
            continue
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if not docstring.partition("\n\n")[0].endswith((".", ":", ";")):
            silent.append(short(path))
    assert not silent


def test_a_silenced_check_has_a_code_and_a_reason() -> None:
    found = []
    for path in python_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            comment = SILENCED.search(line)
            if comment and not WITH_REASON.match(comment.group()):
                found.append(f"{short(path)}:{number}")
    assert not found
