"""The Django app `units`."""

from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "reunion.base.units"
    label = "units"
