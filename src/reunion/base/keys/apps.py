"""The Django app `keys`."""

from __future__ import annotations

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "reunion.base.keys"
    label = "keys"
