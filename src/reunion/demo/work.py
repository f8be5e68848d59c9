"""A job whose progress can be watched: it counts the records of the demonstration."""

from __future__ import annotations

import time

from django.apps import apps

from reunion.base.jobs.registry import job
from reunion.base.jobs.running import Running
from reunion.base.stores import store_of

INVENTORY = "demo_inventory"
PAUSE = 1.0
"""Seconds between two tables, so that there is something to see."""


@job(INVENTORY)
def count_records(running: Running) -> None:
    """Count the rows of each table; the checkpoint holds the sum so far."""
    models = [model for model in apps.get_models() if model._meta.managed]
    counted = running.checkpoint
    start, rows = int(str(counted.get("next", 0))), int(str(counted.get("rows", 0)))
    for number, model in enumerate(models[start:], start + 1):
        rows += model._base_manager.using(store_of(model._meta.app_label)).count()
        running.save(done=number, total=len(models), next=number, rows=rows)
        time.sleep(PAUSE)
