"""The roles that a post can have, and what each may do: data that all jurisdictions share.

>>> load_roles()["auditor"].second_factor.value
'key'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from reunion.packs.rows import each
from reunion.packs.shape import CODE, Entry, read_toml

FILE = Path(__file__).parent / "data" / "common" / "roles.toml"

_PERMISSION = re.compile(r"[a-z_]+\.[a-z_]+")


class SecondFactor(StrEnum):
    """What a role shows beside the password: nothing, the code of an app, or a security key."""

    NONE = "none"
    TOTP = "totp"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Role:
    """A role. `internal`: it works for an agency; `may`: permissions, each APP.VERB.

    `idle_minutes`: how long a session of somebody with this role may rest before it ends.
    """

    code: str
    name: Mapping[str, str]
    internal: bool
    second_factor: SecondFactor
    idle_minutes: int
    may: frozenset[str]


@cache
def load_roles(file: Path = FILE) -> Mapping[str, Role]:
    """The roles by code, in the order of the file.

    Raises:
        PackError: names the file and the place that are wrong.
    """
    top = read_toml(file)
    top.only("source", "role")
    top.text("source")
    roles = top.entry("role")
    return {role.code: role for role in each(lambda code: _role(roles, code), roles.values)}


def _role(roles: Entry, code: str) -> Role:
    entry = roles.entry(code)
    entry.only("name", "internal", "second_factor", "idle_minutes", "may")
    if CODE.fullmatch(code) is None:
        raise roles.wrong(code, "no code: small letters, digits, _, - and .")
    may = entry.texts("may")
    for at, permission in enumerate(may):
        if _PERMISSION.fullmatch(permission) is None or permission in may[:at]:
            raise entry.wrong(f"may[{at}]", f"{permission!r} is no APP.VERB, or is there twice")
    factor = entry.member("second_factor", SecondFactor)
    is_internal = entry.flag("internal")
    if is_internal and factor is SecondFactor.NONE:
        raise entry.wrong("second_factor", "an internal role has a second factor")
    idle = entry.whole("idle_minutes", 1)
    return Role(code, entry.translated("name"), is_internal, factor, idle, frozenset(may))
