"""Two people write one record: the second keeps what they typed, and chooses field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from importlib import import_module
from types import MappingProxyType

import pytest
from django import forms
from django.apps import apps
from django.http import QueryDict
from django.utils.module_loading import module_has_submodule

from reunion.base.assignments.models import Assignment
from reunion.base.errors import ChangedMeanwhile, RuleBroken
from reunion.base.pages.meanwhile import Versioned
from reunion.base.units.models import Unit
from tests.base.signing_in import COUNTY, Browser, member, police, with_key

pytestmark = pytest.mark.django_db

WORDS = "Invented words"


def version_in(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


def text(browser: Browser, page: str) -> str:
    answer = browser.get(page)
    assert answer.status_code == 200
    return str(answer.content.decode())


def keepers() -> tuple[Browser, Browser]:
    one, other = (member(f"keeper-{number}", "administrator", COUNTY) for number in (1, 2))
    return with_key(one), with_key(other)


def merged_in(page: str) -> list[str]:
    """The fields about which a page asks."""
    return re.findall(r'name="merged" value="(\w+)"', page)


def fields_of(page: str) -> dict[str, str]:
    """What the fields of a page hold that a browser sends without anybody seeing them."""
    found = re.findall(r'type="hidden" name="((?:initial-)?\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def shown_twice() -> tuple[Browser, str, str, dict[str, str]]:
    """Both opened the page, the first has sent it; the second's page afterwards."""
    first, second = keepers()
    page = f"/units/{police(COUNTY).pk}/rename/"
    opened = fields_of(text(second, page))
    first.send(page, name="甲方虚构局", name_en="The first's bureau", version=opened["version"])
    typed = {"name": "乙方虚构局", "name_en": "Invented police"}
    told = second.send(page, **opened | typed).content.decode()
    return second, page, told, typed | {"name_en": "The first's bureau"}


def names() -> tuple[str, str]:
    unit = Unit.objects.unscoped().get(region=COUNTY)
    return unit.name, unit.name_en


def test_the_second_is_told_field_by_field_and_keeps_what_they_typed() -> None:
    _, _, told, _ = shown_twice()
    assert "What you typed is still here." in told
    assert 'value="乙方虚构局"' in told
    assert told.count("The record now says: 甲方虚构局") == 2, "in the summary, beside the field"
    assert merged_in(told) == ["name"], "the other field is not theirs: they did not touch it"
    assert 'name="name_en" value="The first&#x27;s bureau"' in told
    assert "The record now says: The first&#x27;s bureau" in told
    assert "checked" not in told, "nothing is chosen for them"
    assert names()[0] == "甲方虚构局"


@pytest.mark.parametrize(("taken", "kept"), [("mine", "乙方虚构局"), ("theirs", "甲方虚构局")])
def test_what_is_chosen_holds(taken: str, kept: str) -> None:
    second, page, told, typed = shown_twice()
    chosen = {"merged": "name", "take-name": taken}
    answer = second.send(page, version=version_in(told), **typed, **chosen)
    assert answer.status_code == 302
    assert names() == (kept, "The first's bureau")


def test_both_can_be_joined_in_ones_own_words() -> None:
    second, page, told, typed = shown_twice()
    typed["name"] = "甲乙虚构局"
    second.send(page, version=version_in(told), **typed, **{"merged": "name", "take-name": "mine"})
    assert names()[0] == "甲乙虚构局"


@pytest.mark.parametrize("choice", ["", "both"])
def test_without_a_choice_nothing_is_written_and_it_is_asked_again(choice: str) -> None:
    second, page, told, typed = shown_twice()
    chosen = {"merged": "name", "take-name": choice}
    again = second.send(page, version=version_in(told), **typed, **chosen).content.decode()
    assert "Choose one of the two." in again
    assert merged_in(again) == ["name"]
    assert 'value="乙方虚构局"' in again
    assert names()[0] == "甲方虚构局"


