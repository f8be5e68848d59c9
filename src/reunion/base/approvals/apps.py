"""The Django app `approvals`."""

from __future__ import annotations

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "reunion.base.approvals"
    label = "approvals"
