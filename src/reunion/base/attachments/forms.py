"""The fields of a form that takes a file, and of the purpose for which an original is opened."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reunion.base.actor import CASE_LENGTH
from reunion.base.attachments.words import PURPOSES


class AttachmentForm(forms.Form):
    """A file; rooms that take files have this form on their pages, or derive theirs from it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Notes on the device, the place and the author are removed. What can be seen or heard"
            " stays: a face, a number plate, a room, a voice."
        ),
        max_length=255,
    )
    keep_original = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Keep the file as it was handed in"),
        help_text=_(
            "It may be evidence, and it may show who handed it in. It is sealed, and whoever"
            " opens it must say why."
        ),
    )


class PurposeForm(forms.Form):
    """Why an original is opened."""

    purpose = forms.ChoiceField(
        label=_("Why you open it"), choices=[(one.value, word) for one, word in PURPOSES.items()]
    )
    case = forms.CharField(label=_("Case or record"), required=False, max_length=CASE_LENGTH)
