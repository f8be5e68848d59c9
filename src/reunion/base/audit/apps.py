"""The Django app `audit`."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "reunion.base.audit"
    label = "audit"
