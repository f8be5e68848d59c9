"""The forms of units, posts and staff. Choices come from the pack of the jurisdiction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.lists import ROWS
from reunion.base.pages.meanwhile import Versioned
from reunion.base.units.models import Staff, Unit
from reunion.base.units.pack import in_language, jurisdiction, post_roles, region_label
from reunion.packs.institutions import AgencyKind

Choices = list[tuple[str, str]]

if TYPE_CHECKING:  # generic in the stubs only
    from django_stubs_ext import StrPromise

    StaffChoice: TypeAlias = forms.ModelChoiceField[Staff]
else:
    StaffChoice = forms.ModelChoiceField


# The first and the last day of the calendar cannot be turned into moments of a zone.
_IN_REACH = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


def day_field(label: StrPromise, *, required: bool = True) -> forms.DateField:
    """A day, as browsers let one choose it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=_IN_REACH)


class RegionField(forms.CharField):
    """A region by its code, full name or path; gives the path."""

    def clean(self, value: object) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        regions = jurisdiction().regions
        found = regions.find_code(text) or regions.find(text)
        if found is None:
            named = regions.find_name(text)
            if len(named) > 1:
                raise ValidationError(_("Several regions have this name. Give the code."))
            if not named:
                raise ValidationError(_("There is no region of this code or name."))
            found = named[0]
        return found.path


class UnitField(forms.CharField):
    """A unit by its code; gives the unit. The page suggests codes (units/codes.html)."""

    units: QuerySet[Unit]
    """Those that may be named; the form sets them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
        super().__init__(
            max_length=40, help_text=_("The code of the unit"), widget=widget, **kwargs
        )

    def clean(self, value: object) -> Unit | None:
        code = str(super().clean(value))
        found = self.units.filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(
                _("There is no unit of the code %(code)s."), params={"code": code}
            )
        return found


class _StaffField(StaffChoice):
    def label_from_instance(self, obj: Staff) -> str:
        return f"{obj.name}, {region_label(obj.region)}"


class UnitForm(forms.Form):
    """A new unit."""

    code = forms.SlugField(label=pgettext_lazy("unit", "Code"), max_length=40)
    name = forms.CharField(label=_("Name, as the agency writes it"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    level = forms.ChoiceField(label=_("Level"))
    region = RegionField(label=_("Region"), help_text=_("The code or the full name"))
    valid_from = day_field(_("From"))
    parent = UnitField(label=_("Unit above"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = jurisdiction().agencies
        _choose(self, "kind", [(code, in_language(kind.names)) for code, kind in kinds.items()])
        _choose(self, "level", _levels(kinds))
        cast(UnitField, self.fields["parent"]).units = units


class NamesForm(Versioned):
    """Other names of a unit. `version` is that of the page."""

    name = forms.CharField(label=_("Name, as the agency writes it"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)


class CloseForm(Versioned):
    """From which day a unit is no more."""

    valid_to = day_field(_("No more from"))
    successor = UnitField(label=_("The unit that takes its place"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(UnitField, self.fields["successor"]).units = units


class StaffForm(forms.Form):
    """A human being who is to hold posts."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    region = RegionField(label=_("Region"), help_text=_("The code or the full name"))


class PostForm(forms.Form):
    """A post for somebody at a unit. Whom to choose from are those that the page has found."""

    staff = _StaffField(label=_("Who"), queryset=Staff.objects.unscoped().none())
    role = forms.ChoiceField(label=_("Role"))
    rank = forms.ChoiceField(label=_("Rank"), required=False)
    region = RegionField(label=_("Region"), required=False, help_text=_("Empty: that of the unit"))
    valid_from = day_field(_("From"))
    valid_to = day_field(_("No more from"), required=False)

    def __init__(self, *args: Any, staff: QuerySet[Staff], kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranks = jurisdiction().ranks.items()
        given = [(code, in_language(r.names)) for code, r in ranks if kind in r.agencies]
        named = [(code, in_language(role.name)) for code, role in post_roles().items()]
        _choose(self, "role", named)
        _choose(self, "rank", [("", "—"), *given])
        chosen = cast(StaffChoice, self.fields["staff"])
        chosen.queryset = staff
        first = [(str(one.pk), chosen.label_from_instance(one)) for one in staff[:ROWS]]
        _choose(self, "staff", [("", "—"), *first])


class EndForm(Versioned):
    """From which day a post is held no more."""

    valid_to = day_field(_("No more from"))


def _choose(form: forms.Form, name: str, choices: Choices) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def _levels(kinds: Mapping[str, AgencyKind]) -> Choices:
    """The levels that any agency has, named as the levels of regions are."""
    known = jurisdiction().regions.levels
    codes = dict.fromkeys(level for kind in kinds.values() for level in kind.levels)
    return [(code, in_language(known[code].names) if code in known else code) for code in codes]


class WitnessForm(Versioned):
    """The key with which a unit signs the heads of the audit trail."""

    key = forms.CharField(
        label=_("Public key of the witness"),
        required=False,
        max_length=64,
        help_text=_("64 hexadecimal digits. Leave it empty if the unit is no witness."),
    )

    def clean_key(self) -> bytes | None:
        """The key itself; None: the unit is no witness."""
        try:
            return bytes.fromhex(self.cleaned_data["key"]) or None
        except ValueError as error:
            raise ValidationError(_("A key holds hexadecimal digits only.")) from error
