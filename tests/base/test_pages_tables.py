"""Lists: sorted by what is stored, page by page, taken along as files. All are invented."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import openpyxl
import pytest

from reunion.base.audit.actions import record
from reunion.base.audit.models import AuditEntry
from reunion.base.lists import MOST, ROWS
from reunion.base.units.models import Staff, Unit
from tests.base.matrix.asking import STORES
from tests.base.signing_in import Browser, member, with_key
from tests.base.two_people import COUNTY, OTHER_PROVINCE, PREFECTURE
from tests.cast import acting

pytestmark = [pytest.mark.django_db(databases=STORES), pytest.mark.database]

SYNTHETIC = "All people and data here are synthetic."


def staff(names: list[str], region: str = COUNTY) -> None:
    Staff.objects.unscoped().bulk_create(Staff(name=name, region=region) for name in names)


def administrator() -> Browser:
    return with_key(member("deng", "administrator", PREFECTURE))


def text(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def names(browser: Browser, address: str) -> list[str]:
    """Those of the invented people on a page of the list of staff, in its order."""
    return re.findall(r">(Invented \d+)</a>", text(browser, address))


def taken(browser: Browser, address: str) -> bytes:
    answer = browser.get(address)
    assert answer.status_code == 200
    return b"".join(answer)


def exports() -> int:
    return AuditEntry.objects.filter(act="export", role="administrator").count()


def test_a_head_sorts_both_ways_and_keeps_the_search() -> None:
    browser = administrator()
    staff([f"Invented {n}" for n in (2, 3, 1)])
    assert names(browser, "/staff/?q=Invented&sort=name") == [f"Invented {n}" for n in (1, 2, 3)]
    assert names(browser, "/staff/?q=Invented&sort=-name") == [f"Invented {n}" for n in (3, 2, 1)]
    page = text(browser, "/staff/?q=Invented&sort=name")
    assert 'aria-sort="ascending"' in page
    assert "q=Invented&amp;sort=-name" in page


def test_rows_that_are_alike_stand_on_one_page_only() -> None:
    browser = administrator()
    staff([f"Invented {n}" for n in range(3 * ROWS)])
    search = "/staff/?q=Invented&sort=-region&page="
    pages = [names(browser, f"{search}{number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [ROWS] * 3
    assert len({name for page in pages for name in page}) == 3 * ROWS


def test_what_is_not_stored_sorts_nothing() -> None:
    browser = administrator()
    for code, name in (("a-1", "Zebra"), ("a-2", "Aardvark")):
        Unit.objects.unscoped().create(
            code=code, kind="police", level="county", region=COUNTY, name_en=name, name=name,
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
    for sort in ("name", "version", "staff__password", "code,-name", "\0"):
        page = text(browser, f"/units/?q=a-&sort={sort}")
        assert page.index("Zebra") < page.index("Aardvark")


def test_a_file_has_the_rows_of_all_pages_as_they_are_seen_and_is_recorded() -> None:
    browser = administrator()
    staff([f"Invented {n:02}" for n in range(ROWS)] + ["=1+1 Invented"])
    staff(["Invented far away"], OTHER_PROVINCE)
    page = text(browser, "/staff/?q=Invented&sort=-name")
    assert "?q=Invented&amp;sort=-name&amp;file=xlsx" in page
    assert exports() == 0
    file = taken(browser, "/staff/?q=Invented&sort=-name&page=2&file=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    first, head, *rows = sheet.iter_rows()
    assert first[0].value == SYNTHETIC
    assert [cell.value for cell in head] == ["Name", "Region"]
    wanted = [f"Invented {n:02}" for n in reversed(range(ROWS))]
    assert [row[0].value for row in rows] == [*wanted, "=1+1 Invented"]
    assert rows[-1][0].data_type == "s", "it is a text, which nobody works out"
    assert rows[-1][1].value == text_of_region(page)
    assert exports() == 1


def text_of_region(page: str) -> str:
    """What the list calls the region of its first row."""
    found = re.search(r"</a></td><td[^>]*>([^<]+)</td>", page)
    assert found is not None
    return found[1]


def test_a_csv_file_says_the_same_and_defuses_formulas() -> None:
    browser = administrator()
    staff(["Invented 1", "=1+1 Invented"])
    file = taken(browser, "/staff/?q=Invented&sort=-name&file=csv").decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(file)))
    assert [line[0] for line in lines] == [SYNTHETIC, "Name", "Invented 1", "'=1+1 Invented"]


def test_days_and_moments_stay_what_they_are_in_a_file() -> None:
    browser, auditor = administrator(), with_key(member("lian", "auditor", COUNTY))
    unit = Unit.objects.unscoped().create(
        code="a-1", kind="police", level="county", region=COUNTY, name_en="Invented", name="虚构",
        valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 3),
    )  # fmt: skip
    file = taken(browser, "/units/?q=a-1&file=xlsx")
    assert openpyxl.load_workbook(io.BytesIO(file)).active["E3"].value == datetime(2026, 2, 3)  # noqa: DTZ001  # a cell knows no zone
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    record(actor=acting("case_officer", COUNTY), act="read_name", subject=unit, at=at)
    file = taken(auditor, "/audit/entries/?act=read_name&file=xlsx")
    row = openpyxl.load_workbook(io.BytesIO(file)).active[3]
    assert row[0].value == datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001  # the same
    assert [cell.value for cell in row[1:3]] == ["read_name", "Unit"]


def test_too_many_rows_are_refused_with_a_sentence_and_nothing_is_recorded() -> None:
    browser = administrator()
    staff([f"Invented {n}" for n in range(MOST + 1)])
    answer = browser.get("/staff/?q=Invented&file=csv")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/staff/?q=Invented"
    assert "Nobody takes more than 500 rows alone." in text(browser, answer.headers["Location"])
    assert exports() == 0
    assert len(taken(browser, "/staff/?q=Invented 5&file=csv").splitlines()) == 2 + 12


@pytest.mark.parametrize("form", ["", "pdf", "CSV", "\0"])
def test_a_form_that_there_is_not_is_the_page(form: str) -> None:
    assert "<h1>Staff</h1>" in text(administrator(), f"/staff/?file={form}")
    assert exports() == 0
