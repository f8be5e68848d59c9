"""What the processes of the agencies log, all of it to standard error: see web/log.py."""

from __future__ import annotations

_BARE: dict[str, object] = {"handlers": [], "propagate": True}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "reunion.web.log.Lines"}},
    "filters": {"worth": {"()": "reunion.web.log.Worth"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": _BARE,
        "django.request": _BARE | {"filters": ["worth"]},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "axes": {"level": "ERROR"},  # our own lines tell of failed sign-ins
        # The server's own lines name addresses; in this form they do not.
        "gunicorn.error": _BARE,
    },
}
