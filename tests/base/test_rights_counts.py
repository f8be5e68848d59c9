"""No published count is small, and none can be worked out from the others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reunion.base.actor import Purpose
from reunion.base.audit.actions import record_read
from reunion.base.audit.models import AuditEntry
from reunion.base.errors import PurposeMissing, RuleBroken
from reunion.base.rights.access import published_searches, reads_by_purpose, searches_by_purpose
from reunion.base.rights.models import SearchNote
from reunion.base.rights.registers import note_search
from reunion.base.small_cells import SMALLEST, Published, published
from tests.base.two_people import record_at
from tests.cast import NOW, acting

pytestmark = pytest.mark.threat("T25")

COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=1), st.integers(0, 60))


@given(COUNTS)
def test_no_cell_is_small_and_what_is_left_of_the_total_is_not_small_either(
    counts: dict[str, int],
) -> None:
    shown = published(counts)
    assert shown.cells.keys() == counts.keys()
    for key, cell in shown.cells.items():
        assert cell is None or cell == counts[key] >= SMALLEST
    hidden = [key for key, cell in shown.cells.items() if cell is None]
    if shown.total is not None and hidden:
        rest = shown.total - sum(cell for cell in shown.cells.values() if cell is not None)
        assert len(hidden) > 1
        assert rest == sum(counts[key] for key in hidden) >= SMALLEST


@given(COUNTS)
def test_nothing_is_suppressed_without_need(counts: dict[str, int]) -> None:
    if counts and min(counts.values()) >= SMALLEST:
        assert dict(published(counts).cells) == counts


@pytest.mark.parametrize("cells", [1, 2, 3])
def test_whoever_knows_how_it_is_done_cannot_work_out_a_suppressed_cell(cells: int) -> None:
    """All small tables that look alike when published: a hidden cell differs among them."""
    alike: dict[tuple[tuple[int | None, ...], int | None], list[tuple[int, ...]]] = {}
    for table in product(range(28), repeat=cells):
        shown = published(dict(enumerate(table)))
        alike.setdefault((tuple(shown.cells.values()), shown.total), []).append(table)
    for (shown_cells, total), tables in alike.items():
        # Tables near the end of the range have partners outside it.
        if total is not None and total > 27:
            continue
        for at, cell in enumerate(shown_cells):
            if cell is None:
                assert len({table[at] for table in tables}) > 1, (shown_cells, total)


def searched(purpose: Purpose, at: datetime = NOW, case: str = "SYN-1") -> SearchNote:
    actor = acting("laboratory_analyst", "cn/15/").stating(purpose, case)
    return note_search(
        actor=actor, query="family", target="unknown", article="Synthetic Act 1", at=at
    )


@pytest.mark.django_db
@pytest.mark.threat("T14")
def test_the_counter_of_searches_equals_the_entries_of_the_trail() -> None:
    for number, purpose in enumerate(Purpose):
        for _ in range(number + 9):
            searched(purpose)
    officer = acting("data_protection_officer", "cn/", "rights.see")
    counts = searches_by_purpose(officer, date(2026, 3, 1), date(2026, 3, 31))
    entries = AuditEntry.objects.filter(act="search")
    assert sum(counts.values()) == entries.count()
    for purpose in Purpose:
        assert counts[purpose] == entries.filter(purpose=purpose).count()
    assert set(SearchNote.objects.values_list("entry", flat=True)) == {e.uuid for e in entries}
    shown = published_searches(date(2026, 3, 9), at=NOW + timedelta(31))
    assert shown == published(counts)
    assert shown.cells[Purpose.OWN_CASE] is None
    assert isinstance(shown, Published)


@pytest.mark.django_db
@pytest.mark.threat("T14")
def test_a_search_needs_a_purpose_a_case_and_a_legal_basis() -> None:
    without = acting("laboratory_analyst", "cn/")
    told: dict[str, Any] = {"query": "family", "target": "unknown", "at": NOW}
    for actor, article in [
        (without, "Synthetic Act 1"),
        (without.stating(Purpose.OWN_CASE), "Synthetic Act 1"),
        (without.stating(Purpose.OWN_CASE, " "), "Synthetic Act 1"),
        (without.stating(Purpose.OWN_CASE, "SYN-1"), " "),
    ]:
        with pytest.raises(PurposeMissing):
            note_search(actor=actor, article=article, **told)
    assert not SearchNote.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_a_month_is_published_when_it_is_over_in_the_zone_of_the_country() -> None:
    searched(Purpose.OWN_CASE)
    april = datetime.fromisoformat("2026-04-01T00:00+08:00")
    with pytest.raises(RuleBroken, match="month_is_over"):
        published_searches(date(2026, 3, 31), at=april - timedelta(seconds=1))
    assert published_searches(date(2026, 3, 31), at=april).total is None


@pytest.mark.django_db
def test_reads_are_counted_by_purpose_within_the_region_of_whoever_asks() -> None:
    subject = record_at()
    for region in ("cn/15/", "cn/15/1506/", "cn/65/"):
        reader = acting("case_officer", region).stating(Purpose.OWN_CASE, "SYN-1")
        record_read(actor=reader, subject=subject, what="address", at=NOW)
    officer = acting("data_protection_officer", "cn/15/", "rights.see")
    assert reads_by_purpose(officer, NOW.date(), NOW.date()) == {"own_case": 2}
    assert reads_by_purpose(officer, date(2026, 3, 3), date(2026, 3, 4)) == {}
