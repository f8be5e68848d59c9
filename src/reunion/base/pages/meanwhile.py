"""Two people write one record: the second keeps what they typed, and is told what changed."""

from __future__ import annotations

from typing import cast

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext as _

SHOWN = "version"
"""The hidden field of the version of the record that a form shows."""


def tell_what_changed(form: Form) -> None:
    """Refill a form that was sent about a record which somebody changed after it was shown.

    Beside each field that differs stands what the record says now. Sent once more, the form is
    about the record as it is now.

    Args:
        form: valid, with the record as it is now in `initial`, its version too.
    """
    form.add_error(
        None,
        _(
            "Somebody changed this after you opened it. What you typed is still here. "
            "Look at the marked fields, and send the form again."
        ),
    )
    for name in form.changed_data:
        if name != SHOWN:
            form.add_error(name, _said(form[name].initial))
    sent = cast(QueryDict, form.data).copy()  # the browser's own cannot be changed
    sent[SHOWN] = str(form.initial[SHOWN])
    form.data = sent


def _said(value: object) -> str:
    if value is None or value == "":
        return _("The record now says nothing here.")
    return _("The record now says: %(words)s") % {"words": value}
