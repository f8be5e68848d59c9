"""A receipt is a number that finds and opens one item, and that nobody guesses."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from reunion.base.inbox import tickets
from reunion.base.inbox.receipts import (
    DIGITS,
    KDF,
    LENGTH,
    check_digit,
    code_from,
    codes_in,
    expected_hits,
    guesses_for_one_hit,
    in_groups,
    keys_of,
    read_code,
)
from reunion.base.inbox.tickets import TicketUnknown, Visit
from reunion.base.keyring import Keyring
from tests.cast import NOW
from tools.public_site import QUICK

KEY = bytes(range(32))


def test_every_single_wrong_digit_is_noticed() -> None:
    caught = tried = 0
    for number in range(100):
        code = code_from(secrets.token_bytes(32))
        place = number % LENGTH
        for digit in set("0123456789") - {code[place]}:
            tried += 1
            caught += read_code(code[:place] + digit + code[place + 1 :]) is None
    assert (caught, tried) == (900, 900)


def test_a_number_is_read_however_it_was_grouped() -> None:
    code = code_from(secrets.token_bytes(32))
    assert {read_code(in_groups(code)), read_code("-".join(code)), read_code(f" {code}\n")} == {
        code
    }
    assert read_code(code[:-1]) is None
    assert read_code("") is None


def test_a_number_has_eighteen_random_digits_and_a_check_digit() -> None:
    codes = [code_from(secrets.token_bytes(32)) for _ in range(200)]
    assert len(set(codes)) == 200
    assert {len(code) for code in codes} == {DIGITS + 1}
    assert all(check_digit(code[:-1]) == code[-1] for code in codes)


def test_a_receipt_in_a_text_is_found_and_other_long_numbers_are_not() -> None:
    code = code_from(secrets.token_bytes(32))
    assert code in codes_in(f"my number is {in_groups(code)}, thank you")
    assert code in codes_in(f"1{code}2")
    assert not codes_in("call 13800000000 or 010 6626 6114")


def test_the_same_number_gives_other_keys_under_another_pepper_or_salt(tmp_path: Path) -> None:
    code = code_from(secrets.token_bytes(32))
    one, other = (keys_of(code, Keyring(tmp_path / name), QUICK)[0] for name in "ab")
    assert one.lookup != other.lookup
    assert one.kek != other.kek
    assert one.lookup != one.kek


def test_three_versions_of_the_pepper_are_tried_and_no_fourth(tmp_path: Path) -> None:
    ring, code = Keyring(tmp_path), code_from(secrets.token_bytes(32))
    first = keys_of(code, ring, QUICK)[0]
    for _ in range(2):
        ring.add("pepper")
    assert keys_of(code, ring, QUICK)[-1] == first
    ring.add("pepper")
    assert [each.pepper for each in keys_of(code, ring, QUICK)] == [4, 3, 2]


@pytest.mark.threat("T5")
def test_whoever_guesses_for_a_year_meets_almost_nothing() -> None:
    assert 1 / guesses_for_one_hit(1_000_000) == pytest.approx(1e-12)
    year = timedelta(days=365).total_seconds()
    assert expected_hits(1_000_000, 10, year) == pytest.approx(3.15e-4, rel=0.01)
    assert (KDF.memory, KDF.passes) == (65_536, 3)


def test_a_ticket_is_good_for_its_form_and_key_and_for_two_hours() -> None:
    ticket = tickets.issue(KEY, "letter", NOW)
    assert tickets.redeem(KEY, "letter", ticket, NOW) == tickets.redeem(
        KEY, "letter", ticket, NOW + timedelta(hours=1)
    )
    for key, form, text, at in (
        (bytes(32), "letter", ticket, NOW),
        (KEY, "wait", ticket, NOW),
        (KEY, "letter", ticket[:-4] + "AAA=", NOW),
        (KEY, "letter", "nothing", NOW),
        (KEY, "letter", "", NOW),
        (KEY, "letter", ticket, NOW + timedelta(hours=3)),
    ):
        with pytest.raises(TicketUnknown):
            tickets.redeem(key, form, text, at)


def test_a_ticket_to_wait_is_not_good_before_its_time() -> None:
    ticket = tickets.issue(KEY, "wait", NOW, not_before=timedelta(seconds=20))
    with pytest.raises(TicketUnknown):
        tickets.redeem(KEY, "wait", ticket, NOW + timedelta(seconds=19))
    assert tickets.redeem(KEY, "wait", ticket, NOW + timedelta(seconds=20))


def test_a_ticket_does_not_tell_the_minute_in_which_a_form_was_given_out() -> None:
    early, late = NOW.replace(minute=1), NOW.replace(minute=9)
    given = [tickets.issue(KEY, "letter", at) for at in (early, late)]
    bad = [tickets._bytes(text)[32:40] for text in given]
    assert bad[0] == bad[1]


def test_a_conversation_stays_open_for_a_quarter_of_an_hour_in_one_process() -> None:
    visit = Visit(uuid4(), bytes(32), bytes(16))
    text = tickets.open_for(KEY, visit, NOW)
    assert tickets.visit_of(KEY, text, NOW + timedelta(minutes=14)) == visit
    for key, at in ((KEY, NOW + timedelta(minutes=16)), (bytes(32), NOW)):
        with pytest.raises(TicketUnknown):
            tickets.visit_of(key, text, at)
    with pytest.raises(TicketUnknown):
        tickets.visit_of(KEY, "AAAA", NOW)
