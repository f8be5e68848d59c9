"""The words of this room: what a page calls its kinds of records and of long work."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

KINDS = (pgettext_lazy("kind", "Practice case"), pgettext_lazy("kind", "Demo account"))

JOBS = (pgettext_lazy("job", "Demo inventory"),)
