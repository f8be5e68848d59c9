"""The Django app `notices`."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "reunion.base.notices"
    label = "notices"
