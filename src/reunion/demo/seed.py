"""Filling a new system: the same records for the same seed, but for ids, keys and passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from reunion.base.actor import system
from reunion.demo.actions import note_seeding
from reunion.demo.cast import load_cast
from reunion.demo.stories import tell
from reunion.demo.world import SignIn, World

SEEDER = system("demo")


@dataclass(frozen=True, slots=True)
class Seeded:
    """What is told once, and kept in a file of whoever runs the demonstration.

    Args:
        receipt: of a message of the public that a desk has answered.
        backup_identity: with which backups are opened (age).
    """

    sign_ins: list[SignIn]
    receipt: str
    backup_identity: str


def seed(*, number: int, at: datetime) -> Seeded:
    """Set up and fill a system that has its tables and nothing in them.

    Everything is in one transaction of each store: broken off, it was never there.

    Args:
        number: the same number gives the same names and choices.

    Raises:
        SetUpAlready: there is a system.
        PackError: there is no cast for this jurisdiction.
    """
    world = World(load_cast(settings.JURISDICTION), number, at)
    with transaction.atomic(using="inbox"), transaction.atomic():
        made = world.set_up()
        receipt = tell(world)
        note_seeding(actor=SEEDER, seed=number, at=at)
    return Seeded(world.sign_ins, receipt, made.backup_identity)
