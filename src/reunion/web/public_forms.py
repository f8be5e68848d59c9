"""What people send to the public site."""

from __future__ import annotations

from datetime import date
from typing import Any  # what Django passes through

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reunion.base.inbox.rules import LONGEST_TEXT
from reunion.web.public_places import (
    excluded,
    first_level,
    full_name,
    levels_below_root,
    named_within,
)

MOST_NAMED = 12
"""Places that an error names, when a name could be several."""


class LetterForm(forms.Form):
    """A first message: where it belongs, who must not read it, and what it says."""

    area = forms.ChoiceField(label=_("What place is it about?"))
    place = forms.CharField(
        label=_("City or county there, if you know it"),
        max_length=80,
        required=False,
        help_text=_("The name, such as it stands on a map. You can leave this empty."),
    )
    hide_from = forms.MultipleChoiceField(
        label=_("Who must not read it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "If you fear somebody in an office there, tick it. The message then goes to an office"
            " further up, and nobody in the office that you ticked can open it."
        ),
    )
    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
    )
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        _choose(self, "area", first_level(day))
        levels = [(code, str(_("Nobody at this level there: %(level)s") % {"level": name}))
                  for code, name in levels_below_root()]  # fmt: skip
        _choose(self, "hide_from", levels)

    def clean(self) -> dict[str, Any]:
        """Finds the region; `region` and `excluded` are paths."""
        values = super().clean() or {}
        path, name = values.get("area", ""), values.get("place", "").strip()
        if path and name:
            path = self._named(path, name)
        values["region"] = path
        values["excluded"] = excluded(path, values.get("hide_from", []))
        return values

    def _named(self, path: str, name: str) -> str:
        found = named_within(path, name, self.day)
        if len(found) == 1:
            return found[0].path
        if not found:
            error = str(_("We do not know this place there. Check the name, or leave it empty."))
        else:
            names = ", ".join(full_name(region) for region in found[:MOST_NAMED])
            more = " …" if len(found) > MOST_NAMED else ""
            several = _("Several places have this name. Write one of these, or its code: %(names)s")
            error = str(several % {"names": names + more})
        raise ValidationError({"place": error})


class ReceiptForm(forms.Form):
    """The number of the receipt; `wait` is a ticket of whoever had to wait."""

    code = forms.CharField(
        label=_("The number on your receipt"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
        help_text=_("19 digits. Blanks do not matter."),
    )
    wait = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)


class WriteOnForm(forms.Form):
    """A further message in an open conversation."""

    text = forms.CharField(
        label=_("Write on"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    capability = forms.CharField(widget=forms.HiddenInput, max_length=400)
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200)


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    field.choices = choices
