"""The Django app `notebook`, of the tests."""

from __future__ import annotations

from django.apps import AppConfig


class NotebookConfig(AppConfig):
    name = "tests.base.notebook"
    label = "notebook"
