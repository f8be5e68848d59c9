"""The list of packages names every pin with its sums, and every library of the pages."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.metadata import PackageNotFoundError, version

from tests.settings import ROOT
from tools.sbom import sbom


def pins() -> dict[str, set[str]]:
    """The pins as `name==version`, each with its sums; read line by line."""
    found: dict[str, set[str]] = defaultdict(set)
    name = ""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line.partition(";")[0]:
            name = line.partition(" ")[0]
        elif line.strip():
            found[name].add(line.strip(" \\").removeprefix("--hash=sha256:"))
    return found


def test_every_pin_is_named_with_its_sums() -> None:
    named = {
        f"{one['name']}=={one['version']}": {each["content"] for each in one["hashes"]}
        for one in sbom()["components"]
        if one["purl"].startswith("pkg:pypi/")
    }
    assert len(named) > 100
    assert named == pins()


def test_every_package_that_is_installed_here_has_a_licence() -> None:
    def is_here(name: str, wanted: str) -> bool:
        try:
            return version(name) == wanted
        except PackageNotFoundError:
            return False

    without = [
        one["name"]
        for one in sbom()["components"]
        if "licenses" not in one and is_here(one["name"], one["version"])
    ]
    assert without == []


def test_every_library_of_the_pages_is_named() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    named = {
        one["name"]: one["version"]
        for one in sbom()["components"]
        if one["purl"].startswith("pkg:npm/")
    }
    assert named == wanted


def test_the_list_is_the_same_each_time_and_every_part_is_named_once() -> None:
    found = sbom()
    assert found == sbom()
    names = [one["bom-ref"] for one in found["components"]]
    assert len(names) == len(set(names))
