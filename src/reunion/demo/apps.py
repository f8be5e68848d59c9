"""The Django app `demo`."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "reunion.demo"
    label = "demo"

    def ready(self) -> None:
        """Let attachments know how a practice case is fetched."""
        import_module("reunion.demo.access")
