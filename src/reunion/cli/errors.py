"""What ends a command, and with which exit status."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Exit statuses of the command."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    ENVIRONMENT = 3
    REFUSED = 4
    FAULT = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class CommandError(Exception):
    """A command cannot go on; the text is one sentence for people."""

    status = Status.ENVIRONMENT


class UsageError(CommandError):
    """Options that do not fit together, or name something that is not there."""

    status = Status.USAGE


class Refused(CommandError):
    """Nothing of the data that was given can be used."""

    status = Status.REFUSED
