"""What the pages are made of: known files with their licences, and none from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.architecture.project import read
from tests.settings import ROOT

WEB = ROOT / "src" / "reunion" / "web"
VENDOR = WEB / "static" / "vendor"
FONTS = ROOT / "src" / "reunion" / "base" / "documents" / "fonts"
SHELVES = {
    shelf: json.loads((shelf / "MANIFEST.json").read_text(encoding="utf-8"))
    for shelf in (VENDOR, FONTS)
}
OWN = [*(WEB / "static").rglob("*"), *(WEB / "public_files").rglob("*")]


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.name)
def test_every_vendored_file_is_listed_with_its_sum_and_its_licence(shelf: Path) -> None:
    listed = {each["file"]: each for each in SHELVES[shelf]}
    found = {f.relative_to(shelf).as_posix() for f in shelf.rglob("*") if f.is_file()}
    assert found - {"MANIFEST.json"} == set(listed)
    for name, each in listed.items():
        data = (shelf / name).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), (
            name
        )
    for folder in {name.partition("/")[0] for name in listed}:
        assert f"{folder}/LICENSE" in listed


def test_versions_are_exact_and_the_lock_file_names_no_host() -> None:
    package, lock = json.loads(read("package.json")), json.loads(read("package-lock.json"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    for name, version in wanted.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert "://" not in json.dumps(lock)
    taken = [each for listed in SHELVES.values() for each in listed]
    assert {(each["name"], each["version"]) for each in taken} <= set(wanted.items())


def test_nothing_bears_the_signs_of_a_state_or_asks_for_a_file_that_is_not_there() -> None:
    signs = re.compile("crest|crown|transport", re.IGNORECASE)
    assert [file for file in OWN if signs.search(file.name)] == []
    for file in OWN:
        if file.suffix not in {".css", ".js", ".svg"}:
            continue
        text = file.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, file
        if file.suffix != ".css":
            continue
        assert not signs.search(text), file
        assert "font-style:italic" not in text.replace(" ", ""), file
        for address in re.findall(r"url\(([^)]*)\)", text):
            target = address.strip("\"'")
            assert target.startswith("#") or (file.parent / target).is_file(), (file, target)


def test_the_compressed_forms_of_the_public_stylesheet_are_its_own_and_small() -> None:
    style = (WEB / "public_files" / "public.css").read_bytes()
    packed = (WEB / "public_files" / "public.css.br").read_bytes()
    assert brotli.decompress(packed) == style
    assert gzip.decompress((WEB / "public_files" / "public.css.gz").read_bytes()) == style
    assert len(packed) < 20_000


def test_collecting_for_production_finds_every_file_and_a_page_stays_under_its_budget(
    tmp_path: Path,
) -> None:
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={"staticfiles": {"BACKEND": storage}}):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    of_a_page = ["site.css", "site.js", "mark.svg"]
    files = [*(f"reunion/{name}" for name in of_a_page), "django_htmx/htmx-2.min.js"]
    sent = sum(len(brotli.compress((tmp_path / names[file]).read_bytes())) for file in files)
    assert sent < 60_000


@pytest.mark.parametrize("path", sorted(WEB.rglob("styles/*.scss")), ids=lambda path: path.name)
def test_the_stylesheets_were_compiled_of_their_source(path: Path) -> None:
    """Each class that our own source names stands in what was compiled of it."""
    compiled = "".join(
        (WEB / file).read_text(encoding="utf-8")
        for file in ("static/reunion/site.css", "public_files/public.css")
    )
    for name in re.findall(r"^\s*\.([a-z_-]+) \{", path.read_text(encoding="utf-8"), re.MULTILINE):
        assert f".{name}" in compiled, f"{name}: make vendor"
