"""What the pages of desks send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast  # Any: what Django passes through

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reunion.base.inbox.rules import LONGEST_TEXT
from reunion.base.pages.meanwhile import Versioned
from reunion.base.regions import upwards
from reunion.base.units.forms import UnitField
from reunion.base.units.models import Unit
from reunion.base.units.pack import region_label


class AnswerForm(Versioned):
    """An answer to the sender. `version` is that of the page."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "The sender reads it as from the case desk, without your name. Do not repeat what could"
            " show others who wrote: somebody may look over the sender's shoulder."
        ),
    )


class RouteForm(Versioned):
    """Which region must not read an item. `version` is that of the page."""

    path = forms.ChoiceField(label=_("Hide it from"))

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["path"]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError
        field.choices = list(_named(upwards(region)[:-1]))


class DeskForm(forms.Form):
    """Which unit becomes a desk."""

    unit = UnitField(label=_("Unit"))

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(UnitField, self.fields["unit"]).units = units


def _named(paths: Iterable[str]) -> Iterable[tuple[str, str]]:
    for path in paths:
        yield path, region_label(path)
