"""The pages of webhooks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reunion.base.accounts.freshness import fresh
from reunion.base.errors import REFUSED
from reunion.base.lists import page_of
from reunion.base.permissions.declare import ActorRequest, needs
from reunion.base.units.access import units_for
from reunion.base.webhooks.access import (
    ADMINISTER,
    deliveries_of,
    subscription_for,
    subscriptions_for,
)
from reunion.base.webhooks.actions import subscribe, unsubscribe
from reunion.base.webhooks.forms import WebhookForm
from reunion.base.webhooks.words import sentence, word_of_event


@needs(ADMINISTER)
@require_safe
def webhook_list(request: ActorRequest) -> HttpResponseBase:
    page = page_of(request, subscriptions_for(request.actor, timezone.now()))
    return render(request, "webhooks/webhook_list.html", {"page": page})


@needs(ADMINISTER)
@fresh
def webhook_new(request: ActorRequest) -> HttpResponseBase:
    """A new webhook; its secret is shown in the answer, and never again."""
    at = timezone.now()
    form = WebhookForm(request.POST or None, units=units_for(request.actor, at))
    if form.is_valid():
        values = dict(form.cleaned_data)
        unit = values.pop("unit")
        try:
            made, secret = subscribe(actor=request.actor, unit_id=unit.pk, at=at, **values)
            page = {"webhook": made, "secret": secret}
            return render(request, "webhooks/webhook_secret.html", page)
        except REFUSED as error:
            form.add_error(None, str(sentence(error)))
    return render(request, "webhooks/webhook_new.html", {"form": form})


@needs(ADMINISTER)
@require_safe
def webhook(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    found = subscription_for(request.actor, pk, timezone.now())
    page = page_of(request, deliveries_of(found))
    context = {
        "webhook": found,
        "events": [word_of_event(event) for event in found.events],
        "rows": [(delivery, word_of_event(delivery.what)) for delivery in page],
        "page": page,
    }
    return render(request, "webhooks/webhook.html", context)


@needs(ADMINISTER)
@require_POST
def webhook_end(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    unsubscribe(actor=request.actor, subscription_id=pk, at=timezone.now())
    messages.success(request, _("The webhook has ended. The program is told of nothing more."))
    return redirect("webhook_list")
