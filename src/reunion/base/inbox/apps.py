"""The Django app `inbox`, in the store of the same name."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "reunion.base.inbox"
    label = "inbox"
