"""A person is found by name, sound, phone, number and date, through keyed tokens alone."""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from reunion.base.keyring import Keyring
from reunion.base.keys.access import find
from reunion.base.keys.actions import index_person
from reunion.base.keys.models import SearchToken
from reunion.base.keys.rules import Kind, Surnames, loose, one_spelling, readings, texts, token

SURNAMES: Surnames = {
    "单": ("shan",),
    "单于": ("chan yu",),
    "乐": ("yue", "le"),
    "尉迟": ("yu chi",),
    "尉": ("wei", "yu"),
}


def person(*values: tuple[Kind, str]) -> UUID:
    subject = uuid4()
    index_person(subject=subject, values=values, surnames=SURNAMES, calling_code="86")
    return subject


def found(kind: Kind, value: str) -> list[UUID]:
    hits = find(kind, value, surnames=SURNAMES, calling_code="86")
    assert [hit.shared for hit in hits] == sorted((hit.shared for hit in hits), reverse=True)
    return [hit.subject for hit in hits]


@pytest.mark.django_db
def test_the_nearest_name_comes_first_and_a_stranger_does_not_come() -> None:
    exact = person((Kind.NAME, "王小明"))
    near = person((Kind.NAME, "李小明"))
    sounding = person((Kind.NAME, "汪晓铭"))
    person((Kind.NAME, "陈大海"))
    assert found(Kind.NAME, "王小明")[0] == exact
    assert set(found(Kind.NAME, "王 小明")) == {exact, near, sounding}


@pytest.mark.django_db
def test_a_name_is_found_by_its_pinyin_however_it_is_written() -> None:
    subject = person((Kind.NAME, "吕小明"))
    for written in ("lvxiaoming", "Lü Xiaoming", "LYU XIAOMING", "Lǚ Xiǎomíng", "lu xiao ming"):
        assert found(Kind.PINYIN, written) == [subject]
        assert found(Kind.NAME, written) == [subject]


@pytest.mark.django_db
def test_sounds_that_dialects_mix_up_find_one_another() -> None:
    subject = person((Kind.NAME, "张宁慧"))
    assert found(Kind.HOMOPHONE, "zan lin fui") == [subject]
    assert found(Kind.NAME, "臧林惠") == [subject]


@pytest.mark.django_db
def test_both_readings_of_a_surname_find_the_person() -> None:
    subject = person((Kind.NAME, "乐小明"))
    assert found(Kind.PINYIN, "Yue Xiaoming") == found(Kind.PINYIN, "Le Xiaoming") == [subject]


@pytest.mark.django_db
def test_phone_number_and_date_find_exactly_one_person() -> None:
    subject = person(
        (Kind.PHONE, "+86 138 0000 0000"),
        (Kind.NUMBER, "99010119880925001x"),
        (Kind.DATE, "1988年9月25日"),
    )
    person((Kind.PHONE, "13800000001"), (Kind.NUMBER, "990101198809250028"))
    assert found(Kind.PHONE, "１３８-0000-0000") == [subject]
    assert found(Kind.NUMBER, "990101 1988 0925 001X") == [subject]
    assert found(Kind.DATE, "1988-9-25") == [subject]
    assert found(Kind.DATE, "1988-13-25") == []


@pytest.mark.django_db
def test_indexing_again_forgets_the_values_of_before() -> None:
    subject = uuid4()
    for name in ("王小明", "陈大海"):
        index_person(
            subject=subject, values=[(Kind.NAME, name)], surnames=SURNAMES, calling_code="86"
        )
    assert found(Kind.NAME, "王小明") == []
    assert found(Kind.NAME, "陈大海") == [subject]


@pytest.mark.django_db
def test_a_new_key_of_the_index_still_finds_what_was_indexed_before(tmp_path: Path) -> None:
    before = settings.KEYRING
    settings.KEYRING = Keyring(tmp_path)
    try:
        old = person((Kind.PHONE, "13800000000"))
        settings.KEYRING.add("index")
        new = person((Kind.PHONE, "13800000000"))
        assert set(found(Kind.PHONE, "13800000000")) == {old, new}
    finally:
        settings.KEYRING = before


@pytest.mark.django_db
@pytest.mark.threat("T4")
def test_a_token_cannot_be_computed_without_the_key_of_the_index() -> None:
    subject = person((Kind.PHONE, "13800000000"))
    stored = bytes(SearchToken.objects.get(subject=subject).token)
    ring: Keyring = settings.KEYRING
    assert stored == token(ring.key("index", ring.newest("index")), Kind.PHONE, "8613800000000")
    others = [bytes(32), ring.key("kek", ring.newest("kek")), ring.key("site", 1)]
    assert all(stored != token(key, Kind.PHONE, "8613800000000") for key in others)
    assert len(stored) == 16


def test_two_kinds_never_share_a_token() -> None:
    assert token(bytes(32), Kind.NUMBER, "8613800000000") != token(
        bytes(32), Kind.PHONE, "8613800000000"
    )


def test_no_single_character_has_a_token() -> None:
    keyed = texts(Kind.NAME, "王小明", surnames=SURNAMES, calling_code="86")
    assert {text for kind, text in keyed if kind is Kind.NAME_PAIR} == {"王小", "小明"}
    assert all(len(text) > 1 for _kind, text in keyed)


def test_two_character_surnames_are_looked_up_first() -> None:
    assert readings("单于雄", SURNAMES) == readings("Chanyu Xiong", {})
    assert readings("尉迟恭", SURNAMES) == {"yuchigong"}
    assert "shanwei" in readings("单卫", SURNAMES)


def test_an_unusual_reading_holds_for_the_surname_only() -> None:
    assert readings("王乜", {"乜": ("nie",)}) == readings("王乜", {})
    assert readings("乜王", {"乜": ("nie",)}) != readings("乜王", {})


def test_the_number_of_readings_is_bounded() -> None:
    assert len(readings("乐" * 12, SURNAMES)) <= 16


def test_every_surname_of_the_table_is_indexed_with_all_its_readings(shared_data: Path) -> None:
    with (shared_data / "surname_pinyin_overrides.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    table = {
        row["surname"]: tuple(filter(None, (row["surname_reading"], row["also_read"])))
        for row in rows
    }
    assert len(table) > 30
    for surname, sounds in table.items():
        wanted = {one_spelling(sound.replace(" ", "")) + "guo" for sound in sounds}
        assert readings(f"{surname}国", table) == wanted


def test_loose_sounds_do_not_depend_on_where_syllables_end() -> None:
    assert loose("fangai") == loose("fan" + "gai") == loose("fang" + "ai")
