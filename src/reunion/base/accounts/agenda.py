"""What accounts say on the first page of those who help with lost factors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reunion.base.accounts.access import recoveries_for
from reunion.base.accounts.models import FactorRecovery
from reunion.base.actor import Actor
from reunion.base.agenda import Line, Part, part_of, says
from reunion.base.units.pack import day_of


@says
def recoveries(actor: Actor, at: datetime) -> Iterator[Part]:
    """The lost factors that another officer has confirmed, or asked for."""
    if not actor.may("accounts.recover"):
        return

    def line(one: FactorRecovery) -> Line:
        page = reverse("recovery", kwargs={"pk": one.pk})
        return Line(one.account.staff.name, page, due=day_of(one.ends_at))

    yield part_of(
        recoveries_for(actor, at),
        line,
        title=_("Lost factors that wait for a second officer"),
        url=reverse("recovery_list"),
    )
