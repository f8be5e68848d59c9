"""An envelope opens where it was put, with its own key, and nowhere else."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reunion.base.keys.envelope import (
    LONG,
    OVERHEAD,
    SHORT,
    EnvelopeDamaged,
    EnvelopeUnknown,
    Place,
    new_pair,
    open_envelope,
    open_sealed_to,
    seal,
    seal_to,
)

KEY = bytes(range(32))
PLACE = Place("notebook.entry", "name", UUID(int=7))
ELSEWHERE = (
    Place("notebook.entry", "name", UUID(int=8)),
    Place("notebook.entry", "phone", UUID(int=7)),
    Place("notebook.note", "name", UUID(int=7)),
    Place("notebook.entry", "name", UUID(int=7), schema=2),
)


def opened(sealed: bytes, place: Place = PLACE) -> bytes:
    return open_envelope({1: KEY}.__getitem__, sealed, place)


@given(st.binary(max_size=300), st.sampled_from([SHORT, LONG]))
def test_what_was_sealed_comes_out(text: bytes, block: int) -> None:
    sealed = seal(KEY, 1, text, PLACE, block=block)
    assert opened(sealed) == text
    assert (len(sealed) - OVERHEAD) % block == 0


@pytest.mark.parametrize("place", ELSEWHERE, ids=str)
def test_an_envelope_that_was_moved_does_not_open(place: Place) -> None:
    with pytest.raises(EnvelopeDamaged):
        opened(seal(KEY, 1, b"text", PLACE), place)


def test_no_changed_byte_passes() -> None:
    sealed = seal(KEY, 1, b"text", PLACE)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises((EnvelopeDamaged, EnvelopeUnknown)):
            opened(changed)


@pytest.mark.parametrize("end", range(OVERHEAD))
def test_a_cut_envelope_is_no_envelope(end: int) -> None:
    with pytest.raises(EnvelopeUnknown):
        opened(seal(KEY, 1, b"text", PLACE)[:end])


def test_an_unknown_algorithm_or_key_is_an_error_and_no_reason_to_try_another() -> None:
    sealed = seal(KEY, 1, b"text", PLACE)
    with pytest.raises(EnvelopeUnknown, match="algorithm"):
        opened(sealed[:3] + b"\x00" + sealed[4:])
    with pytest.raises(EnvelopeUnknown, match="key"):
        opened(seal(KEY, 2, b"text", PLACE))


def test_lengths_do_not_tell_names_apart() -> None:
    names = ["王小明", "欧阳娜娜", "Synthetic Person of the Longest Name Here"]
    assert len({len(seal(KEY, 1, name.encode(), PLACE)) for name in names}) == 1


def test_a_box_opens_for_its_owner_only() -> None:
    private, public = new_pair()
    other, _public = new_pair()
    box = seal_to(public, b"text")
    assert open_sealed_to(private, box) == b"text"
    with pytest.raises(EnvelopeDamaged):
        open_sealed_to(other, box)
    with pytest.raises(EnvelopeUnknown, match="algorithm"):
        open_sealed_to(private, b"RN1\x01" + box[4:])
    with pytest.raises(EnvelopeUnknown, match="form"):
        open_sealed_to(private, box[1:])
