"""The Django app `permissions`."""

from __future__ import annotations

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "reunion.base.permissions"
    label = "permissions"
