"""What is counted on the pages about security: the tests of each threat, the standing by ASVS.

    python -m tools.security_pages

Writes the marked parts of docs/threats.md and docs/asvs.md, and nothing else of them; a test
compares. A test belongs to a threat by its marker `threat("T20")`, which is read, not run.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
THREATS = ROOT / "docs" / "threats.md"
ASVS = ROOT / "docs" / "asvs.md"
TABLE = ROOT / "docs" / "asvs.csv"
COMMAND = "python -m tools.security_pages"

STATUSES = ("met", "partly", "not met", "not applicable", "not assessed")

CHAPTERS = (
    "Encoding and Sanitization",
    "Validation and Business Logic",
    "Web Frontend Security",
    "API and Web Service",
    "File Handling",
    "Authentication",
    "Session Management",
    "Authorization",
    "Self-contained Tokens",
    "OAuth and OIDC",
    "Cryptography",
    "Secure Communication",
    "Configuration",
    "Data Protection",
    "Secure Coding and Architecture",
    "Security Logging and Error Handling",
    "WebRTC",
)
"""Of ASVS 5.0.0, by their numbers from 1 on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the product stands to one requirement, in our own words."""

    id: str
    level: int
    status: str
    where: str
    note: str

    @property
    def files(self) -> list[str]:
        """The files that show it."""
        return [name for name in self.where.split("; ") if name]

    @property
    def chapter(self) -> int:
        """The number of its chapter."""
        return int(self.id[1:].partition(".")[0])


def standings() -> list[Standing]:
    """The rows of docs/asvs.csv."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [
        Standing(row["id"], int(row["level"]), row["status"], row["where"], row["note"])
        for row in rows
    ]


def threats() -> dict[str, str]:
    """The section of each threat in docs/threats.md, by its id."""
    found = re.split(r"^### (T\d+) ", THREATS.read_text(encoding="utf-8"), flags=re.M)
    pairs = zip(found[1::2], found[2::2], strict=True)
    return {name: text.partition("\n## ")[0] for name, text in pairs}


def marked() -> dict[str, dict[str, list[str]]]:
    """The tests with the marker of a threat: by threat, then by file; no names: all of the file."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        short = path.relative_to(ROOT).as_posix()
        whole = {threat for value in _marks_of_all(tree) for threat in _threats_in(value)}
        for threat in whole:
            found[threat][short] = []
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    for threat in set(_threats_in(mark)) - whole:
                        found[threat][short].append(node.name)
    return found


def _marks_of_all(tree: ast.Module) -> Iterator[ast.expr]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            yield node.value


def _threats_in(mark: ast.expr) -> Iterator[str]:
    for call in ast.walk(mark):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.threat":
            yield from (str(ast.literal_eval(name)) for name in call.args)


def table_of_tests() -> str:
    """One row for each threat and file."""
    rows = []
    for threat, by_file in sorted(marked().items(), key=lambda item: int(item[0][1:])):
        for file, names in by_file.items():
            tests = ", ".join(f"`{name}`" for name in names) or "all"
            rows.append(f"| {threat} | `{file}` | {tests} |\n")
    return "| threat | file | tests |\n|---|---|---|\n" + "".join(rows)


def table_of_standings() -> str:
    """Counts by chapter, then everything that is not met, or met in part."""
    rows = standings()
    head = f"| chapter | {' | '.join(STATUSES)} | all |\n|---|{'---|' * (len(STATUSES) + 1)}\n"
    counts = "".join(
        _counts(f"V{number} {name}", [row for row in rows if row.chapter == number])
        for number, name in enumerate(CHAPTERS, 1)
    )
    levels = "".join(
        _counts(f"level {level}", [row for row in rows if row.level == level]) for level in (1, 2)
    )
    lists = "".join(_list(status, rows) for status in ("not met", "partly", "not assessed"))
    return f"{head}{counts}{levels}{_counts('all', rows)}{lists}"


def _counts(name: str, rows: list[Standing]) -> str:
    by_status = Counter(row.status for row in rows)
    cells = " | ".join(str(by_status[status] or "") for status in STATUSES)
    return f"| {name} | {cells} | {len(rows)} |\n"


def _list(status: str, rows: list[Standing]) -> str:
    found = [row for row in rows if row.status == status]
    lines = "".join(f"| {row.id} | {row.level} | {row.note} |\n" for row in found)
    title = status.capitalize()
    return f"\n## {title}\n\n| id | level | what is so |\n|---|---|---|\n{lines}" if found else ""


def with_block(page: str, block: str) -> str:
    """The page with its marked part written anew."""
    before, begin, rest = page.partition("<!-- begin: generated -->\n")
    _old, end, after = rest.partition("<!-- end: generated -->")
    return f"{before}{begin}\n{block}\n{end}{after}"


def files() -> dict[Path, str]:
    """The pages as they must be."""
    return {
        THREATS: with_block(THREATS.read_text(encoding="utf-8"), table_of_tests()),
        ASVS: with_block(ASVS.read_text(encoding="utf-8"), table_of_standings()),
    }


def main() -> None:
    """Write the pages."""
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
