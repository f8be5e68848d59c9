"""The list of roles is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from reunion.packs.errors import PackError
from reunion.packs.roles import FILE, SecondFactor, load_roles


def test_every_internal_role_has_a_second_factor() -> None:
    roles = load_roles()
    assert roles["administrator"].second_factor is SecondFactor.KEY
    assert all(r.second_factor is not SecondFactor.NONE for r in roles.values() if r.internal)


def test_a_role_has_its_name_in_both_languages_of_the_interface() -> None:
    assert all(set(role.name) == {"en", "zh"} for role in load_roles().values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[role.auditor]", "[rolle.auditor]", "at rolle"),
        ("internal = true", "intern = true", "permitted are name, internal"),
        ("internal = true", "internal = 1", "internal: bool is wanted"),
        ('second_factor = "key"', 'second_factor = "sms"', "sms is not one of none, totp, key"),
        ('"units.see"', '"see_units"', "is no APP.VERB"),
        ('"units.see"', '"units.see", "units.see"', "or is there twice"),
        (
            'internal = true\nsecond_factor = "totp"',
            'internal = true\nsecond_factor = "none"',
            "an",
        ),
        ("[role.auditor]", "[role.Auditor]", "no code"),
        ("idle_minutes = 30", "idle_minutes = 0", "a whole number from 1"),
        ('en = "Auditor"', 'eng = "Auditor"', "permitted are en, zh"),
    ],
)
def test_a_typo_among_the_roles_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "roles.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError, match=said) as caught:
        load_roles(file)
    assert "roles.toml" in str(caught.value)
