"""The Django app `jobs`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "reunion.base.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Let every app register its jobs and duties."""
        autodiscover_modules("work")
