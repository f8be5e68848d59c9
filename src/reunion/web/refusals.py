"""What is answered where a request was refused or failed and the view did not say it itself.

People are answered with a page; programs, below /api/, with a problem.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.defaults import server_error

from reunion.base.actor import CASE_LENGTH
from reunion.base.errors import REFUSED, NotFound, NotPermitted, PurposeMissing
from reunion.base.exchange import problem
from reunion.web.log import FAULT

PROGRAMS = "/api/"


class Refusals:
    """Turns expected refusals into pages. Refused looks like missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match error:
            case NotFound() | NotPermitted():
                return not_found(request, error)
            case PurposeMissing():
                page = {"is_purpose": True, "case_length": CASE_LENGTH}
                return render(request, "refused.html", page, status=400)
            case _ if isinstance(error, REFUSED):
                return render(request, "refused.html", status=409)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read, or that is larger than any form of ours."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if _is_of_program(request):
        return problem(status, "TooLarge" if status == 413 else "NotReadable")
    return render(request, f"{status}.html", status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that there is not, or not for the reader."""
    if _is_of_program(request):
        return problem(404, "NotFound")
    return render(request, "404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours. A program is told the id under which it stands in the log, and no more."""
    if not _is_of_program(request):
        return server_error(request)
    request.META[FAULT] = str(uuid4())
    return problem(500, "Fault", instance=f"urn:uuid:{request.META[FAULT]}")


def _is_of_program(request: HttpRequest) -> bool:
    return request.path_info.startswith(PROGRAMS)
