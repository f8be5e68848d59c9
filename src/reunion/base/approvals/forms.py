"""The form with which a proposal is decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reunion.base.pages.meanwhile import Versioned


class DecisionForm(Versioned):
    """A decision about the proposal as it was shown."""

    shown_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
