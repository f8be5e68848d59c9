"""The worker: long jobs and the duties that come round. It serves no pages."""

from __future__ import annotations

from reunion.settings.internal import *  # noqa: F403  # a settings module is the sum of its parts
