"""What every answer of the public site bears, and which requests it does not even look at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from reunion.web.public_values import values

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""The same on every answer, faults and files included."""

_OWN = {"same-origin", "none"}


class Guard:
    """Sets the headers, and refuses what is too large or comes from another site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = _refusal(request) or self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        if values.HSTS:
            response["Strict-Transport-Security"] = values.HSTS
        return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > values.LARGEST_BODY:
        return problem(request, "too_large", 413)
    # A browser that does not say where a form comes from is not refused: old ones do not.
    origin = request.headers.get("Sec-Fetch-Site")
    if request.method == "POST" and origin is not None and origin not in _OWN:
        return problem(request, "foreign", 403)
    return None


def problem(request: HttpRequest, what: str, status: int) -> HttpResponse:
    """A page that says what is wrong and what to do; `what` chooses the words."""
    return render(request, "public/problem.html", {"what": what}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, "foreign", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, "not_found", 404)


def fault(request: HttpRequest) -> HttpResponse:
    return problem(request, "fault", 500)
