"""Lists as tables: sorted by their heads, page by page, all with the look of components/table.html.

    class UnitTable(Listing):
        caption = _("Units")
        file = "units"
        code = Column(_("Code"), linkify=("unit", {"pk": A("pk")}), orderable=True)
        region = Worded(_("Region"), region_label, orderable=True)

    table = UnitTable(units_for(request.actor, at), request, at)
    return file_of(request, table) or render(request, "units/unit_list.html", {"table": table})

In the template: `{% load django_tables2 %}{% render_table table %}`; `file_of` is that of
base/permissions/exports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar  # rows of whatever kind

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django_tables2 import Column, RequestConfig, Table

from reunion.base.documents.sheets import Form
from reunion.base.lists import MOST, ROWS
from reunion.base.zone import here

FILE = "file"
"""In the address: the form of the file that is wanted instead of the page."""


class Listing(Table):
    """A table that a request has sorted and opened at a page.

    A column sorts only where it says `orderable=True`, and only one that is stored may; rows that
    are alike in it stand in the order of their ids. How many rows a page has is not the reader's
    choice, and a page that there is not is the nearest one.

    Args:
        rows: those that the actor may see, in their usual order.
        at: the moment for which the page tells what is late.
    """

    caption: ClassVar[str | Promise]
    file: ClassVar[str] = ""
    """The name of a file with the rows; blank: they stay here."""
    address: str
    """Of the list, with all that was searched and chosen, from its first page on."""

    def __init__(
        self, rows: Iterable[Any], request: HttpRequest, at: datetime, **options: Any
    ) -> None:
        super().__init__(rows, orderable=False, **options)  # type: ignore[no-untyped-call]  # it has no types
        self.moment = at
        if request.GET.get("q"):
            self.empty_text = gettext("Nothing of this name or code.")
        self.address = f"{request.path}?{_asked(request).urlencode()}".rstrip("?")
        self.exports = [(form.name, _with_file(request, form)) for form in Form if self.file]
        RequestConfig(request, paginate=False).configure(self)
        if isinstance(self.data.data, QuerySet):
            self.data.data = _steady(self.data.data)
        self.paginator = Paginator(self.rows, ROWS)
        self.page = self.paginator.get_page(request.GET.get(self.prefixed_page_field))
        self.prepare(list(self.page.object_list.data))

    @property
    def is_large(self) -> bool:
        """Whether it has too many rows for one person to take along."""
        return int(self.paginator.count) > MOST

    def prepare(self, records: Sequence[Any]) -> None:
        """Read at once what these rows show beside themselves: the page's, or a file's."""


class Worded(Column):
    """What is stored, in words; it sorts as it is stored.

    Args:
        words: those of the cell.
        warning: what is said after it of a row at a moment, such as "late"; blank: nothing.
    """

    def __init__(
        self,
        label: str | Promise,
        words: Callable[[Any], str | Promise],
        warning: Callable[[Any, datetime], str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)  # type: ignore[no-untyped-call]  # it has no types
        self.words, self.warning = words, warning

    def render(  # type: ignore[override]  # by name, as the library calls it
        self, value: Any, record: Any, table: Listing
    ) -> str | Promise:
        warning = self.warning(record, table.moment) if self.warning else ""
        words = self.words(value)
        return format_html("{} <strong>{}</strong>", words, warning) if warning else words

    def value(self, value: Any) -> Any:  # type: ignore[override]  # the same
        return self.words(value)


class Dated(Worded):
    """A day or a moment: in words, and in a file as it is stored."""

    def value(self, value: date) -> date:  # type: ignore[override]  # the same
        return value


def day_cell(value: date) -> str:
    """A day as it is read."""
    return date_format(value, "DATE_FORMAT")


def moment_cell(value: datetime) -> SafeString:
    """A moment in the zone of the country, as people and programs read it."""
    shown = date_format(here(value), "SHORT_DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


def _steady(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows in their order, then by id: no row stands on two pages."""
    order = rows.query.order_by
    return (
        rows
        if order and str(order[-1]).lstrip("-") in {"pk", "id"}
        else rows.order_by(*order, "pk")
    )


def _asked(request: HttpRequest) -> QueryDict:
    """What makes the list, without the page and the form in which it is wanted."""
    asked = request.GET.copy()
    for name in ("page", FILE):
        asked.pop(name, None)
    return asked


def _with_file(request: HttpRequest, form: Form) -> str:
    wanted = _asked(request)
    wanted[FILE] = form.value
    return f"?{wanted.urlencode()}"
