"""Which packages of others the program is made of, as CycloneDX 1.6, in build/sbom.json.

    python -m tools.sbom

From the pins alone (requirements.txt, package-lock.json), the list of vendored files, and the
licences that the installed packages name: no network, and the same file for the same pins. The
tools of development are among them: what they do to the source is part of the program.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).parent.parent
PINS = ROOT / "requirements.txt"
LOCK = ROOT / "package-lock.json"
VENDORED = (
    ROOT / "src/reunion/web/static/vendor/MANIFEST.json",
    ROOT / "src/reunion/base/documents/fonts/MANIFEST.json",
)
FILE = ROOT / "build/sbom.json"

Component: TypeAlias = dict[str, Any]
"""As CycloneDX has it."""

_PIN = re.compile(r"^([\w.-]+)==([\w.!+-]+)(?: ; [^\\\n]+)?((?: ?\\\n +--hash=sha256:\w+)+)$", re.M)
_APPROVED = "License :: OSI Approved"
_LONGEST = 60
"""Letters of a licence's name; some packages put the whole text there."""


def sbom() -> Component:
    """The whole list."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "reunion",
                "version": metadata.version("reunion"),
                "licenses": [{"expression": "Apache-2.0"}],
            }
        },
        "components": sorted([*_python(), *_scripts()], key=lambda one: str(one["purl"])),
    }


def _python() -> Iterator[Component]:
    for name, version, hashes in _PIN.findall(PINS.read_text(encoding="utf-8")):
        sums = re.findall(r"sha256:(\w+)", hashes)
        yield _component(f"pkg:pypi/{name}@{version}", name, version, _licence(name)) | {
            "hashes": [{"alg": "SHA-256", "content": each} for each in sums]
        }


def _scripts() -> Iterator[Component]:
    """The libraries of the pages and the fonts of documents, which lie in the source."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    files = [one for list_ in VENDORED for one in json.loads(list_.read_text(encoding="utf-8"))]
    shipped = {(one["name"], one["version"], one["licence"]) for one in files}
    for name, version, licence in sorted(shipped):
        sha512 = b64decode(lock[f"node_modules/{name}"]["integrity"].removeprefix("sha512-")).hex()
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        yield _component(purl, name, version, licence) | {
            "hashes": [{"alg": "SHA-512", "content": sha512}]
        }


def _component(purl: str, name: str, version: str, licence: str) -> Component:
    found: Component = {
        "type": "library",
        "bom-ref": purl,
        "purl": purl,
        "name": name,
        "version": version,
    }
    return found | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def _licence(name: str) -> str:
    """The licence that an installed package names; blank where it is for other machines only."""
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return ""
    told = package.metadata
    written = "".join(told.get_all("License-Expression") or told.get_all("License") or [])
    if 0 < len(written) <= _LONGEST and written != "UNKNOWN":
        return written
    if classes := [each for each in told.get_all("Classifier", []) if _APPROVED in each]:
        return " AND ".join(each.rpartition(" :: ")[2] for each in classes)
    texts = [file for file in package.files or () if "LICENSE" in file.name]
    return texts[0].read_text().strip().partition("\n")[0] if texts else ""


def main() -> None:
    """Write the list."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(sbom(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
