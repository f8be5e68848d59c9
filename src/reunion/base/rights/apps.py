"""The Django app `rights`."""

from __future__ import annotations

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "reunion.base.rights"
    label = "rights"
