"""The worker: long jobs and the duties that come round. It serves no pages."""

from __future__ import annotations

from reunion.settings.internal import *  # noqa: F403  # a settings module is the sum of its parts
from reunion.settings.internal import INSTALLED_APPS as _ALL

_OF_PAGES = {"csp", "django_filters", "django_htmx", "django_tables2"}
"""Of no use here, and slow to load."""

INSTALLED_APPS = [app for app in _ALL if app not in _OF_PAGES]
