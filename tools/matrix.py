"""The access matrix as a figure, and the table of permissions as a document.

    python -m tools.matrix            every role, page, method and place; and the hostile texts
    python -m tools.matrix --table    write docs/permissions.md alone

Writes build/figures/matrix.json and docs/permissions.md. It works on databases of its own that are
gone afterwards, SQLite or, with REUNION_TEST_DATABASE_URL, PostgreSQL. All people are invented.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tools.records import Record, write_records

if TYPE_CHECKING:  # Django is set up first
    from reunion.base.permissions.declare import Declared

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "permissions.md"


def table() -> str:
    """The document: every page with what it asks for, and every permission with its roles."""
    return "\n".join([*_pages(), *_permissions()]) + "\n"


def _pages() -> Iterator[str]:
    from tests.base.matrix.endpoints import PUBLIC, endpoints

    yield "# Who may do what"
    yield ""
    yield "Written by `python -m tools.matrix --table` from the addresses of both sites, the"
    yield "declarations of their views and `packs/data/common/roles.toml`; a test compares them."
    yield "Addresses below /api/ are for programs with a token, and no session opens them."
    yield "Whoever lacks the permission is told that there is no such page (404), by every method;"
    yield "a method that a page does not have is 405; a record that the region, a grant or an"
    yield "exclusion does not open is 404, as if it were not there."
    yield ""
    yield "## Pages of the internal site"
    yield ""
    yield "| page | address | methods | who |"
    yield "|---|---|---|---|"
    for each in endpoints():
        methods = ", ".join(name for name in ("GET", "HEAD", "POST") if name in each.methods)
        yield f"| {each.name} | `{each.route}` | {methods} | {_who(each.declared)} |"
    yield ""
    yield "## Pages of the public site"
    yield ""
    yield "Everybody; there are no accounts, and no page knows who asks."
    yield ""
    yield "| page | address | methods |"
    yield "|---|---|---|"
    for each in endpoints(PUBLIC):
        methods = ", ".join(name for name in ("GET", "HEAD", "POST") if name in each.methods)
        yield f"| {each.name} | `{each.route}` | {methods} |"


def _who(says: Declared | None) -> str:
    from reunion.base.permissions.declare import Reach

    if says is None:
        return "nobody"
    if says.reach is Reach.PERMITTED:
        return f"`{says.permission}`" + " with a stated purpose" * says.purpose
    if says.reach is Reach.PUBLIC:
        return "everybody"
    if says.reach is Reach.TOKEN:
        named = [f"{method} {_of_token(needed)}" for method, needed in says.by_method]
        return "; ".join(named) or "nobody: a program is told that there is nothing"
    if says.while_proving:
        return "signed in, also before the second factor"
    return "signed in" + ", also to add a first factor" * says.while_enrolling


def _of_token(needed: str) -> str:
    return f"a token with `{needed}`" if needed else "any token"


def _permissions() -> Iterator[str]:
    from reunion.packs.roles import load_roles
    from tests.base.matrix.endpoints import endpoints

    roles = load_roles()
    pages: dict[str, list[str]] = {}
    for each in endpoints():
        if each.declared is not None:
            asked = {each.declared.permission} | {needed for _, needed in each.declared.by_method}
            for permission in asked:
                pages.setdefault(permission, []).append(each.name)
    yield ""
    yield "## Permissions"
    yield ""
    yield "Pages are those that ask for the permission; actions may ask for another one beside it."
    yield ""
    yield "| permission | pages | roles |"
    yield "|---|---|---|"
    for permission in sorted({name for role in roles.values() for name in role.may}):
        holders = [role.code for role in roles.values() if permission in role.may]
        named = ", ".join(pages.get(permission, []))
        yield f"| `{permission}` | {named} | {', '.join(holders)} |"
    yield ""
    yield (
        "Roles without any permission: "
        + ", ".join(role.code for role in roles.values() if not role.may)
        + "."
    )


def cells() -> Iterator[Record]:
    """Every cell of the matrix."""
    from tests.base.matrix.asking import site
    from tests.base.matrix.walk import Matrix, Tally

    start = time.process_time()
    with site():
        matrix = Matrix(is_short=False)
        tally = Tally().add(matrix.walk())
    for sentence in tally.deviations:
        print(sentence, file=sys.stderr)
    found = len(tally.deviations)
    yield Record("access matrix: pages of the internal site", len(matrix.endpoints), "pages", "",
                 None)  # fmt: skip
    total = tally.cells.total()
    yield Record("access matrix: cells", total, "cells", "> 20,000", total > 20_000)
    for name, count in sorted(tally.cells.items()):
        yield Record(f"of them: {name}", count, "cells", "", None)
    yield Record("cells that answer otherwise than declared", found, "cells", "0", found == 0)
    yield Record("access matrix: time", time.process_time() - start, "CPU s", "", None)


def texts(most: int) -> Iterator[Record]:
    """Every field of every form, with `most` hostile texts each."""
    from django.test import Client

    from tests.base.matrix.asking import site
    from tests.base.matrix.hostile import targets, tried
    from tests.base.matrix.payloads import payloads
    from tests.base.matrix.walk import Matrix

    client, every = Client(raise_request_exception=False), list(payloads())
    chosen = every[:: max(1, len(every) // max(1, most))][:most]  # some of every kind
    sent = faults = 0
    with site():
        fields = list(targets(Matrix(is_short=True)))
        for target in fields:
            for payload in chosen:
                sent += 1
                found = tried(client, target, payload)
                faults += bool(found)
                print(*found[:3], sep="\n", end="\n" * bool(found), file=sys.stderr)
    yield Record("hostile texts: fields", len(fields), "fields", "", None)
    yield Record("hostile texts for each field", len(chosen), "texts", "1,000", len(chosen) >= 1000)
    yield Record("hostile texts sent", sent, "requests", "", None)
    yield Record("that failed, came back or ran", faults, "requests", "0", faults == 0)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--table", action="store_true", help="write docs/permissions.md alone")
    parser.add_argument(
        "--texts", type=int, default=1_000, help="hostile texts for each field; 0: none"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build/figures/matrix.json")
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "reunion.settings.testing"
    import django

    django.setup()
    TABLE.write_text(table(), encoding="utf-8")
    if not arguments.table:
        rows = _measured(arguments.texts)
        for row in rows:
            print(f"{row.what}: {row.value:g} {row.unit}" + f" (goal: {row.goal})" * bool(row.goal))
        command = f"python -m tools.matrix --texts {arguments.texts}"
        write_records(arguments.out, rows, command=command, libraries=("django",))


def _measured(most: int) -> list[Record]:
    from django.db import transaction
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0)
    runner.setup_test_environment()
    databases = runner.setup_databases(aliases={"default", "published", "inbox"})
    try:
        rows: list[Record] = []
        for measure in (cells, partial(texts, most)):
            with transaction.atomic(), transaction.atomic("inbox"), transaction.atomic("published"):
                rows += measure()
                for store in ("default", "inbox", "published"):
                    transaction.set_rollback(True, using=store)
        return rows
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()


if __name__ == "__main__":
    main()
