"""The largest request that the internal site reads; it is held in memory, never on a disk."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase


class BodyLimit:
    """Refuses what is too large by its announced size, before any of it is read.

    Django would take the form and leave the file out without a word. What announces no size has
    no body for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.LARGEST_BODY:
            raise RequestDataTooBig
        return self.get_response(request)
