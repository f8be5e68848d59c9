"""The Django app `published`, in the store of the same name."""

from __future__ import annotations

from django.apps import AppConfig


class PublishedConfig(AppConfig):
    name = "reunion.base.published"
    label = "published"
