"""Filters of a list, in the address: what is shown can be sent to a colleague, and come back to.

    class UnitFilters(Filters):
        name = CharFilter(label=_("Name"), lookup_expr="icontains")

    filters = UnitFilters(request.GET, units_for(request.actor))
    table = UnitTable(filters.qs, request)

In the template: `{% include "components/filters.html" %}`.
"""

from __future__ import annotations

from typing import Any  # of whatever kind a field is

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django_filters.filterset import FilterSet


class Panel(forms.Form):
    """The form of the filters: no field must be filled in, so none says so."""

    is_panel = True


class Filters(FilterSet):
    """The filters of one list. What the form refuses filters nothing."""

    class Meta:
        form = Panel

    def __init__(self, data: QueryDict, rows: QuerySet[Any]) -> None:
        super().__init__(data, rows)  # type: ignore[no-untyped-call]  # it has no types

    @property
    def chosen(self) -> list[tuple[str, str, str]]:
        """Label and value of each filter that is set, and the address without it."""
        self.form.is_valid()
        return [
            (
                str(self.form[name].label),
                value_in_words(self.form[name], value),
                self._without(name),
            )
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [])
        ]

    def _without(self, name: str) -> str:
        kept: QueryDict = self.data.copy()
        for key in (name, "page"):
            kept.pop(key, None)
        return f"?{kept.urlencode()}"


def value_in_words(field: forms.BoundField, value: Any) -> str:
    """What was chosen, as the form says it."""
    names = dict(getattr(field.field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(one, one)) for one in values)
