"""What can go wrong when a system is set up, backed up or restored."""

from __future__ import annotations

from dataclasses import dataclass

from reunion.base.errors import ReunionError


class OperationsError(ReunionError):
    """The root of what the operator is told."""


class SetUpAlready(OperationsError):
    """The system is set up; nothing was changed."""


class NotSetUp(OperationsError):
    """There is no system here yet."""


class NoAnswer(OperationsError):
    """A database cannot be asked: its server does not answer, or its file is none."""


class StoresBusy(OperationsError):
    """The stores did not hold still for a moment, so that no consistent copy could be begun."""


class TablesDiffer(OperationsError):
    """The databases do not have the tables of this version of the program."""


@dataclass(eq=False)
class NotEmpty(OperationsError):
    """A backup is restored into an empty system only, so that it overwrites nothing."""

    place: str


@dataclass(eq=False)
class ProgramMissing(OperationsError):
    """A program of the database server is not installed here."""

    program: str


@dataclass(eq=False)
class ProgramFailed(OperationsError):
    """A program of the database server ended badly. Its words may tell of data, and stay out."""

    program: str
    status: int


@dataclass(eq=False)
class BackupUnreadable(OperationsError):
    """The file is no backup, was changed, or the key does not open it."""

    reason: str


@dataclass(eq=False)
class OtherEngine(OperationsError):
    """A backup of one kind of database is restored into the same kind only."""

    backup: str
    here: str
