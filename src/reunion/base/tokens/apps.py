"""The Django app `tokens`."""

from __future__ import annotations

from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "reunion.base.tokens"
    label = "tokens"
