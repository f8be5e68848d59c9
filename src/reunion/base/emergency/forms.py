"""The forms of emergency openings and of their review."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from reunion.base.actor import CASE_LENGTH
from reunion.base.emergency.access import openable_kinds
from reunion.base.emergency.rules import Finding
from reunion.base.emergency.words import FINDINGS
from reunion.base.pages.meanwhile import Versioned
from reunion.base.records import word_of


class OpenForm(forms.Form):
    """Which record, for which case, and why it cannot wait."""

    kind = forms.ChoiceField(label=_("Kind of record"))
    subject_id = forms.UUIDField(
        label=_("Record"), help_text=_("The id, as somebody who knows the record has given it")
    )
    case = forms.CharField(label=_("Case"), max_length=CASE_LENGTH)
    reason = forms.CharField(
        label=_("Why can it not wait?"), widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        kinds = [(kind, word_of(kind)) for kind in openable_kinds()]
        cast(forms.ChoiceField, self.fields["kind"]).choices = kinds


class ReviewForm(Versioned):
    """What a review found, of the opening as it was shown."""

    finding = forms.TypedChoiceField(
        label=_("Finding"),
        choices=[(finding.value, word) for finding, word in FINDINGS.items()],
        coerce=Finding,
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
