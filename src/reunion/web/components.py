"""The page of components: each once, with invented contents, for developers and for tests.

It is there while the data are synthetic. Whoever adds a component to templates/components adds a
section to SECTIONS: what its template, components/sections/NAME.html, is given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_filters import CharFilter, ChoiceFilter
from django_tables2 import Column

from reunion.base.assignments.rules import ASSIGNMENT, State
from reunion.base.errors import NotFound
from reunion.base.pages.filters import Filters
from reunion.base.pages.meanwhile import Versioned
from reunion.base.pages.tables import Listing
from reunion.base.permissions.declare import signed_in
from reunion.base.units.models import Unit

Example = dict[str, object]

STEP = 25
"""Percent that the work of the example does between two looks."""


@signed_in()
@require_safe
def components(request: HttpRequest) -> HttpResponseBase:
    """Each component once; for a part of the page that asks, only how far the work is."""
    if settings.MODE != "demo":
        raise NotFound(kind="page")
    at = timezone.now()
    if "done" in request.GET:
        return render(request, "components/job_progress.html", _progress(request, at))
    sections = [
        render_to_string(f"components/sections/{name}.html", example(request, at), request)
        for name, example in SECTIONS.items()
    ]
    return render(request, "components/page.html", {"sections": sections})


class ExampleForm(forms.Form):
    """A field of each kind; it was sent empty, so that each shows its error."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As people say it."))
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    what = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", "—"), ("task", gettext_lazy("Task"))]
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Who"),
        choices=[("mother", gettext_lazy("Mother")), ("father", gettext_lazy("Father"))],
        widget=forms.RadioSelect,
    )
    which = forms.MultipleChoiceField(
        label=gettext_lazy("Which"),
        choices=[("one", gettext_lazy("Letters")), ("two", gettext_lazy("Photographs"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("They were told"))
    file = forms.FileField(label=gettext_lazy("File"))
    text = forms.CharField(
        label=gettext_lazy("Details"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class ExampleEdit(Versioned):
    """Somebody else wrote two of its three fields meanwhile."""

    name = forms.CharField(label=gettext_lazy("Name"))
    place = forms.CharField(label=gettext_lazy("Place"))
    who = forms.ChoiceField(
        label=gettext_lazy("Who"),
        choices=[("mother", gettext_lazy("Mother")), ("father", gettext_lazy("Father"))],
        widget=forms.RadioSelect,
    )


class ReasonForm(forms.Form):
    """What each grave act asks for."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class ExampleTable(Listing):
    """A table of three pages."""

    caption = gettext_lazy("Invented rows")
    file = "example"
    code = Column(gettext_lazy("Code"), orderable=True)
    place = Column(gettext_lazy("Region"))


class ExampleFilters(Filters):
    """Two filters, one of them set."""

    q = CharFilter(label=gettext_lazy("Name or code"))
    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("open", gettext_lazy("Open")), ("late", gettext_lazy("late"))],
    )


def _forms(request: HttpRequest, at: datetime) -> Example:
    return {"form": ExampleForm({})}


def _identity(request: HttpRequest, at: datetime) -> Example:
    facts = [(_("Sex"), _("Male")), (_("Year"), at.year - 32), (_("Phone"), None)]
    return {"name": _("Invented Person"), "code": "ZZ-0001", "facts": facts}


def _states(request: HttpRequest, at: datetime) -> Example:
    tones = ["", "good", "waiting", "late"]
    words = [_("Not begun"), _("Done"), _("Waits for another unit"), _("Overdue")]
    return {"states": list(zip(words, tones, strict=True))}


def _timeline(request: HttpRequest, at: datetime) -> Example:
    came, went = at - timedelta(days=40), at - timedelta(days=2)
    return {
        "steps": [
            (came, _("Reported"), _("Case officer"), ""),
            (went, _("Sent back"), _("Supervisor"), _("The place is missing.")),
        ]
    }


def _history(request: HttpRequest, at: datetime) -> Example:
    return {
        "changes": [(at - timedelta(days=1), _("Case officer"), _("Place"), "", _("By the river"))]
    }


def _tasks(request: HttpRequest, at: datetime) -> Example:
    return {
        "tasks": [
            (_("Take the report"), "#", _("Done"), "good", ""),
            (_("Take blood"), "#", _("Overdue"), "late", _("Both parents, if they live.")),
            (_("Search"), "", _("Cannot begin yet"), "", ""),
        ]
    }


def _tabs(request: HttpRequest, at: datetime) -> Example:
    return {"tabs": [(_("Facts"), "#", True), (_("History"), "#", False), (_("Files"), "#", False)]}


def _buttons(request: HttpRequest, at: datetime) -> Example:
    return {"record": {"version": 1}, "moves": list(ASSIGNMENT.open_moves(State.ISSUED))}


def _confirm(request: HttpRequest, at: datetime) -> Example:
    return {"form": ReasonForm()}


def _progress(request: HttpRequest, at: datetime) -> Example:
    """How far the invented work is; `done` stands in the address, so that nothing is kept."""
    given = request.GET.get("done", "0")
    percent = min(100, int(given)) if given.isascii() and given.isdigit() else 0
    return {
        "percent": percent,
        "ended": percent == 100,
        "standing": _("Done") if percent == 100 else _("Runs"),
        "address": f"{request.path}?done={min(100, percent + STEP)}",
    }


def _paging(request: HttpRequest, at: datetime) -> Example:
    return {"page": Paginator(range(100), 20).get_page(2)}


def _merge(request: HttpRequest, at: datetime) -> Example:
    name = _("Invented Person")
    sent = QueryDict(mutable=True)
    sent.update({"version": "1", "name": name, "place": _("By the river"), "who": "father"})
    shown = {"version": 2, "name": name, "place": _("By the lake"), "who": "mother"}
    form = ExampleEdit(sent, initial=shown, auto_id="merge_%s")
    form.tell_what_changed()
    return {"form": form}


def _summary(request: HttpRequest, at: datetime) -> Example:
    rows = [(_("Name"), _("Invented Person"), "#", _("Change")), (_("Place"), "", "#", _("Add"))]
    return {"rows": rows}


def _filters(request: HttpRequest, at: datetime) -> Example:
    return {"filters": ExampleFilters(QueryDict("state=late"), Unit.objects.unscoped().none())}


def _table(request: HttpRequest, at: datetime) -> Example:
    rows = [{"code": f"ZZ-{number:04}", "place": _("By the river")} for number in range(60)]
    return {"table": ExampleTable(rows, request, at)}


def _nothing(request: HttpRequest, at: datetime) -> Example:
    return {}


SECTIONS: dict[str, Callable[[HttpRequest, datetime], Example]] = {
    "forms": _forms,
    "identity_bar": _identity,
    "status": _states,
    "timeline": _timeline,
    "history": _history,
    "task_list": _tasks,
    "tabs": _tabs,
    "state_buttons": _buttons,
    "confirm": _confirm,
    "job_progress": _progress,
    "empty": _nothing,
    "paging": _paging,
    "merge": _merge,
    "summary_list": _summary,
    "filters": _filters,
    "table": _table,
}
"""By the name of the template; in the order of the page."""
