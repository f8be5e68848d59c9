"""The Django app `publication`."""

from __future__ import annotations

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "reunion.base.publication"
    label = "publication"
