"""The Django app `searches`."""

from __future__ import annotations

from django.apps import AppConfig


class SearchesConfig(AppConfig):
    name = "reunion.base.searches"
    label = "searches"
