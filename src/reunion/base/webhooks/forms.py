"""The form of a new webhook."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reunion.base.units.models import Unit
from reunion.base.webhooks.models import LABEL
from reunion.base.webhooks.rules import EVENTS, LONGEST_URL
from reunion.base.webhooks.words import word_of_event


class WebhookForm(forms.Form):
    """Which program of which unit is told of what."""

    unit = forms.CharField(label=_("Unit"), help_text=_("The code of the unit"), max_length=40)
    label = forms.CharField(label=_("Program that is told"), max_length=LABEL)
    url = forms.CharField(label=_("Address of the program"), max_length=LONGEST_URL)
    events = forms.MultipleChoiceField(
        label=_("What it is told of"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        self._units = units
        field = self.fields["events"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(event, word_of_event(event)) for event in EVENTS]

    def clean_unit(self) -> Unit:
        code = self.cleaned_data["unit"]
        found = self._units.filter(code=code).first()
        if found is None:
            raise ValidationError(
                _("There is no unit of the code %(code)s."), params={"code": code}
            )
        return found
