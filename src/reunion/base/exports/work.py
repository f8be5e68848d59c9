"""What comes round: filters of exports that nobody can take any more are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.exports.actions import forget_filters
from reunion.base.jobs.registry import duty


@duty("exports.forget", every=timedelta(days=1))
def forget_filters_of_exports(at: datetime) -> None:
    """Forget by what a list was filtered, seven days after it was asked for."""
    forget_filters(at=at)
