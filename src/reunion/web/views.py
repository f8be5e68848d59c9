"""The first page after sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reunion.base.permissions.declare import signed_in


@signed_in()
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    return render(request, "home.html")
