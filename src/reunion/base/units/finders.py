"""How units and staff are found by name or code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reunion.base.actor import Actor
from reunion.base.finding import MOST, Found, finds
from reunion.base.units.access import staff_for, units_for
from reunion.base.units.pack import region_label, unit_label


@finds(_("Units"))
def units(actor: Actor, words: str, at: datetime) -> Iterator[Found]:
    """By their names in both languages, and their codes."""
    if not actor.may("units.see"):
        return
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words)
    for unit in units_for(actor, at).filter(named).order_by("region", "code")[: MOST + 1]:
        page = reverse("unit", kwargs={"pk": unit.pk})
        yield Found(unit_label(unit), page, region_label(unit.region))


@finds(_("Staff"))
def staff(actor: Actor, words: str, at: datetime) -> Iterator[Found]:
    """By name."""
    if not actor.may("units.administer"):
        return
    for one in staff_for(actor, at).filter(name__icontains=words)[: MOST + 1]:
        page = reverse("staff_member", kwargs={"pk": one.pk})
        yield Found(one.name, page, region_label(one.region))
