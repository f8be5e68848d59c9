"""The system runs on another jurisdiction, and nothing of the first one is left on its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.own_system import own_system

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff]")

WALK = """
from django.urls import get_resolver, reverse
from django.utils.timezone import now
from reunion.base.operations.actions import FirstAdministrator, set_up
from reunion.base.units.models import Unit
from reunion.base.units.pack import jurisdiction
from tests.base.signing_in import with_key
from reunion.base.accounts.models import Account

pack = jurisdiction()
top = pack.regions.root.level
kind = next(code for code, agency in pack.agencies.items() if top in agency.levels)
set_up(
    first=FirstAdministrator("Synthetic Person", "first", kind, "Synthetic unit", "Synthetic unit"),
    synthetic=True,
    at=now(),
)
account = Account.objects.get()
account.language = "en"
account.save()
browser = with_key(account)
browser.defaults["HTTP_HOST"] = "localhost"
unit = Unit.objects.unscoped().get()
for name in sorted(n for n in get_resolver().reverse_dict if isinstance(n, str)):
    try:
        address = reverse(name)
    except Exception:
        try:
            address = reverse(name, kwargs={"pk": unit.pk})
        except Exception:
            continue
    answer = browser.get(address)
    print("PAGE", address, answer.status_code)
    print(answer.content.decode())
"""


@pytest.mark.database
def test_the_pages_of_another_jurisdiction_hold_nothing_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REUNION_JURISDICTION", "in")
    monkeypatch.setenv("REUNION_LANGUAGE", "en")
    with own_system(tmp_path) as own:
        own.collect()
        out = own.run(WALK)
    pages = out.split("PAGE ")[1:]
    opened = [page for page in pages if page.split(maxsplit=2)[1] == "200"]
    assert len(opened) > 10
    found = [
        (page.split()[0], match.group())
        for page in opened
        if (match := re.search(r"cn/|China|公", page) or CHINESE.search(page))
    ]
    assert found == []
