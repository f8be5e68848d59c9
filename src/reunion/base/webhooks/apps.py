"""The Django app `webhooks`."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "reunion.base.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Hear of every notice."""
        from reunion.base.notices.actions import TOLD
        from reunion.base.webhooks.actions import pass_on

        TOLD.append(pass_on)
