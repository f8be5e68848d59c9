"""The forms of assignments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reunion.base.assignments.models import Assignment
from reunion.base.assignments.rules import Kind, Outcome, Terms
from reunion.base.assignments.words import OUTCOMES
from reunion.base.pages.meanwhile import Versioned
from reunion.base.records import in_force
from reunion.base.units.forms import RegionField, day_field
from reunion.base.units.models import Unit
from reunion.base.units.pack import day_of, jurisdiction


class UnitsField(forms.CharField):
    """Units by their codes, separated by blanks; gives their ids. A choice of all has no end."""

    at: datetime
    """The moment at which they must exist; the form sets it."""

    def clean(self, value: object) -> frozenset[UUID]:
        codes = set(str(super().clean(value)).split())
        found = Unit.objects.unscoped().filter(in_force(day_of(self.at)), code__in=codes)
        known = dict(found.values_list("code", "pk"))
        if missing := codes - set(known):
            raise ValidationError(
                _("There is no unit of the code %(code)s."), params={"code": min(missing)}
            )
        return frozenset(known.values())


class TermsForm(forms.Form):
    """What an assignment says."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    description = forms.CharField(
        label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    completion = forms.CharField(
        label=_("What shows that it is done"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    scope = RegionField(label=_("Region"), help_text=_("The code or the full name"))
    lead = UnitsField(label=_("Lead unit"), required=False, help_text=_("The code of the unit"))
    cooperating = UnitsField(
        label=_("Cooperating units"), required=False, help_text=_("Codes, separated by blanks")
    )
    due = day_field(_("Due"), required=False)
    working_days = forms.IntegerField(
        label=_("Or working days from the day of issue"), required=False, min_value=1, max_value=999
    )
    report_every = forms.IntegerField(
        label=_("A report of progress every so many working days"),
        required=False,
        min_value=0,
        max_value=999,
        help_text=_("Empty: none"),
    )

    def __init__(self, *args: object, at: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        for field in self.fields.values():
            if isinstance(field, UnitsField):
                field.at = at

    def clean_lead(self) -> UUID | None:
        units: frozenset[UUID] = self.cleaned_data["lead"]
        if len(units) > 1:
            raise ValidationError(_("One unit leads. Name the others as cooperating units."))
        return next(iter(units), None)

    def terms(self, *, parent: UUID | None) -> Terms:
        """The terms, from a form that is valid."""
        values = dict(self.cleaned_data)
        values["report_every"] = values["report_every"] or 0
        return Terms(parent=parent, **values)


class EditForm(Versioned, TermsForm):
    """The same, of a draft as it was shown."""


def values_of(assignment: Assignment) -> dict[str, object]:
    """What the form of a draft shows at first."""
    cooperating = assignment.cooperations.values_list("unit__code", flat=True)
    names = ("title", "description", "completion", "due", "working_days", "report_every")
    region = jurisdiction().regions.find(assignment.scope)
    return {name: getattr(assignment, name) for name in names} | {
        "scope": region.code if region else assignment.scope,
        "lead": assignment.lead.code if assignment.lead else "",
        "cooperating": " ".join(sorted(cooperating)),
        "version": assignment.version,
    }


class ResultForm(Versioned):
    """What came of an assignment; for a request, the answer."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    result = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: object, kind: Kind, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (outcome.value, str(word))
                for outcome, word in OUTCOMES.items()
                if kind is Kind.REQUEST or outcome is not Outcome.REFUSED
            ]


class ProgressForm(forms.Form):
    """A report of progress for one of the days asked for."""

    day = day_field(_("For the day"))
    text = forms.CharField(label=_("Progress"), widget=forms.Textarea(attrs={"rows": 5}))
