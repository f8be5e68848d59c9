"""What a check of the audit trail can find, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong at a place of the trail."""

    ENTRY_ALTERED = "entry_altered"
    ENTRY_MISSING = "entry_missing"
    ENTRY_UNSEALED = "entry_unsealed"
    SEAL_ALTERED = "seal_altered"
    SEAL_MISSING = "seal_missing"
    SEAL_FOREIGN = "seal_foreign"
    STEP_ALTERED = "step_altered"
    HISTORY_CHANGED = "history_changed"
    TRUNCATED = "truncated"
    HEAD_ALTERED = "head_altered"
    HEAD_MISSING = "head_missing"
    WITNESS_INVALID = "witness_invalid"
    NOT_WITNESSED = "not_witnessed"
    NOT_INCLUDED = "not_included"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and its place.

    Args:
        position: of the seal, from 0; of the head where the fault is about a head; None where an
            entry has no seal.
        entry: uuid of the entry as hexadecimal digits, where one entry is meant.
        until: the position after the last one, where the place is a range.
    """

    fault: Fault
    position: int | None = None
    entry: str = ""
    until: int | None = None

    def covers(self, position: int) -> bool:
        """Whether the place of the finding holds a position."""
        if self.position is None:
            return False
        return self.position <= position < (self.until or self.position + 1)

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "fault": self.fault.value,
            "position": self.position,
            "until": self.until,
            "entry": self.entry,
        }

    def __str__(self) -> str:
        """For people: the fault and the place."""
        place = "" if self.position is None else f" at {self.position}"
        if self.until is not None:
            place = f" from {self.position} to before {self.until}"
        return f"{self.fault.value}{place}" + (f", entry {self.entry}" if self.entry else "")
