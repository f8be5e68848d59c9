"""The language of the public site: of the browser, or chosen by a link; no cookie remembers it.

What was chosen stands in the address, as in `?language=en`, and every link and form carries it on.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from reunion.web.languages import others


class Language:
    """Answers in the language that was chosen, else in the one that the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Not `activate`: the next visitor of this thread must not see what this one read.
        with translation.override(
            chosen(request) or translation.get_language_from_request(request)
        ):
            return self.get_response(request)


def chosen(request: HttpRequest) -> str:
    """The language that the address names; empty: none that is known."""
    code = request.GET.get("language", "")
    return code if code in dict(settings.LANGUAGES) else ""


def offered(request: HttpRequest) -> list[tuple[str, str]]:
    """The languages to change to. None after a form was sent: the answer would be lost."""
    return others() if request.method == "GET" else []
