"""The Django app `attachments`."""

from __future__ import annotations

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "reunion.base.attachments"
    label = "attachments"
