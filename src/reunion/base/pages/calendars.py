"""Dates as people state them: in either calendar, exact or about, whole or only the year.

A mother who says "the fifteenth of the eighth month" is written down as she said it; the days of
the common calendar follow from it. The form works without JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reunion.base.pages.lunar import FIRST_YEAR, LAST_YEAR, LunarDay, LunarMonth, NoSuchDay, months

_CODE = re.compile(
    r"(?P<calendar>solar|lunar):(?P<year>\d{4})(-(?P<month>\d\d)(?P<leap>\+)?)?(-(?P<day>\d\d))?"
    r"(?P<about>~)?"
)


class Exactness(Enum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as somebody stated it.

    Args:
        is_lunar: it is one of the Chinese calendar.
        month: none where only the year is known.
        day: none where only the month is known.
        leap: the leap month of that number; of the Chinese calendar only.
        about: they were not sure.

    Raises:
        NoSuchDay: no calendar has it.

    >>> stated = StatedDate(1994, 8, 15, is_lunar=True)
    >>> stated.first, StatedDate(1994, 8, is_lunar=True).last, str(stated)
    (datetime.date(1994, 9, 20), datetime.date(1994, 10, 4), 'lunar:1994-08-15')
    """

    year: int
    month: int | None = None
    day: int | None = None
    is_lunar: bool = False
    leap: bool = False
    about: bool = False

    def __post_init__(self) -> None:
        if self.month is None and (self.day is not None or self.leap):
            raise NoSuchDay("a day, or a leap month, without its month")
        if self.leap and not self.is_lunar:
            raise NoSuchDay("the common calendar has no leap months")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise NoSuchDay(f"year {self.year}")
        _ = self.first, self.last

    @property
    def exactness(self) -> Exactness:
        """How much of it is known."""
        if self.month is None:
            return Exactness.YEAR
        return Exactness.MONTH if self.day is None else Exactness.DAY

    @property
    def first(self) -> date:
        """The first day that it can mean, in the common calendar."""
        if self.is_lunar and self.day is not None and self.month is not None:
            return LunarDay(self.year, self.month, self.day, self.leap).solar
        if self.is_lunar:
            return LunarMonth(self.year, self.month or 1, self.leap).first
        try:
            return date(self.year, self.month or 1, self.day or 1)
        except ValueError as error:
            raise NoSuchDay(str(error)) from error

    @property
    def last(self) -> date:
        """The last day that it can mean, in the common calendar."""
        if self.day is not None:
            return self.first
        if self.is_lunar:
            if self.month is not None:
                return LunarMonth(self.year, self.month, self.leap).last
            return list(months(self.year))[-1].last
        month = self.month or 12
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(1)

    def __str__(self) -> str:
        """As it is stored; `read` reads it back."""
        parts = f"{'lunar' if self.is_lunar else 'solar'}:{self.year:04d}"
        if self.month is not None:
            parts += f"-{self.month:02d}{'+' if self.leap else ''}"
        if self.day is not None:
            parts += f"-{self.day:02d}"
        return parts + ("~" if self.about else "")

    @classmethod
    def read(cls, text: str) -> StatedDate:
        """A date that was stored.

        Raises:
            NoSuchDay: it is none.

        >>> StatedDate.read("lunar:2020-04+-01~").first
        datetime.date(2020, 5, 23)
        """
        found = _CODE.fullmatch(text)
        if found is None:
            raise NoSuchDay(text)
        month, day = found["month"], found["day"]
        return cls(
            int(found["year"]),
            int(month) if month else None,
            int(day) if day else None,
            is_lunar=found["calendar"] == "lunar",
            leap=bool(found["leap"]),
            about=bool(found["about"]),
        )


class StatedDateWidget(forms.MultiWidget):
    """Calendar, year, month, leap month, day, about; each with its own label."""

    template_name = "components/stated_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        calendars = [("solar", _("Common calendar")), ("lunar", _("Chinese calendar"))]
        parts: Mapping[str, forms.Widget] = {
            "calendar": forms.Select(choices=calendars),
            "year": forms.TextInput({**number, "maxlength": 4, "size": 4}),
            "month": forms.TextInput({**number, "maxlength": 2, "size": 2}),
            "leap": forms.CheckboxInput(),
            "day": forms.TextInput({**number, "maxlength": 2, "size": 2}),
            "about": forms.CheckboxInput(),
        }
        super().__init__(dict(parts), attrs)

    def decompress(self, value: StatedDate | None) -> list[Any]:
        if value is None:
            return ["solar", None, None, False, None, False]
        calendar = "lunar" if value.is_lunar else "solar"
        return [calendar, value.year, value.month, value.leap, value.day, value.about]


class StatedDateField(forms.MultiValueField):
    """A date as somebody states it; gives a `StatedDate`, or None where nothing is entered."""

    widget = StatedDateWidget

    def __init__(self, **options: Any) -> None:  # those of the class above
        fields = (
            forms.ChoiceField(choices=[("solar", ""), ("lunar", "")]),
            forms.IntegerField(
                min_value=FIRST_YEAR,
                max_value=LAST_YEAR,
                error_messages={
                    name: _("Enter a year from 1900 to 2100.")
                    for name in ("incomplete", "invalid", "min_value", "max_value")
                },
            ),
            forms.IntegerField(
                min_value=1,
                max_value=12,
                required=False,
                error_messages={
                    name: _("Enter a month from 1 to 12.")
                    for name in ("invalid", "min_value", "max_value")
                },
            ),
            forms.BooleanField(required=False),
            forms.IntegerField(
                min_value=1,
                max_value=31,
                required=False,
                error_messages={
                    name: _("Enter a day of that month.")
                    for name in ("invalid", "min_value", "max_value")
                },
            ),
            forms.BooleanField(required=False),
        )
        super().__init__(fields=fields, require_all_fields=False, **options)

    def clean(self, value: list[Any] | None) -> StatedDate | None:
        # The calendar is always chosen; alone it says nothing.
        is_blank = not value or all(part in (None, "", False) for part in value[1:])
        cleaned: StatedDate | None = super().clean([] if is_blank else value)
        return cleaned

    def compress(self, data_list: list[Any]) -> StatedDate | None:
        if not data_list or data_list[1] is None:
            return None
        calendar, year, month, leap, day, about = data_list
        is_lunar = calendar == "lunar"
        if day is not None and month is None:
            raise ValidationError(_("Enter the month of that day."), code="month_missing")
        if leap and not is_lunar:
            raise ValidationError(
                _("Only the Chinese calendar has leap months."), code="no_leap_month"
            )
        try:
            return StatedDate(
                year, month, day, is_lunar=is_lunar, leap=bool(leap), about=bool(about)
            )
        except NoSuchDay as error:
            if not is_lunar:
                raise ValidationError(
                    _("Enter a day of that month."), code="no_such_day"
                ) from error
            raise ValidationError(
                _("That year of the Chinese calendar has no such month or day. Look at the leap"
                  " month, and at the number of days: 29 or 30."),
                code="no_such_day",
            ) from error  # fmt: skip
