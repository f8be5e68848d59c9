"""What an auditor looks for in the trail."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.units.pack import in_language, post_roles


def _roles() -> list[tuple[str, str | Promise]]:
    """Asked for each form, in the language of its page."""
    roles = [(code, in_language(role.name)) for code, role in post_roles().items()]
    return [("", _("All roles")), *roles]


class EntryForm(forms.Form):
    """Which entries: of an act, of a role, of a day; an empty field leaves them all."""

    act = forms.CharField(label=_("Act"), max_length=80, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=_roles, required=False)
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )
