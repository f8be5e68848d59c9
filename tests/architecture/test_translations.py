"""Every text of the interface is there in Chinese, whole and up to date, in the official words."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from reunion.base.transitions import Machine, in_words
from tests.architecture.test_documents import glossary
from tools.messages import CATALOGUE, Message, compiled, gather, placeholders, read, write

TEXT = CATALOGUE.read_text(encoding="utf-8")
CHINESE = read(TEXT)
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
OTHER_SENSE = {"closed"}
"""States whose word is in the glossary in another sense: there it is a case that a court closed."""


def test_the_catalogue_is_up_to_date_with_the_source() -> None:
    assert write(gather(), CHINESE) == TEXT, "make messages"


def test_the_source_has_the_messages_that_it_is_known_to_have() -> None:
    """One of each way to write a message: the gathering has not gone blind to any of them."""
    known = {
        Message("Sign in"),
        Message("Unknown device"),  # inside a tag
        Message("The key “%(name)s” will then be refused."),
        Message("Proposed", "state"),
        Message("Open", "account"),
        Message("%(number)s open request", plural="%(number)s open requests"),
        Message("Your password is set. Sign in with it now."),
    }
    assert known <= gather().keys()


def test_no_message_is_without_chinese() -> None:
    assert [message.text for message, chinese in CHINESE.items() if not chinese] == []


def test_a_fuzzy_message_is_refused() -> None:
    with pytest.raises(ValueError, match="fuzzy"):
        read('#, fuzzy\nmsgid "a"\nmsgstr "b"\n')


def test_placeholders_are_the_same_on_both_sides() -> None:
    differing = [
        message.text
        for message, chinese in CHINESE.items()
        if placeholders(chinese) != placeholders(message.plural or message.text)
        or chinese.count("%") != (message.plural or message.text).count("%")
    ]
    assert differing == []


def test_chinese_sentences_have_chinese_punctuation() -> None:
    borrowed = {":", ":?.!"}
    wrong = [
        chinese
        for message, chinese in CHINESE.items()
        if message.text not in borrowed and HALF_WIDTH.search(placeholder_free(chinese))
    ]
    assert wrong == []


def placeholder_free(text: str) -> str:
    """The text without what is put in later, whose brackets are no punctuation."""
    return re.sub(r"%\(\w+\)[sd]", "一", text)


def test_a_sentence_ends_as_a_sentence_on_both_sides() -> None:
    ends = {".": "。", "?": "？"}
    wrong = [
        message.text
        for message, chinese in CHINESE.items()
        if len(message.text) > 4
        and (end := ends.get(message.text[-1])) is not None
        and not chinese.endswith(end)
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    file = CATALOGUE.with_suffix(".mo")
    assert file.read_bytes() == compiled(CHINESE), "make messages"


def test_the_pages_find_their_words() -> None:
    with translation.override("zh-hans"):
        assert gettext("Sign in") == "登录"
        assert pgettext("account", "Open") == "正常"
        assert gettext("Open") == "打开"
        texts = ("%(number)s open request", "%(number)s open requests")
        assert ngettext(*texts, 2) % {"number": 2} == "2件未办结的请求"


def test_states_have_the_words_of_the_glossary() -> None:
    words = {row[0]: row[1] for row in glossary()}
    states = {
        message.text.lower().replace(" ", "_"): chinese
        for message, chinese in CHINESE.items()
        if message.context == "state"
    }
    wrong = {
        name: (chinese, words.get(name))
        for name, chinese in states.items()
        if name not in OTHER_SENSE and words.get(name) != chinese
    }
    assert states
    assert wrong == {}


def test_every_state_and_move_with_a_page_is_in_the_catalogue() -> None:
    missing = []
    for model in apps.get_models():
        machine = getattr(model, "machine", None)
        if isinstance(machine, Machine):
            wanted = [Message(in_words(state), "state") for state in machine.states]
            wanted += [Message(in_words(move.name), "move") for move in machine.moves if move.needs]
            missing += [f"{machine.name}: {m.text}" for m in wanted if m not in CHINESE]
    assert missing == []
