"""The Django app `operations`."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "reunion.base.operations"
    label = "operations"
