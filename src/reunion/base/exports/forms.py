"""What somebody says who asks for a large export."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reunion.base.actor import CASE_LENGTH, Purpose
from reunion.base.documents.sheets import Form
from reunion.base.rights.words import PURPOSES


class AskForm(forms.Form):
    """What for, and why so much."""

    purpose = forms.TypedChoiceField(
        label=_("Purpose"),
        choices=[("", "—"), *((code.value, words) for code, words in PURPOSES.items())],
        coerce=Purpose,
    )
    case = forms.CharField(label=_("Case"), max_length=CASE_LENGTH, required=False)
    reason = forms.CharField(
        label=_("Why are so many rows needed?"),
        help_text=_("Whoever approves reads it. No names."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TakeForm(forms.Form):
    """In which form the file is wanted."""

    form = forms.TypedChoiceField(choices=[(one.value, one.name) for one in Form], coerce=Form)
