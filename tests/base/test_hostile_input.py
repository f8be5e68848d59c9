"""What an attacker types comes back as text, or not at all; and nothing in the code invites it."""

from __future__ import annotations

import ast
import re
from itertools import cycle, islice
from pathlib import Path

import pytest
from django.test import Client

import reunion
from tests.base.matrix.asking import STORES, site
from tests.base.matrix.hostile import Page, targets, tried
from tests.base.matrix.payloads import EDGES, MARK, payloads
from tests.base.matrix.people import visitor
from tests.base.matrix.walk import Matrix

pytestmark = pytest.mark.one_database

SOURCE = Path(reunion.__path__[0])
STEP = 1
"""In the short form a field meets some of the texts: the next field those that follow."""

BROKEN_ONCE = {"next", "valid_from", "valid_to", "first", "last", "found_at", "persons_at_most"}
"""Fields in which a day or number at the end of what there is was a fault of the server once."""

TAILS = ("99999999999999999999", "-1", "0x1", "%00", "..%2f..%2f", "'--")
"""What stands in an address where an id is expected."""

HAND_WRITTEN = {
    "base/audit/sources.py": "reads entries of any store by their number, as the signer must",
    "base/operations/databases.py": "compares databases row by row, below all models",
    "base/operations/outside.py": "reads how tables came to be, below Django",
    "base/operations/access.py": "asks each store whether it answers, without a table",
    "base/triggers.py": "writes the triggers of append-only tables",
    "base/inbox/migrations/0002_entries.py": "makes the view of settled entries",
    "base/keys/rotation.py": "takes the database's own lock of a rotation",
    "base/keys/scrubbing.py": "removes what deleted rows left in the files",
}
"""Files that may hold SQL, each with its reason. Values are parameters in all of them."""

TRUSTED_TEXT = {
    "base/accounts/adapters.py": "the library's picture of an app's secret",
    "base/documents/qr.py": "a drawn code; the library escapes its title",
    "base/pages/pedigrees.py": "a pedigree of kinship.pictures, which escapes its words",
    "base/pages/templatetags/dates.py": "a dash of our own",
}
"""Files that may say that a text is safe HTML."""


def templates() -> list[Path]:
    return sorted(SOURCE.rglob("*.html"))


def calls(file: Path) -> set[str]:
    """The names of all functions that a file calls."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            found.add(
                called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            )
    return found


def files_that_call(*names: str) -> set[str]:
    return {
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if calls(file) & set(names)
    }


@pytest.mark.django_db(databases=STORES)
@pytest.mark.threat("T22")
def test_no_field_of_any_page_lets_a_hostile_text_fail_run_or_come_back_as_code() -> None:
    client, faults = Client(raise_request_exception=False), []
    texts = cycle(payloads())
    with site():
        found = list(targets(Matrix(is_short=True)))
        for target in found:
            edges = EDGES if set(target.names) & BROKEN_ONCE else ()
            for text in (*islice(texts, STEP), *edges):
                faults += tried(client, target, text)
    assert faults == []
    assert len({target.page for target in found}) > 50


@pytest.mark.django_db(databases=STORES)
@pytest.mark.threat("T22")
def test_no_hostile_address_fails() -> None:
    with site():
        matrix = Matrix(is_short=True)
        client = Client(raise_request_exception=False)
        client.cookies["s"] = visitor(matrix.people[-1]).session
        for route in {each.route.partition("<")[0] for each in matrix.endpoints}:
            for tail in TAILS:
                assert client.get(f"{route}{tail}/").status_code < 500, route + tail


def test_there_are_a_thousand_hostile_texts_and_all_differ() -> None:
    assert len(set(payloads())) >= 1_000


def test_the_reader_of_pages_finds_what_it_looks_for() -> None:
    for text in (
        f"<p>{MARK}<{MARK}>",
        f"<img src=x onerror={MARK}()>",
        f"<script>{MARK}()</script>",
        f"<a href='https://{MARK}.example'>x</a>",
        "<p style='color: red'>x</p>",
        "<form action=//elsewhere.example>",
    ):
        assert Page(text).faults, text
    assert Page(f"<input value='&quot;{MARK}'><p>&lt;{MARK}&gt;</p>").faults == []


@pytest.mark.threat("T22")
def test_no_template_trusts_a_text_or_holds_code_of_its_own() -> None:
    wrong = re.compile(
        r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off|\{%\s*debug"
        r"|\sstyle\s*=|\son[a-z]+\s*=|javascript:|srcdoc",
        re.IGNORECASE,
    )
    inline = re.compile(
        r"<script(?![^>]*\b(src=|nonce=|type=.application/json))|<style(?![^>]*\bnonce=)",
        re.IGNORECASE,
    )
    for template in templates():
        text = template.read_text(encoding="utf-8")
        for pattern in (wrong, inline):
            found = pattern.search(text)
            assert found is None, f"{template.relative_to(SOURCE)}: {found and found[0]}"


@pytest.mark.threat("T22")
def test_no_code_says_that_a_text_is_safe_but_where_it_is_explained() -> None:
    trusting = files_that_call("mark_safe", "SafeString", "SafeText", "format_html_join")
    assert trusting - {"kinship"} == set(TRUSTED_TEXT)


@pytest.mark.threat("T22")
def test_sql_is_written_by_hand_only_where_it_is_explained() -> None:
    by_hand = files_that_call("raw", "extra", "RawSQL", "cursor", "executescript", "execute")
    assert by_hand == set(HAND_WRITTEN)


@pytest.mark.threat("T22")
def test_no_code_is_made_of_text() -> None:
    dangerous = files_that_call("eval", "exec", "popen", "import_string")
    # Of the settings alone: what waives the security key of invented people.
    named_in_settings = {"base/accounts/access.py"}
    found = {file for file in dangerous if file.startswith(("base/", "web/"))}
    assert found == named_in_settings
