"""`reunion packs`: what people and programs see of the packs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from reunion.packs.jurisdiction import DATA
from tests.cli.command import reunion


def test_the_jurisdictions_are_listed(tmp_path: Path) -> None:
    done = reunion("packs", "list", "--json", cwd=tmp_path)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [(row["code"], row["languages"]) for row in rows] == [
        ("cn", ["zh", "en"]),
        ("in", ["en", "hi"]),
    ]


def test_packs_that_are_in_order_end_with_status_0(tmp_path: Path) -> None:
    done = reunion("packs", "check", cwd=tmp_path)
    assert done.status == 0
    assert done.out == ""
    assert "are in order" in done.err


def test_each_fault_is_one_sentence_and_one_line_of_json(tmp_path: Path) -> None:
    folder = shutil.copytree(DATA / "in", tmp_path / "in")
    file = folder / "ages.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("below_years", "under_years"), encoding="utf-8")
    done = reunion("packs", "check", folder, "--json", cwd=tmp_path)
    assert done.status == 1
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [fault["path"] for fault in found] == [
        "age[0].under_years",
        "age[1].under_years",
        "age[4].under_years",
    ]
    assert done.err.count("the key is not known; permitted are code, name") == 3


def test_a_folder_without_a_pack_is_no_success(tmp_path: Path) -> None:
    done = reunion("packs", "check", tmp_path, cwd=tmp_path)
    assert done.status == 1
    assert "there is no pack" in done.err
