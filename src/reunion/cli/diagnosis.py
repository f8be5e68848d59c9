"""One line of `reunion doctor`: what was looked at, what it means, what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, what it means, what mends it."""

    check: str
    state: State
    meaning: str
    mend: str = ""
