"""What the public leaves is sealed; it is there once, under a day, for one desk and one receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.db import Error, models
from django.db.models import Field
from pytest_django.fixtures import Settings

from reunion.base.audit.sources import Source
from reunion.base.errors import RuleBroken, ScopeMissing
from reunion.base.inbox.access import HOURLY_BUDGET, is_over_budget, item_of, transcript
from reunion.base.inbox.actions import PUBLIC, come_back, count_failure, spend, write_on
from reunion.base.inbox.models import (
    Excluded,
    FailedLookups,
    InboxEntry,
    Item,
    Message,
    SettledEntry,
    SpentTicket,
)
from reunion.base.inbox.rules import MOST_MESSAGES, Direction, ItemState, route
from reunion.base.inbox.sealing import (
    Recipient,
    open_body,
    open_message,
    unwrap_for,
    unwrap_for_sender,
)
from reunion.base.keyring import Keyring
from reunion.base.keys.envelope import EnvelopeDamaged, new_pair
from tests.base.desks import (
    COUNTY,
    NATION,
    PREFECTURE,
    PROVINCE,
    STORES,
    again,
    desk,
    message,
    receipt,
)
from tests.base.sealing import faults, seal_all
from tests.cast import NOW

pytestmark = pytest.mark.django_db(databases=STORES)

TEXT = "They keep her in the yellow house."


def back(folder: Path, number: int = 1, at: datetime = NOW) -> tuple[Item, bytes]:
    found = come_back(actor=PUBLIC, keys=receipt(number, Keyring(folder)), at=at)
    assert found is not None
    return found


def write(item: Item, key: bytes, text: str = "One more thing.", pk: UUID | None = None) -> Message:
    return write_on(
        actor=PUBLIC, item_id=item.pk, key=key, message_id=pk or uuid4(), text=text, at=NOW
    )


def test_the_receipt_opens_what_was_left(tmp_path: Path) -> None:
    desk(COUNTY)
    left = message(tmp_path)
    item, key = back(tmp_path)
    assert item == left
    assert [(line.direction, line.text) for line in transcript(item, key)] == [(Direction.IN, TEXT)]


def test_another_receipt_finds_nothing_and_is_counted(tmp_path: Path) -> None:
    desk(COUNTY)
    message(tmp_path)
    assert come_back(actor=PUBLIC, keys=receipt(2, Keyring(tmp_path)), at=NOW) is None
    assert FailedLookups.objects.get().failed == 1


def test_a_receipt_finds_nothing_once_the_pepper_is_another_one(tmp_path: Path) -> None:
    desk(COUNTY)
    message(tmp_path / "one")
    assert item_of(receipt(1, Keyring(tmp_path / "other"))) is None


def test_the_same_receipt_leaves_one_item(tmp_path: Path) -> None:
    desk(COUNTY)
    first, second = message(tmp_path), message(tmp_path, text="another text")
    assert first == second
    assert InboxEntry.objects.count() == 1


def test_an_item_moves_to_the_newest_pepper_when_its_sender_comes_back(tmp_path: Path) -> None:
    desk(COUNTY)
    before = message(tmp_path)
    Keyring(tmp_path).add("pepper")
    item, key = back(tmp_path)
    moved = again(item.pk)
    assert (before.pepper_version, moved.pepper_version) == (1, 2)
    assert bytes(moved.lookup) != before.lookup
    newest = receipt(1, Keyring(tmp_path))[0]
    assert unwrap_for_sender(newest.kek, item.pk, bytes(moved.for_sender)) == key


def test_no_text_stands_in_any_column_in_clear(tmp_path: Path) -> None:
    desk(COUNTY)
    item = message(tmp_path)
    _, key = back(tmp_path)
    write(item, key, "The man is called Wei.")
    raw = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for table in (Item.objects.unscoped(), Message.objects.all(), InboxEntry.objects.all())
        for row in table.values_list()
        for value in row
    ]
    assert not any(word in value for value in raw for word in (b"yellow", b"Wei", b"house"))


def test_texts_of_very_different_length_look_alike(tmp_path: Path) -> None:
    desk(COUNTY)
    lengths = {
        len(message(tmp_path, number, text="x" * length).body)
        for number, length in enumerate((1, 400, 900), 1)
    }
    assert len(lengths) == 1
    assert len(message(tmp_path, 9, text="x" * 1_500).body) - lengths.pop() == 1_024


@pytest.mark.threat("T1")
def test_no_column_that_tells_of_the_public_holds_a_time() -> None:
    tables: tuple[type[models.Model], ...] = (Item, Excluded, Message, SpentTicket, FailedLookups)
    fields: list[Field[object, object]] = [f for t in tables for f in t._meta.local_concrete_fields]
    assert [f.name for f in fields if isinstance(f, models.DateTimeField)] == []
    assert all(t._meta.pk.default is uuid4 for t in (Item, Excluded, Message))


@pytest.mark.threat("T1")
def test_the_entry_of_an_item_bears_the_end_of_its_day_for_whatever_moment(tmp_path: Path) -> None:
    desk(COUNTY)
    for number, hour in enumerate((0, 7, 23), 1):
        message(tmp_path, number, at=NOW.replace(hour=hour, minute=41))
    assert set(InboxEntry.objects.values_list("at", flat=True)) == {
        datetime(2026, 3, 3, tzinfo=UTC)
    }


@pytest.mark.threat("T1")
def test_the_signer_sees_an_entry_only_once_its_day_is_over(tmp_path: Path) -> None:
    desk(COUNTY)
    message(tmp_path, 1, at=NOW)
    message(tmp_path, 2, at=datetime.now(UTC) + timedelta(days=1))
    assert InboxEntry.objects.count() == 2
    assert [entry.at for entry in SettledEntry.objects.all()] == [datetime(2026, 3, 3, tzinfo=UTC)]


def test_the_signer_seals_the_entries_of_the_inbox(tmp_path: Path, settings: Settings) -> None:
    settings.AUDIT_SOURCES = ("audit.AuditEntry", "inbox.SettledEntry")
    desk(COUNTY)
    message(tmp_path / "public")
    seal_all(tmp_path)
    assert not faults(tmp_path)
    assert len(Source("inbox", "inbox_settledentry").after(0)) == 1


def test_entries_of_the_inbox_cannot_be_changed(tmp_path: Path) -> None:
    desk(COUNTY)
    message(tmp_path)
    with pytest.raises(Error, match="append-only"):
        InboxEntry.objects.update(act="nothing")


def test_a_message_that_is_sent_twice_is_there_once(tmp_path: Path) -> None:
    desk(COUNTY)
    message(tmp_path)
    item, key = back(tmp_path)
    pk = uuid4()
    assert write(item, key, pk=pk) == write(item, key, "other words", pk=pk)
    assert Message.objects.count() == 1


def test_a_message_opens_in_its_own_item_place_and_direction_only(tmp_path: Path) -> None:
    desk(COUNTY)
    one, other = message(tmp_path, 1), message(tmp_path, 2)
    _, key = back(tmp_path, 1)
    sent = write(one, key)
    sealed = bytes(sent.text)
    assert open_message(key, one.pk, 1, Direction.IN, sealed).text == "One more thing."
    _, other_key = back(tmp_path, 2)
    for item, number, direction, with_key in (
        (other.pk, 1, Direction.IN, key),
        (one.pk, 2, Direction.IN, key),
        (one.pk, 1, Direction.OUT, key),
        (one.pk, 1, Direction.IN, other_key),
    ):
        with pytest.raises(EnvelopeDamaged) as caught:
            open_message(with_key, item, number, direction, sealed)
        assert isinstance(caught.value.__cause__, InvalidTag)
    with pytest.raises(EnvelopeDamaged):
        open_body(key, one.pk, sealed)


def test_the_moment_of_writing_is_told_to_whoever_opens_it(tmp_path: Path) -> None:
    desk(COUNTY)
    item = message(tmp_path, at=NOW.replace(minute=41))
    _, key = back(tmp_path)
    assert transcript(item, key)[0].at == NOW.replace(minute=41)
    assert item.received_on == NOW.date()


def test_a_conversation_ends_after_its_most_messages_and_an_empty_text_is_none(
    tmp_path: Path,
) -> None:
    desk(COUNTY)
    message(tmp_path)
    item, key = back(tmp_path)
    for _ in range(MOST_MESSAGES):
        write(item, key)
    for text in ("one too many", "", " \n", "x" * 20_001):
        with pytest.raises(RuleBroken):
            write(item, key, text)
    with pytest.raises(RuleBroken):
        message(tmp_path, 7, text="  ")


def test_writing_on_brings_the_item_before_the_desk_again(tmp_path: Path) -> None:
    desk(COUNTY)
    message(tmp_path)
    item, key = back(tmp_path)
    Item.objects.unscoped().filter(pk=item.pk).update(state=ItemState.CLOSED)
    write(item, key)
    assert again(item.pk).state == ItemState.RECEIVED


@pytest.mark.threat("T5")
def test_the_budget_of_failed_lookups_is_one_for_each_hour() -> None:
    for _ in range(3):
        count_failure(at=NOW)
    count_failure(at=NOW + timedelta(hours=1))
    assert sorted(FailedLookups.objects.values_list("failed", flat=True)) == [1, 3]
    assert not is_over_budget(NOW)
    FailedLookups.objects.filter(failed=3).update(failed=HOURLY_BUDGET)
    assert is_over_budget(NOW)
    assert not is_over_budget(NOW + timedelta(hours=1))
    count_failure(at=NOW + timedelta(days=2, hours=1))
    assert FailedLookups.objects.count() == 2, "the first hour is long over"


def test_a_wait_ticket_is_good_once() -> None:
    assert [spend(ticket=b"a" * 32, at=NOW) for _ in range(2)] == [True, False]
    assert spend(ticket=b"b" * 32, at=NOW + timedelta(days=2))
    assert SpentTicket.objects.count() == 1


def test_items_are_not_given_without_saying_for_whom() -> None:
    with pytest.raises(ScopeMissing):
        Item.objects.all()


@pytest.mark.parametrize(
    ("excluded", "chosen"),
    [
        ((), COUNTY),
        ((COUNTY,), PREFECTURE),
        ((PREFECTURE,), PROVINCE),
        ((COUNTY, PREFECTURE, PROVINCE), NATION),
        (("cn/65/",), COUNTY),
        ((NATION,), None),
    ],
)
def test_what_a_sender_excludes_goes_to_the_desk_above(
    excluded: tuple[str, ...], chosen: str | None
) -> None:
    assert route(COUNTY, excluded, [NATION, PROVINCE, PREFECTURE, COUNTY]) == chosen


def test_a_region_without_a_desk_has_that_of_the_region_above() -> None:
    assert route(COUNTY, (), [NATION, PROVINCE]) == PROVINCE
    assert route(COUNTY, (), []) is None


def test_the_escrow_opens_what_the_desk_opens(tmp_path: Path) -> None:
    desk(COUNTY)
    private, public = new_pair()
    item = message(tmp_path, escrow=Recipient("1", public))
    _, key = back(tmp_path)
    assert item.for_escrow is not None
    assert unwrap_for(private, item.pk, bytes(item.for_escrow)) == key
    with pytest.raises(EnvelopeDamaged):
        unwrap_for(private, uuid4(), bytes(item.for_escrow))
