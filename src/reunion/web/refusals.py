"""What a page answers where an act or a record was refused and the view did not say it itself."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from reunion.base.actor import CASE_LENGTH
from reunion.base.errors import REFUSED, NotFound, NotPermitted, PurposeMissing


class Refusals:
    """Turns expected refusals into pages. Refused looks like missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match error:
            case NotFound() | NotPermitted():
                return render(request, "404.html", status=404)
            case PurposeMissing():
                page = {"is_purpose": True, "case_length": CASE_LENGTH}
                return render(request, "refused.html", page, status=400)
            case _ if isinstance(error, REFUSED):
                return render(request, "refused.html", status=409)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read, or that is larger than any form of ours."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, f"{status}.html", status=status)