def test_a_third_change_is_told_anew() -> None:
    second, page, told, typed = shown_twice()
    third = with_key(member("keeper-3", "administrator", COUNTY))
    now = version_in(text(third, page))
    third.send(page, name="丙方虚构局", name_en="The third's bureau", version=now)
    chosen = {"merged": "name", "take-name": "mine"}
    again = second.send(page, **fields_of(told) | typed | chosen).content.decode()
    assert merged_in(again) == ["name"]
    assert "The record now says: 丙方虚构局" in again
    assert 'name="name_en" value="The third&#x27;s bureau"' in again
    assert names() == ("丙方虚构局", "The third's bureau")


class Everything(Versioned):
    """A field of each kind that the forms of the site have."""

    text = forms.CharField(required=False)
    long = forms.CharField(widget=forms.Textarea, required=False)
    day = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d"), required=False)
    number = forms.IntegerField(required=False)
    kind = forms.ChoiceField(choices=[("a", "Apples"), ("b", "Pears")])
    which = forms.ChoiceField(choices=[("a", "Apples"), ("b", "Pears")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "Apples"), ("b", "Pears")])


NOW: dict[str, object] = {
    "version": 2, "text": "x & y", "long": "", "day": date(2026, 3, 2), "number": None,
    "kind": "b", "which": "b", "many": ["a", "b"],
}  # fmt: skip
OPENED = "&initial-text=old&initial-long=old&initial-number=5&initial-day=2026-01-01"
TYPED = "version=1&text=mine&long=mine&day=2026-03-03&number=7&kind=a&which=a&many=a"


def test_every_kind_of_field_can_be_taken_from_the_record() -> None:
    form = Everything(QueryDict(TYPED + OPENED), initial=NOW)
    assert form.is_valid()
    form.refused(ChangedMeanwhile(kind="x", shown=1, now=2), str)
    fields = [name for name in NOW if name != "version"]
    assert merged_in(form.as_div()) == fields
    said = {name: form.errors[name] for name in fields}
    assert said["many"] == ["The record now says: Apples, Pears"]
    assert said["number"] == ["The record now says: nothing"]
    assert "x &amp; y" in form.as_div(), "what the record says is text"
    chosen = "".join(f"&merged={name}&take-{name}=theirs" for name in fields)
    taken = Everything(QueryDict(TYPED.replace("version=1", "version=2") + chosen), initial=NOW)
    assert taken.is_valid(), taken.errors
    assert taken.cleaned_data == NOW


@pytest.mark.parametrize(("opened", "typed", "kept", "marked"), [
    ("old", "mine", "mine", True),  # both wrote
    ("x & y", "mine", "mine", False),  # this reader alone
    ("old", "old", "x & y", True),  # the other alone
    ("old", "x & y", "x & y", False),  # both the same
])  # fmt: skip
def test_it_is_asked_only_where_both_wrote(
    opened: str, typed: str, kept: str, marked: bool
) -> None:
    sent = {"version": "1", "text": typed, "initial-text": opened}
    data = QueryDict(mutable=True)
    data.update(sent)
    form = Everything(data, initial={"version": 2, "text": NOW["text"]})
    form.tell_what_changed()
    assert form.data["text"] == kept
    assert ("text" in form.errors) is marked
    asked = [opened, typed] == ["old", "mine"]
    assert merged_in(form.as_div()) == (["text"] if asked else [])
    assert form.data["initial-text"] == "x & y"


def test_what_is_no_field_of_the_record_is_kept_without_a_question() -> None:
    form = Everything(QueryDict(TYPED), initial={"version": 2})
    form.refused(ChangedMeanwhile(kind="x", shown=1, now=2), str)
    assert merged_in(form.as_div()) == []
    assert "Look whether it still holds" in str(form.non_field_errors())
    assert 'name="version" value="2"' in form.as_div()
    assert "mine</textarea>" in form.as_div()


def test_another_refusal_changes_nothing_of_the_form() -> None:
    form = Everything(QueryDict(TYPED), initial=NOW)
    form.refused(RuleBroken(rule="x"), lambda error: "Say why.")
    assert form.non_field_errors() == ["Say why."]
    assert 'name="version" value="1"' in form.as_div()


