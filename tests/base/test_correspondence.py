"""Desks open what was sent to them, answer it, and see nothing of other desks."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from reunion.base.actor import system
from reunion.base.audit.models import AuditEntry, Step
from reunion.base.correspondence.access import (
    data_key_of,
    item_for,
    items_for,
    limits_at,
    private_part,
)
from reunion.base.correspondence.actions import (
    announce_escrow,
    answer,
    close,
    close_desk,
    open_desk,
    read_item,
    rotate_desk,
    route_up,
    take_up,
    tell_of_guessing,
    tell_of_late_items,
)
from reunion.base.correspondence.models import Desk, DeskKey, GuessingAlarm
from reunion.base.errors import ChangedMeanwhile, MoveRefused, NotFound, NotPermitted, RuleBroken
from reunion.base.inbox.access import HOURLY_BUDGET, hour_of, transcript
from reunion.base.inbox.actions import PUBLIC, come_back, write_on
from reunion.base.inbox.models import FailedLookups, Item
from reunion.base.inbox.rules import Direction, ItemState, is_late
from reunion.base.inbox.sealing import unwrap_for
from reunion.base.keyring import Keyring
from reunion.base.keys.envelope import EnvelopeDamaged
from reunion.base.keys.models import Escrow
from reunion.base.notices.models import Notice
from reunion.base.permissions.actions import exclude
from reunion.base.publication.actions import carry_over
from reunion.base.published.access import DESK_KEY, ESCROW_KEY, one_shown, shown
from reunion.packs.jurisdiction import load_jurisdiction
from tests.base.desks import (
    COUNTY,
    NATION,
    OTHER_PROVINCE,
    PREFECTURE,
    PROVINCE,
    STORES,
    again,
    desk,
    keeper,
    message,
    officer,
    receipt,
    unit,
)
from tests.base.signing_in import member, with_key
from tests.cast import NOW, acting, outsider

pytestmark = pytest.mark.django_db(databases=STORES)


def test_an_officer_reads_and_the_reading_is_recorded(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    left = message(tmp_path)
    item, lines = read_item(actor=hao, item_id=left.pk, at=NOW)
    assert [line.text for line in lines] == ["They keep her in the yellow house."]
    assert item.state == ItemState.READ
    acts = AuditEntry.objects.filter(subject=left.pk).order_by("id").values_list("act", "staff")
    assert list(acts) == [("read_conversation", hao.staff), ("item.read", hao.staff)]


def test_an_answer_reaches_the_sender_without_a_name(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    left = message(tmp_path)
    item, _ = read_item(actor=hao, item_id=left.pk, at=NOW)
    answer(actor=hao, item_id=item.pk, text="Which street?", at=NOW, version=item.version)
    found = come_back(actor=PUBLIC, keys=receipt(1, Keyring(tmp_path)), at=NOW)
    assert found is not None
    lines = transcript(*found)
    assert (lines[-1].direction, lines[-1].text) == (Direction.OUT, "Which street?")
    assert found[0].state == ItemState.ANSWERED
    assert again(left.pk).messages.get().read_on == NOW.date()


def test_both_sides_read_the_same_conversation(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    pk = message(tmp_path).pk
    keys = receipt(1, Keyring(tmp_path))
    for turn in range(4):
        item, _ = read_item(actor=hao, item_id=pk, at=NOW)
        answer(actor=hao, item_id=pk, text=f"question {turn}", at=NOW, version=item.version)
        found = come_back(actor=PUBLIC, keys=keys, at=NOW)
        assert found is not None
        write_on(actor=PUBLIC, item_id=pk, key=found[1], message_id=uuid4(), text=f"{turn}", at=NOW)
    found = come_back(actor=PUBLIC, keys=keys, at=NOW)
    assert found is not None
    assert transcript(*found) == read_item(actor=hao, item_id=pk, at=NOW)[1]


def test_an_item_is_taken_up_closed_and_opened_again_by_its_sender(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    pk = message(tmp_path).pk
    item, _ = read_item(actor=hao, item_id=pk, at=NOW)
    taken = take_up(actor=hao, item_id=pk, at=NOW, version=item.version)
    closed = close(actor=hao, item_id=pk, reason="answered by phone", at=NOW, version=taken.version)
    assert closed.state == ItemState.CLOSED
    steps = Step.objects.filter(subject=pk).order_by("id").values_list("move", "reason")
    assert list(steps) == [("read", ""), ("take_up", ""), ("close", "answered by phone")]
    found = come_back(actor=PUBLIC, keys=receipt(1, Keyring(tmp_path)), at=NOW)
    assert found is not None
    write_on(actor=PUBLIC, item_id=pk, key=found[1], message_id=uuid4(), text="no", at=NOW)
    assert again(pk).state == ItemState.RECEIVED


def test_a_move_needs_the_state_the_version_and_a_reason(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    pk = message(tmp_path).pk
    with pytest.raises(MoveRefused):
        take_up(actor=hao, item_id=pk, at=NOW, version=1)
    item, _ = read_item(actor=hao, item_id=pk, at=NOW)
    with pytest.raises(ChangedMeanwhile):
        take_up(actor=hao, item_id=pk, at=NOW, version=item.version - 1)
    with pytest.raises(RuleBroken):
        close(actor=hao, item_id=pk, reason=" ", at=NOW, version=item.version)


def test_an_act_that_is_refused_leaves_no_entry_and_no_message(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    pk = message(tmp_path).pk
    with pytest.raises(MoveRefused):
        answer(actor=hao, item_id=pk, text="too early", at=NOW, version=1)
    assert not again(pk).messages.exists()
    assert not AuditEntry.objects.filter(subject=pk).exists()


def test_whoever_may_only_see_does_not_answer(tmp_path: Path) -> None:
    reader = officer(desk(COUNTY), COUNTY, "correspondence.see")
    pk = message(tmp_path).pk
    item, _ = read_item(actor=reader, item_id=pk, at=NOW)
    with pytest.raises(NotFound):
        answer(actor=reader, item_id=pk, text="x", at=NOW, version=item.version)


@pytest.mark.threat("T4")
def test_a_desk_opens_no_item_of_another(tmp_path: Path) -> None:
    here, there = desk(COUNTY), desk(OTHER_PROVINCE)
    mine, theirs = message(tmp_path, 1), message(tmp_path, 2, region=OTHER_PROVINCE)
    assert list(items_for(officer(here))) == [mine]
    with pytest.raises(NotFound):
        read_item(actor=officer(here), item_id=theirs.pk, at=NOW)
    private = private_part(here.keys.get())
    with pytest.raises(EnvelopeDamaged):
        unwrap_for(private, theirs.pk, bytes(theirs.for_desk))
    with pytest.raises(EnvelopeDamaged):
        unwrap_for(private, theirs.pk, bytes(mine.for_desk))
    assert private_part(there.keys.get()) != private


def test_an_officer_above_who_is_not_of_the_desk_sees_nothing(tmp_path: Path) -> None:
    desk(COUNTY)
    pk = message(tmp_path).pk
    for stranger in (
        officer(desk(PROVINCE)),
        acting("case_officer", COUNTY, "correspondence.see"),
        acting("case_officer", NATION, "correspondence.see"),
    ):
        assert list(items_for(stranger)) == []
        with pytest.raises(NotFound):
            item_for(stranger, pk)
    with pytest.raises(NotPermitted):
        items_for(outsider())


@pytest.mark.threat("T3")
def test_what_a_sender_excludes_is_hidden_from_every_post_there(tmp_path: Path) -> None:
    for region in (NATION, PROVINCE, PREFECTURE, COUNTY):
        desk(region)
    left = message(tmp_path, excluded=(COUNTY,))
    above = desk(PREFECTURE)
    assert list(items_for(officer(above))) == [left]
    assert list(items_for(officer(desk(COUNTY)))) == []
    # A post at the desk above that is for the county alone is in the county too.
    assert list(items_for(officer(above, COUNTY))) == []


@pytest.mark.threat("T3")
def test_of_many_random_items_none_is_seen_by_anybody_who_was_excluded(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 # a draw of tests
    regions = load_jurisdiction("cn").regions
    levels = (NATION, PROVINCE, PREFECTURE, COUNTY, "cn/65/", "cn/15/1507/")
    desks = [desk(region) for region in levels if regions.find(region)]
    below = [r.path for r in regions.within(PROVINCE)]
    for number in range(300):
        region = chance.choice(below)
        hidden = [p for p in (region, PREFECTURE, PROVINCE, COUNTY) if chance.random() < 0.3]
        message(tmp_path, number, region=region, excluded=tuple(hidden))
    seen = 0
    for one in desks:
        for scope in {one.region, COUNTY, PREFECTURE}:
            if scope.startswith(one.region):
                for item in items_for(officer(one, scope)):
                    paths = item.excluded.values_list("path", flat=True)
                    assert not any(scope.startswith(path) for path in paths)
                    assert not any(one.region.startswith(path) for path in paths)
                    seen += 1
    assert seen > 100


def test_the_first_reader_gives_an_item_to_the_desk_above_and_loses_it(tmp_path: Path) -> None:
    below, above = desk(COUNTY), desk(PREFECTURE)
    hao = officer(below)
    pk = message(tmp_path).pk
    item, _ = read_item(actor=hao, item_id=pk, at=NOW)
    route_up(actor=hao, item_id=pk, path=COUNTY, at=NOW, version=item.version)
    with pytest.raises(NotFound):
        read_item(actor=hao, item_id=pk, at=NOW)
    with pytest.raises(EnvelopeDamaged):
        unwrap_for(private_part(below.keys.get()), pk, bytes(again(pk).for_desk))
    assert read_item(actor=officer(above), item_id=pk, at=NOW)[1][0].text.startswith("They keep")
    found = come_back(actor=PUBLIC, keys=receipt(1, Keyring(tmp_path)), at=NOW)
    assert found is not None


def test_an_item_is_not_routed_where_no_desk_is_left(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    item, _ = read_item(actor=hao, item_id=message(tmp_path).pk, at=NOW)
    for path in (COUNTY, OTHER_PROVINCE, ""):
        with pytest.raises(RuleBroken):
            route_up(actor=hao, item_id=item.pk, path=path, at=NOW, version=item.version)


def test_another_room_can_hide_an_item_from_somebody(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    item = message(tmp_path)
    exclude(actor=hao, subject=item, basis="tips.named", at=NOW, staff=hao.staff)
    assert list(items_for(hao)) == []


def test_after_a_rotation_old_items_open_and_new_ones_have_the_new_key(tmp_path: Path) -> None:
    one = desk(COUNTY)
    old = message(tmp_path, 1)
    row = rotate_desk(actor=keeper(), desk_id=one.pk, at=NOW)
    new = message(tmp_path, 2)
    assert new.desk_key == row.pk
    assert old.desk_key != row.pk
    assert {item.pk for item in items_for(officer(one))} == {old.pk, new.pk}
    assert read_item(actor=officer(one), item_id=old.pk, at=NOW)
    carry_over(at=NOW)
    published = one_shown(DESK_KEY, str(one.pk), NOW)
    assert published is not None
    assert published.body == {"key": str(row.pk), "public": bytes(row.public).hex()}


def test_a_new_key_of_desks_seals_and_the_old_one_still_opens(
    tmp_path: Path, settings: Settings
) -> None:
    one = desk(COUNTY)
    pk = message(tmp_path).pk
    settings.KEYRING.add("desk")
    rotate_desk(actor=keeper(), desk_id=one.pk, at=NOW)
    assert read_item(actor=officer(one), item_id=pk, at=NOW)


def test_a_private_part_moved_to_another_desk_does_not_open() -> None:
    here, there = desk(COUNTY).keys.get(), desk(PROVINCE).keys.get()
    there.private = here.private
    with pytest.raises(EnvelopeDamaged):
        private_part(there)


def test_a_closed_desk_receives_nothing_and_keeps_what_it_has(tmp_path: Path) -> None:
    one = desk(COUNTY)
    pk = message(tmp_path).pk
    close_desk(actor=keeper(), desk_id=one.pk, at=NOW)
    carry_over(at=NOW)
    assert not shown(DESK_KEY, NOW).exists()
    assert read_item(actor=officer(one), item_id=pk, at=NOW)
    with pytest.raises(RuleBroken):
        rotate_desk(actor=keeper(), desk_id=one.pk, at=NOW)


def test_a_region_has_one_desk_and_an_outsider_opens_none() -> None:
    one = desk(COUNTY)
    with pytest.raises(RuleBroken):
        open_desk(actor=keeper(), unit_id=unit(COUNTY, "civil_affairs").pk, at=NOW)
    for stranger in (outsider(), keeper(OTHER_PROVINCE)):
        with pytest.raises((NotFound, NotPermitted)):
            open_desk(actor=stranger, unit_id=unit(PREFECTURE).pk, at=NOW)
        with pytest.raises(NotFound):
            rotate_desk(actor=stranger, desk_id=one.pk, at=NOW)
    assert DeskKey.objects.count() == 1


def test_the_newest_escrow_is_announced_once() -> None:
    actor = system("test")
    assert not announce_escrow(actor=actor, at=NOW)
    Escrow.objects.create(number=1, public=bytes(32), sheet="{}", created_at=NOW)
    assert announce_escrow(actor=actor, at=NOW)
    assert not announce_escrow(actor=actor, at=NOW)
    carry_over(at=NOW)
    found = one_shown(ESCROW_KEY, "newest", NOW)
    assert found is not None
    assert found.body["number"] == 1


@pytest.mark.threat("T5")
def test_the_highest_desk_is_told_once_of_an_hour_in_which_somebody_guesses() -> None:
    desk(COUNTY)
    top = desk(NATION)
    FailedLookups.objects.create(hour=hour_of(NOW), failed=HOURLY_BUDGET)
    FailedLookups.objects.create(hour=hour_of(NOW) - 1, failed=HOURLY_BUDGET - 1)
    later = NOW + timedelta(minutes=5)
    for at in (NOW, later):
        tell_of_guessing(actor=system("test"), at=at)
    assert GuessingAlarm.objects.count() == 1
    assert [notice.unit for notice in Notice.objects.all()] == [top.unit_id]


def test_items_that_wait_too_long_are_late(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    left = message(tmp_path)

    def late(days: int) -> bool:
        limits = limits_at(NOW + timedelta(days=days))
        found = left in items_for(hao).late(limits)
        item = again(left.pk)
        assert is_late(ItemState(item.state), item.waits_since, limits) == found
        return found

    assert [late(days) for days in (7, 8)] == [False, True]
    read_item(actor=hao, item_id=left.pk, at=NOW)
    # The 90th day is a Sunday: the time ends on the Monday after it.
    assert [late(days) for days in (8, 90, 91, 92)] == [False, False, False, True]
    written = NOW + timedelta(days=100)
    write_more(tmp_path, left, written)
    assert [late(days) for days in (100, 107, 108)] == [False, False, True]
    read_item(actor=hao, item_id=left.pk, at=written)
    assert [late(days) for days in (108, 190, 195)] == [False, False, True]


def test_the_unit_above_is_told_of_a_late_item_once_for_each_time_that_it_waits(
    tmp_path: Path,
) -> None:
    clock = system("correspondence.tell_late")
    above, here = desk(PREFECTURE).unit, desk(COUNTY).unit
    here.parent = above
    here.save()
    left = message(tmp_path)

    def told(days: int) -> int:
        return tell_of_late_items(actor=clock, at=NOW + timedelta(days=days))

    assert [told(days) for days in (7, 8, 8, 20)] == [0, 1, 0, 0]
    read_item(actor=officer(desk(COUNTY)), item_id=left.pk, at=NOW + timedelta(days=20))
    write_more(tmp_path, left, NOW + timedelta(days=21))
    assert [told(days) for days in (22, 29, 30)] == [0, 1, 0]
    notices = Notice.objects.filter(what="correspondence.late", subject=left.pk)
    assert [notice.unit for notice in notices] == [above.pk, above.pk]


def write_more(folder: Path, item: Item, at: datetime) -> None:
    """The sender comes back with the receipt, and writes once more."""
    found = come_back(actor=PUBLIC, keys=receipt(1, Keyring(folder)), at=at)
    assert found is not None
    write_on(
        actor=PUBLIC, item_id=item.pk, key=found[1], message_id=uuid4(), text="And now?", at=at
    )


def test_a_closed_desk_is_opened_anew_and_still_reads_its_old_letters(tmp_path: Path) -> None:
    first = desk(COUNTY)
    hao, old = officer(first), message(tmp_path, 1)
    close_desk(actor=keeper(), desk_id=first.pk, at=NOW)
    second = open_desk(actor=keeper(), unit_id=first.unit_id, at=NOW)
    with pytest.raises(RuleBroken, match="one_desk_of_a_region"):
        open_desk(actor=keeper(), unit_id=first.unit_id, at=NOW)
    new = message(tmp_path, 2, text="They moved.")
    assert new.desk_key == second.keys.get().pk != old.desk_key
    texts = [read_item(actor=hao, item_id=item.pk, at=NOW)[1][0].text for item in (old, new)]
    assert texts == ["They keep her in the yellow house.", "They moved."]
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.unscoped().create(unit=first.unit, region=PREFECTURE)


def test_what_somebody_changed_in_the_database_is_not_shown(tmp_path: Path) -> None:
    hao = officer(desk(COUNTY))
    one, other = message(tmp_path, 1), message(tmp_path, 2, text="another")
    Item.objects.unscoped().filter(pk=one.pk).update(body=other.body)
    with pytest.raises(EnvelopeDamaged):
        read_item(actor=hao, item_id=one.pk, at=NOW)
    assert data_key_of(again(other.pk)) != data_key_of(again(one.pk))


# The pages.


def test_an_officer_reads_answers_and_closes_on_pages(tmp_path: Path) -> None:
    desk(COUNTY)
    browser = with_key(member("hao", "case_officer", COUNTY))
    pk = message(tmp_path).pk
    page = f"/items/{pk}/"
    assert page in browser.get("/items/").content.decode()
    text = browser.get(page).content.decode()
    assert "yellow house" in text
    version = again(pk).version
    browser.send(f"{page}answer/", f"{page}answer/", text="Which street?", version=str(version))
    assert "Which street?" in browser.get(page).content.decode()
    version = again(pk).version
    browser.send(page, f"{page}close/", reason="done", version=str(version))
    assert again(pk).state == ItemState.CLOSED
    listed = browser.get("/items/").content.decode()
    assert page not in listed
    assert 'href="?all=1"' in listed
    assert page in browser.get("/items/?all=1").content.decode()


def test_pages_of_another_desk_look_as_if_they_did_not_exist(tmp_path: Path) -> None:
    desk(COUNTY)
    pk = message(tmp_path).pk
    stranger = with_key(member("qiao", "case_officer", OTHER_PROVINCE))
    pages = [f"/items/{pk}/", f"/items/{pk}/answer/", f"/items/{pk}/route/", f"/items/{uuid4()}/"]
    assert {stranger.get(page).status_code for page in pages} == {404}
    assert {stranger.get("/desks/").status_code} == {404}
    assert again(pk).state == ItemState.RECEIVED
