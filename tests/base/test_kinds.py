"""What pages call the kinds of records: in words, in both languages."""

from __future__ import annotations

from django.apps import apps
from django.utils.text import capfirst

from reunion.base.records import Record, word_of
from tools.messages import Message, gather


def test_every_kind_of_record_has_a_word() -> None:
    known = gather()
    missing = [
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, Record)
        and model.__module__.startswith("reunion.")
        and Message(str(capfirst(model._meta.verbose_name)), "kind") not in known
    ]
    assert missing == []


def test_a_kind_that_is_no_longer_there_stays_as_it_was_written() -> None:
    assert word_of("units.staff") == "Staff member"
    assert word_of("nothing.such") == "nothing.such"
    assert word_of("") == ""
