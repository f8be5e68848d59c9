"""What whoever watches over the processes asks; nothing in it is about anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reunion.base.operations.access import readiness
from reunion.base.permissions.declare import public


@public()
@require_safe
def healthz(request: HttpRequest) -> HttpResponseBase:
    """This process answers."""
    return JsonResponse({"ok": True})


@public()
@require_safe
def readyz(request: HttpRequest) -> HttpResponseBase:
    """The system works: its databases, its worker and its signer."""
    found = readiness(timezone.now())
    is_ready = all(found.values())
    return JsonResponse({"ok": is_ready, **found}, status=200 if is_ready else 503)
