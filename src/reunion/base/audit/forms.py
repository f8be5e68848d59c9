"""What the button of a state machine's move sends."""

from __future__ import annotations

from django import forms


class MoveForm(forms.Form):
    """The version of the record that was shown, and the reason where the move needs one."""

    version = forms.IntegerField(min_value=1)
    reason = forms.CharField(required=False)
