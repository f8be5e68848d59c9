"""The Django app `emergency`."""

from __future__ import annotations

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "reunion.base.emergency"
    label = "emergency"
