"""Tables, letters and meetings as files, read back by other programs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from reunion.base.documents.letters import EAST_ASIAN, Letter, first_template, letter_docx
from reunion.base.documents.meetings import Meeting, Office, cancellation, invitation
from reunion.base.documents.sheets import FORMULA, Form, Value, sheet, sheet_answer
from reunion.base.errors import RuleBroken

AT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
ROWS: list[list[Value]] = [
    ["张三", "110101199003071234", "007", 5, Decimal("1.5"), date(2026, 3, 3), AT, None, True],
    ["=1+1", "+86", "@x", -5, 0, None, None, "-", "\t="],
]
HEAD = ["Name", "Number", "Code", "Count", "Share", "Day", "At", "Note", "Yes"]


def as_csv(rows: list[list[Value]], head: list[str], *, synthetic: bool = False) -> list[list[str]]:
    pieces = sheet(Form.CSV, head, rows, title="x", is_synthetic=synthetic)
    text = b"".join(pieces).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def as_xlsx(rows: list[list[Value]], head: list[str]) -> openpyxl.worksheet.worksheet.Worksheet:
    pieces = sheet(Form.XLSX, head, rows, title="A: list?", is_synthetic=True)
    return openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).active


def test_a_csv_file_has_its_mark_its_head_and_texts_that_compute_nothing() -> None:
    raw = b"".join(sheet(Form.CSV, HEAD, ROWS, title="x", is_synthetic=True))
    assert raw.startswith(b"\xef\xbb\xbf")
    first, head, one, two = as_csv(ROWS, HEAD, synthetic=True)
    assert first == ["All people and data here are synthetic."]
    assert head == HEAD
    assert one[:6] == ["张三", "110101199003071234", "007", "5", "1.5", "2026-03-03"]
    assert one[6] == "2026-03-03 00:30+08:00"
    assert two == ["'=1+1", "'+86", "'@x", "-5", "0", "", "", "'-", "'\t="]
    assert as_csv([], HEAD) == [HEAD]


def test_an_xlsx_file_keeps_numbers_and_texts_apart_and_computes_nothing() -> None:
    page = as_xlsx(ROWS, HEAD)
    assert page.title == "A  list "
    assert page["A1"].value == "All people and data here are synthetic."
    assert [cell.value for cell in page[2]] == HEAD
    assert page.freeze_panes == "A3"
    one, two = page[3], page[4]
    assert [cell.data_type for cell in one[:5]] == ["s", "s", "s", "n", "n"]
    assert (one[1].value, one[2].value, one[4].value) == ("110101199003071234", "007", 1.5)
    assert one[5].value == datetime(2026, 3, 3)  # noqa: DTZ001  # a cell knows no zone
    assert one[6].value == datetime(2026, 3, 3, 0, 30)  # noqa: DTZ001  # the same
    assert [cell.data_type for cell in two] == ["s", "s", "s", "n", "n", "n", "n", "s", "s"]
    assert all(two[at].quotePrefix for at in (0, 1, 2, 7, 8))
    assert not one[0].quotePrefix


@given(st.text(min_size=1, max_size=30))
def test_no_text_becomes_a_formula_and_none_is_lost(text: str) -> None:
    text = text.encode(errors="ignore").decode() or "x"
    ((_, first), (_, second)) = as_csv([["a", text]], ["h", text])
    for read in (first, second):
        assert not read.startswith(FORMULA)
        assert read.removeprefix("'") == text.removeprefix("'")
    cell = as_xlsx([[text]], ["h"])["A3"]
    assert cell.data_type != "f"


def test_rows_are_read_one_by_one() -> None:
    taken = []

    def rows() -> object:
        for number in range(100_000):
            taken.append(number)
            yield [number, "x" * 10]

    pieces = sheet(Form.CSV, ["n", "x"], rows(), title="x", is_synthetic=False)  # type: ignore[arg-type]  # an iterator
    next(pieces)
    assert len(taken) < 10_000


@pytest.mark.parametrize("form", Form)
def test_a_file_is_a_download_under_its_name(form: Form) -> None:
    answer = sheet_answer(form, HEAD, ROWS, title="x", name="list", is_synthetic=True)
    assert answer["Content-Disposition"] == f'attachment; filename="list.{form.value}"'
    start = b"".join(answer)[:4]
    assert start.startswith({Form.CSV: b"\xef\xbb\xbf", Form.XLSX: b"PK"}[form])


def letter(**changed: object) -> Letter:
    values: dict[str, object] = {
        "sender": "虚构公安局 <&>",
        "number": "No. 7",
        "recipient": "Invented laboratory",
        "title": "Request & answer",
        "paragraphs": ["First {{ 7 * 7 }} <b>", "第二段"],
        "at": AT,
        "is_synthetic": True,
        "head": ["Code", "Day"],
        "rows": [["ZZ-1 & 2", "3"], ["ZZ-3", "4"]],
    }
    return Letter(**{**values, **changed})  # type: ignore[arg-type]  # as above, or as a test says


def test_a_letter_has_its_texts_its_table_and_a_font_for_chinese() -> None:
    made = Document(io.BytesIO(letter_docx(letter())))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts == ["Request & answer", "虚构公安局 <&>", "No. 7", "Invented laboratory",
                     "First {{ 7 * 7 }} <b>", "第二段", "March 3, 2026"]  # fmt: skip
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Code", "Day"],
        ["ZZ-1 & 2", "3"],
        ["ZZ-3", "4"],
    ]
    assert made.sections[0].header.paragraphs[0].text == "All people and data here are synthetic."
    fonts = made.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == EAST_ASIAN
    core = made.core_properties
    assert (core.author, core.title) == ("Reunion", "Request & answer")
    assert core.created == AT


def test_a_letter_without_rows_has_no_table_and_speaks_the_language_of_the_page() -> None:
    with translation.override("zh-hans"):
        made = Document(io.BytesIO(letter_docx(letter(rows=[], head=[]))))
    assert made.tables == []
    assert made.paragraphs[-1].text == "2026年3月3日"
    assert made.sections[0].header.paragraphs[0].text.startswith("这里的人和数据")


def of_an_office(tag: str) -> bytes:
    own = Document(io.BytesIO(first_template()))
    own.add_paragraph(tag)
    out = io.BytesIO()
    own.save(out)
    return out.getvalue()


def test_an_office_fills_its_own_template() -> None:
    made = Document(io.BytesIO(letter_docx(letter(), of_an_office("Our {{ number }}"))))
    assert made.paragraphs[-1].text == "Our No. 7"


@pytest.mark.parametrize(
    "tag",
    [
        "{{ nothing }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for x in %}",
        "{{ 1/0 }}",
        "{{ 1 + number }}",
        "{% for x in range(10 ** 9) %}x{% endfor %}",
    ],
)
def test_a_template_with_other_tags_is_refused(tag: str) -> None:
    with pytest.raises(RuleBroken):
        letter_docx(letter(), of_an_office(tag))


def test_what_is_no_word_file_is_refused() -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for template in (b"not a zip", empty.getvalue()):
        with pytest.raises(RuleBroken):
            letter_docx(letter(), template)


OFFICE = Office("虚构; 办公室, 一", "office@reunion.example")


def meeting(**changed: object) -> Meeting:
    values: dict[str, object] = {
        "uid": UUID(int=7),
        "sequence": 0,
        "title": "联席会议",
        "place": "Hall; 1",
        "agenda": "One\nTwo",
        "starts": AT,
        "lasts": timedelta(hours=2),
        "organiser": OFFICE,
        "attendees": [Office("Police", "police@reunion.example"), OFFICE],
        "is_synthetic": True,
    }
    return Meeting(**{**values, **changed})  # type: ignore[arg-type]  # as above, or as a test says


def event_of(file: bytes) -> tuple[Calendar, Any]:
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return calendar, event


def test_an_invitation_goes_from_office_to_offices() -> None:
    calendar, event = event_of(invitation(meeting(), at=AT))
    assert (str(calendar["METHOD"]), str(calendar["VERSION"])) == ("REQUEST", "2.0")
    assert (str(event["UID"]), int(event["SEQUENCE"])) == (f"{UUID(int=7)}@reunion", 0)
    assert event.start == AT
    assert event.end == AT + timedelta(hours=2)
    assert event["DTSTAMP"].dt == AT
    assert str(event["SUMMARY"]) == "联席会议"
    assert str(event["LOCATION"]) == "Hall; 1"
    assert str(event["DESCRIPTION"]) == "All people and data here are synthetic.\n\nOne\nTwo"
    assert str(event["ORGANIZER"]) == "mailto:office@reunion.example"
    assert [str(one) for one in event["ATTENDEE"]] == ["mailto:police@reunion.example",
                                                       "mailto:office@reunion.example"]  # fmt: skip
    assert event["ATTENDEE"][1].params["CN"] == "虚构; 办公室, 一"
    assert calendar.timezones == []
    assert "RRULE" not in event


def test_a_change_raises_the_sequence_and_a_cancellation_takes_it_out() -> None:
    _, changed = event_of(invitation(meeting(sequence=1, place="Hall 2"), at=AT))
    calendar, cancelled = event_of(cancellation(meeting(sequence=2), at=AT))
    assert changed["UID"] == cancelled["UID"]
    assert (int(changed["SEQUENCE"]), int(cancelled["SEQUENCE"])) == (1, 2)
    assert (str(calendar["METHOD"]), str(cancelled["STATUS"])) == ("CANCEL", "CANCELLED")


def test_a_meeting_comes_again_every_six_months_at_the_same_time_of_the_country() -> None:
    calendar, event = event_of(invitation(meeting(is_six_monthly=True), at=AT))
    assert event["RRULE"] == {"FREQ": ["MONTHLY"], "INTERVAL": [6]}
    local = datetime(2026, 3, 3, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert event.start == local
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Shanghai"]


@pytest.mark.parametrize(
    "changed",
    [
        {"lasts": timedelta()},
        {"is_six_monthly": True, "starts": datetime(2026, 8, 30, 20, tzinfo=UTC)},
    ],
)
def test_a_meeting_that_would_not_take_place_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        meeting(**changed)


@pytest.mark.parametrize("mailbox", ["office", "a@b", "a@b.example\nATTENDEE:x", "mailto:a@b.c d"])
def test_an_office_has_a_mailbox(mailbox: str) -> None:
    with pytest.raises(RuleBroken):
        Office("Police", mailbox)
