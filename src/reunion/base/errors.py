"""What can go wrong in the agencies' system: each error has a code and fields, and no sentence.

The words are made at the edge, in the reader's language. A field never holds personal data: the
id of a record stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from uuid import UUID


class ReunionError(Exception):
    """The root of all expected refusals."""

    @property
    def code(self) -> str:
        """The name of the error, for pages, the command line and the API."""
        return type(self).__name__

    def as_fields(self) -> dict[str, str]:
        """What a sentence about the error needs."""
        if not is_dataclass(self):
            return {}
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    def __str__(self) -> str:
        """For developers: the code and its fields."""
        inner = ", ".join(f"{name}={value!r}" for name, value in self.as_fields().items())
        return f"{self.code}({inner})"


@dataclass(eq=False)
class NotPermitted(ReunionError):
    """The actor may not do this; shown as if the record did not exist, where it is about one."""

    needs: str


@dataclass(eq=False)
class NotFound(ReunionError):
    """There is no such record, or none that the actor may see: nobody is told which."""

    kind: str


@dataclass(eq=False)
class MoveRefused(ReunionError):
    """A state machine has no such move from this state."""

    machine: str
    state: str
    move: str


@dataclass(eq=False)
class ChangedMeanwhile(ReunionError):
    """Somebody else changed the record after it was shown."""

    kind: str
    shown: int
    now: int


@dataclass(eq=False)
class PurposeMissing(ReunionError):
    """The act needs a stated purpose, and none was stated that can be written down."""

    needs: str


@dataclass(eq=False)
class ScopeMissing(ReunionError):
    """Our own code asked for records without saying for whom."""

    model: str


@dataclass(eq=False)
class RuleBroken(ReunionError):
    """A rule of the domain forbids the act; `rule` names it."""

    rule: str


@dataclass(eq=False)
class Implicated(ReunionError):
    """The person, or somebody of their household, is implicated: they may not act for the found."""

    found: UUID


REFUSED = (RuleBroken, ChangedMeanwhile, MoveRefused, Implicated)
"""What a page says in a sentence; all else looks like missing."""
