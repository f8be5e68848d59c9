"""How much a finding matters."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What is to be done about a finding.

    note: to be known, nothing to be done. look: a person should find out. stop: the samples are
    not to be used before somebody has found out.
    """

    NOTE = "note"
    LOOK = "look"
    STOP = "stop"
