"""Two people rename one unit: the second keeps what they typed, and sends it once more."""

from __future__ import annotations

import re

import pytest

from reunion.base.units.models import Unit
from tests.base.signing_in import COUNTY, member, police, with_key

pytestmark = pytest.mark.django_db


def version_in(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


def test_the_second_is_told_field_by_field_and_may_insist() -> None:
    first, second = (
        with_key(member(f"keeper-{number}", "administrator", COUNTY)) for number in (1, 2)
    )
    unit = police(COUNTY)
    page = f"/units/{unit.pk}/rename/"
    shown = version_in(second.get(page).content.decode())
    first.send(page, name="甲方虚构局", name_en="The first's bureau", version=shown)

    typed = {"name": "乙方虚构局", "name_en": "The first's bureau"}
    told = second.send(page, version=shown, **typed).content.decode()
    assert "What you typed is still here." in told
    assert 'value="乙方虚构局"' in told
    assert "The record now says: 甲方虚构局" in told
    assert told.count("The record now says") == 2, "in the summary and beside the one field"
    assert Unit.objects.unscoped().get(pk=unit.pk).name == "甲方虚构局"

    assert second.send(page, version=version_in(told), **typed).status_code == 302
    assert Unit.objects.unscoped().get(pk=unit.pk).name == "乙方虚构局"
