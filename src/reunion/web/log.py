"""What the processes of the agencies write to standard error: faults, and who was refused what.

    2026-03-02T09:30:00.000+00:00 SECURITY refused 404 GET accounts/<id>/ account=<id>

No text of a fault or of a library stands in it, since those hold values, names and addresses; of
the address of a page, only what our own code wrote, and ids of records. Refused pages stand here
and not in the audit trail: a refused request writes nothing into a database, so that nobody can
make the trail grow by asking, and an old link is no act.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest

OURS = "reunion"
SECURITY = "SECURITY"
REFUSED = frozenset({401, 403, 404, 429})
"""Answers to those who lack a sign-in, a token, a permission or patience."""
FAULT = "reunion.fault"
"""In the `META` of a request that failed: the id that its answer names."""

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


class Lines(logging.Formatter):
    """One line for each record; below that of a fault, the places in the code that it passed."""

    def format(self, record: logging.LogRecord) -> str:
        words = [_moment(record), *_what(record), *_who(record)]
        fault = record.exc_info[1] if record.exc_info else None
        return "\n".join([" ".join(words), *(_places(fault) if fault else ())])


class Worth(logging.Filter):
    """Of what Django says about answers: faults, and refusals to somebody or of a page of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            return True
        return _status(record) in REFUSED and bool(list(_who(record)))


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _status(record: logging.LogRecord) -> int:
    return getattr(record, "status_code", 0)


def _what(record: logging.LogRecord) -> Iterator[str]:
    """The kind of record, and its text where it is one of ours."""
    is_security = record.name.startswith((f"{OURS}.security", "django.security"))
    if _status(record) in REFUSED:
        yield f"{SECURITY} refused {_status(record)}"
    elif is_security:
        yield SECURITY
    else:
        yield record.levelname
    if record.name.partition(".")[0] == OURS:
        yield record.getMessage()
    elif _status(record) not in REFUSED:
        yield record.name


def _who(record: logging.LogRecord) -> Iterator[str]:
    """The page, and the account or token, as far as they are known."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        if request.resolver_match is not None:
            yield f"{request.method} {page_of(request)}"
        for name in ("account", "token"):
            holder = request if name == "token" else getattr(request, "gate", None)
            if (row := getattr(holder, name, None)) is not None:
                yield f"{name}={row.pk}"
        if named := request.META.get(FAULT):
            yield f"fault={named}"
    if account := getattr(record, "account", None):
        yield f"account={account}"


def page_of(request: HttpRequest) -> str:
    """The address of a page, with the ids of records; what else was typed into it stays out."""
    match = request.resolver_match
    if match is None:
        return ""
    return _PART.sub(lambda part: _id(match.kwargs.get(part[1])) or part[0], match.route)


def _id(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return ""


def _places(fault: BaseException) -> Iterator[str]:
    """Class and places of a fault, and of those that led to it; never its text."""
    chain: list[BaseException] = []
    following: BaseException | None = fault
    while following is not None and following not in chain:
        chain.append(following)
        context = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or context
    for each in chain:
        yield f"{type(each).__module__}.{type(each).__qualname__}"
        yield from (line.rstrip() for line in traceback.format_tb(each.__traceback__))
