"""What assignments say on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reunion.base.actor import Actor
from reunion.base.agenda import SHOWN, Line, Part, Urgency, part_of, says, steps_of
from reunion.base.assignments.access import assignments_for
from reunion.base.assignments.models import Assignment, AssignmentQuerySet
from reunion.base.units.models import Unit
from reunion.base.units.pack import day_of, unit_label


@says
def assignments(actor: Actor, at: datetime) -> Iterator[Part]:
    """What waits for the unit; and what is overdue, by unit, for those who issue."""
    if not actor.may("assignments.see"):
        return
    visible = assignments_for(actor, at).select_related("lead", "issuer").order_by("due", "pk")

    def line(one: Assignment) -> Line:
        page = reverse("assignment", kwargs={"pk": one.pk})
        late = one.is_overdue(at)
        return Line(one.title, page, due=one.due, is_late=late, steps=steps_of(one, actor))

    yield part_of(
        visible.waiting_for(actor.unit),
        line,
        title=_("Assignments that wait for your unit"),
        url=reverse("assignment_list"),
    )
    if actor.may("assignments.issue"):
        yield _overdue_by_unit(visible.overdue(at), at)


def _overdue_by_unit(overdue: AssignmentQuerySet, at: datetime) -> Part:
    """What is overdue in the region, by unit, the one with the oldest first."""
    rows = list(
        overdue.order_by()
        .values("lead")
        .annotate(count=Count("pk"), oldest=Min("due"))
        .order_by("oldest", "lead")
    )
    units = Unit.objects.unscoped().in_bulk([row["lead"] for row in rows[:SHOWN]])
    page = reverse("assignment_list") + "?show=overdue"
    lines = tuple(
        Line(
            ngettext(
                "%(unit)s: %(count)d, the oldest for %(days)d days",
                "%(unit)s: %(count)d, the oldest for %(days)d days",
                row["count"],
            )
            % {
                "unit": unit_label(units[row["lead"]]),
                "count": row["count"],
                "days": (day_of(at) - row["oldest"]).days,
            },
            page,
        )
        for row in rows[:SHOWN]
    )
    count = sum(row["count"] for row in rows)
    return Part(Urgency.LATE, _("Overdue in your region, by unit"), count, lines, page)
