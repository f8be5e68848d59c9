"""What whoever watches over the public process asks: whether its two stores answer."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reunion.base.inbox.models import Item
from reunion.base.published.access import DESK_KEY, shown


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The answer tells nothing of what is stored."""
    try:
        shown(DESK_KEY, timezone.now()).exists()
        Item.objects.unscoped().exists()
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})
