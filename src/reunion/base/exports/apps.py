"""The Django app `exports`."""

from __future__ import annotations

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "reunion.base.exports"
    label = "exports"
