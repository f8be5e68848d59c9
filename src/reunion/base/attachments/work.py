"""What comes round: files that no attachment names are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.attachments.actions import sweep
from reunion.base.jobs.registry import duty


@duty("attachments.sweep", every=timedelta(days=1))
def sweep_files(at: datetime) -> None:
    """Delete what transactions that failed have left in the folder of files."""
    sweep(at=at)
