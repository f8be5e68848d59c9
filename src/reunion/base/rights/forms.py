"""The forms of rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.pages.meanwhile import Versioned
from reunion.base.rights.rules import Basis, RequestKind, Use
from reunion.base.rights.words import BASES, KINDS, USES
from reunion.base.units.forms import RegionField, day_field
from reunion.base.units.pack import jurisdiction

if TYPE_CHECKING:  # of the stubs only
    from django_stubs_ext import StrPromise

E = TypeVar("E", Basis, RequestKind, Use)

ID_HELP = _("The id, as the page of the record shows it")


def _choice(label: StrPromise, words: Mapping[E, Promise]) -> forms.TypedChoiceField:
    choices = [(value.value, word) for value, word in words.items()]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=type(next(iter(words))))


def _long(label: StrPromise, help_text: StrPromise | str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class ReasonForm(Versioned):
    """A reason, for a record as it was shown."""

    reason = _long(_("Reason"), rows=3)


class PersonForm(forms.Form):
    """Whose data it is about."""

    person = forms.UUIDField(label=_("Person"), help_text=ID_HELP)


class IdentityForm(Versioned, PersonForm):
    """The same, of a request as it was shown."""


class RequestForm(forms.Form):
    """A request about somebody's data, as it came."""

    kind = _choice(_("What is asked for"), KINDS)
    received = day_field(_("Came on"))
    region = RegionField(label=_("Region"), help_text=_("The code or the full name"))
    person = forms.UUIDField(label=_("Person"), required=False, help_text=ID_HELP)


class BasisForm(forms.Form):
    """On what basis a person's data may be used."""

    use = _choice(_("Use"), USES)
    basis = _choice(_("Basis"), BASES)
    region = RegionField(label=_("Region"), help_text=_("The code or the full name"))
    given_by = forms.UUIDField(label=_("Consent given by"), required=False, help_text=ID_HELP)
    text_version = forms.CharField(
        label=_("Version of the text that was explained"), required=False, max_length=40
    )
    interpreter = forms.UUIDField(label=_("Interpreter"), required=False, help_text=ID_HELP)
    article = forms.CharField(label=_("Article that sets the duty"), required=False, max_length=120)


class RecipientForm(forms.Form):
    """A body that is handed personal data."""

    name = forms.CharField(label=_("Name of the body"), max_length=200)
    categories = forms.CharField(label=_("Which data"), max_length=300)
    purpose = forms.CharField(label=_("What for"), max_length=300)
    article = forms.CharField(label=_("On what legal basis"), max_length=120)
    since = day_field(_("From"))


class EndForm(Versioned):
    """From which day a body is handed no more data."""

    until = day_field(_("No more from"))


class BreachForm(forms.Form):
    """What happened to personal data."""

    what = _long(
        _("What happened"),
        _("Which data, how it was found, what was done at once. No names."),
        rows=6,
    )
    region = RegionField(label=_("Region"), help_text=_("The code or the full name"))
    found_at = forms.DateTimeField(
        label=_("Found"),
        help_text=_("Date and time, such as 2026-03-02 09:30"),
        validators=[MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC))],
    )
    persons_at_most = forms.IntegerField(
        label=_("People concerned, at most"), required=False, min_value=0, max_value=2**31 - 1
    )

    def clean_found_at(self) -> datetime:
        """As the clock on the wall shows it, in the zone of the country."""
        typed: datetime = self.cleaned_data["found_at"]
        return typed.replace(tzinfo=ZoneInfo(jurisdiction().zone))


class AssessmentForm(forms.Form):
    """The template of an impact assessment: the questions that every one answers."""

    activity = forms.CharField(label=_("Which use of data is this about?"), max_length=200)
    necessity = _long(
        _("Is it lawful, and is it needed?"),
        _("Purpose, legal basis, which data of whom, and why less would not do."),
    )
    risks = _long(
        _("What could it do to people?"),
        _("To those found, to families, to givers of tips, to third persons; how likely."),
    )
    measures = _long(
        _("What is done about it?"),
        _("Who may see what, sealing, time limits, who was asked, what risk is left."),
    )
    decided_on = day_field(_("Decided on"))
    review_due = day_field(_("To be looked at again by"))


class PeriodForm(forms.Form):
    """A period, both days included."""

    first = day_field(_("From"))
    last = day_field(_("Until"))
