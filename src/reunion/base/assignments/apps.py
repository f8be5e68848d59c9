"""The Django app `assignments`."""

from __future__ import annotations

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "reunion.base.assignments"
    label = "assignments"
