"""What the button of a state machine's move sends."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reunion.base.pages.meanwhile import Versioned


class MoveForm(Versioned):
    """The version of the record that was shown, and the reason where the move needs one."""

    reason = forms.CharField(label=_("Reason"), required=False)
