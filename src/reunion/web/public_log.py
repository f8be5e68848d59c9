"""What the public process logs: where a fault happened, and nothing that was sent."""

from __future__ import annotations

import logging
import traceback

OURS = "reunion"


class Bare(logging.Formatter):
    """Level, logger, class of the fault, and the last place in our own code.

    Messages are left out: Django's hold addresses of pages, and those of faults hold values.
    """

    def format(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return f"{record.levelname} {record.name}"
        kind, _value, trace = record.exc_info
        frames = [frame for frame in traceback.extract_tb(trace) if OURS in frame.filename]
        place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "elsewhere"
        return f"{record.levelname} {record.name} {kind.__name__} {place}"
