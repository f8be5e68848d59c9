"""The Django app `correspondence`."""

from __future__ import annotations

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "reunion.base.correspondence"
    label = "correspondence"