@pytest.mark.parametrize("sent", ["merged=nowhere", "merged=version", "merged=text&merged=text"])
def test_a_form_that_was_tampered_with_is_no_fault(sent: str) -> None:
    form = Everything(QueryDict(f"{TYPED}&{sent}&take-version=theirs"), initial=NOW)
    form.is_valid()
    assert form.data["text"] == "mine"


def test_every_form_with_a_version_is_of_this_kind() -> None:
    found = []
    for app in apps.get_app_configs():
        if app.name.startswith("reunion.") and module_has_submodule(app.module, "forms"):
            module = import_module(f"{app.name}.forms")
            found += [
                kind
                for kind in vars(module).values()
                if isinstance(kind, type) and issubclass(kind, forms.Form)
                and "version" in kind.base_fields and kind.__module__ == module.__name__
            ]  # fmt: skip
    assert len(found) > 12
    assert [kind for kind in found if not issubclass(kind, Versioned)] == []


# What is typed into each kind of page is still there after somebody else changed the record.


def raced(
    browser: Browser,
    page: str,
    record: Unit | Assignment,
    changed: Mapping[str, object] = MappingProxyType({}),
    **typed: str,
) -> str:
    """What the form answers that was opened before somebody changed the record."""
    opened = fields_of(text(browser, page))
    now = int(opened["version"]) + 1
    rows = type(record).objects.unscoped().filter(pk=record.pk)
    rows.update(version=now, **changed)
    answer = browser.send(page, **opened | typed).content.decode()
    assert "What you typed is still here." in answer
    assert version_in(answer) == str(now)
    return str(answer)


def test_the_other_forms_of_a_unit_keep_theirs() -> None:
    browser, unit = keepers()[0], police(COUNTY)
    assert "2027-01-01" in raced(browser, f"/units/{unit.pk}/close/", unit, valid_to="2027-01-01")
    key = "ab" * 32
    theirs = {"witness_key": bytes.fromhex("cd" * 32)}
    told = raced(browser, f"/units/{unit.pk}/witness/", unit, theirs, key=key)
    assert f'value="{key}"' in told
    assert f"The record now says: {'cd' * 32}" in told
    assert merged_in(told) == ["key"]


def task() -> tuple[Browser, Assignment]:
    """A draft of somebody whose unit leads it too."""
    account = member("leader", "case_leader", COUNTY)
    browser = with_key(account)
    browser.send("/assignments/new/?kind=task", title=WORDS, completion="x", scope="150602",
                 lead=police(COUNTY).code, working_days="5")  # fmt: skip
    return browser, Assignment.objects.unscoped().get()


def test_an_edited_draft_keeps_its_fields() -> None:
    browser, draft = task()
    page, lead = f"/assignments/{draft.pk}/edit/", police(COUNTY).code
    fields = {"title": "Mine", "completion": "x", "scope": "150602", "lead": lead}
    fields |= {"working_days": "7", "report_every": "0"}
    told = raced(browser, page, draft, {"title": "Theirs", "completion": "y"}, **fields)
    assert merged_in(told) == ["title"]
    assert "The record now says: y" in told
    assert 'name="working_days" value="7"' in told


def test_a_reason_at_a_button_is_not_typed_twice() -> None:
    browser, draft = task()
    page = f"/assignments/{draft.pk}/"
    shown = version_in(text(browser, page))
    Assignment.objects.unscoped().update(version=int(shown) + 1)
    move = {"version": shown, "reason": WORDS}
    told = browser.send(page, f"{page}withdraw/", **move).content.decode()
    assert "What you typed is still here." in told
    assert f'value="{WORDS}"' in told
    assert f'href="{page}"' in told
    again = browser.post(f"{page}withdraw/", {
        "version": version_in(told), "reason": WORDS,
        "csrfmiddlewaretoken": browser.cookies["c"].value,
    })  # fmt: skip
    assert again.status_code == 302
    assert Assignment.objects.unscoped().get().state == "withdrawn"
