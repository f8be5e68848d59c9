"""Two people write one record: the second keeps what they typed, and chooses field by field.

    class NamesForm(Versioned):
        name = forms.CharField(label=_("Name"), max_length=200)

    shown = {"name": unit.name, "version": unit.version}  # the record as it is now
    form = NamesForm(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            rename_unit(actor=request.actor, unit_id=pk, at=at, **form.cleaned_data)
            return redirect("unit", pk=pk)
        except REFUSED as error:
            form.refused(error, sentence)

The page holds what each field said when it was opened. So what only one of the two changed stands,
and is pointed out; where both wrote, the second chooses. In the template nothing is needed but
`{{ form.as_div }}`: such a field has the look of components/merge.html, which needs no script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast  # Any: what Django passes through

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from reunion.base.errors import ChangedMeanwhile, ReunionError
from reunion.base.pages.filters import value_in_words

SHOWN = "version"
"""The hidden field of the version of the record that a form shows."""

MERGED = "merged"
"""The names of the fields about which the page asked."""

TAKE = "take-"
"""Before the name of such a field: which of the two its reader took."""

THEIRS, MINE = "theirs", "mine"


class Versioned(forms.Form):
    """A form about a record as it was shown.

    Its `initial` holds the version of the record and what the record says in the form's fields,
    both as they are now. What is merely suggested is the `initial` of a field.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._undecided: list[str] = []
        for name in filter(self._is_of_record, self.fields):
            self.fields[name].show_hidden_initial = True
        if self.is_bound:
            self.data = self._as_taken(cast(QueryDict, self.data))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self._undecided:
            self._ask(name)
            self.add_error(name, _("Choose one of the two."))
        return cleaned

    def refused(self, error: ReunionError, sentence: Callable[[ReunionError], object]) -> None:
        """Say why nothing was done, and keep what was typed.

        Args:
            sentence: what the pages of the room say about a refusal.
        """
        if isinstance(error, ChangedMeanwhile):
            self.tell_what_changed()
        else:
            self.add_error(None, str(sentence(error)))

    def tell_what_changed(self) -> None:
        """Point out what somebody changed meanwhile, and ask where both wrote something else.

        Sent once more, the form is about the record as it is now.
        """
        theirs = [name for name in filter(self._is_of_record, self.fields) if self._is_theirs(name)]
        both = [name for name in theirs if self._is_mine(name)]
        self.add_error(None, _changed(marked=bool(theirs), asked=bool(both)))
        now: dict[str, str | list[str]] = {SHOWN: str(self.initial[SHOWN])}
        for name in filter(self._is_of_record, self.fields):
            now[self[name].html_initial_name] = self._as_sent(name)
        for name in theirs:
            self.add_error(name, _("The record now says: %(words)s") % {"words": self._words(name)})
            if name in both:
                self._ask(name)
            else:
                now[name] = self._as_sent(name)
        self.data = _copy(self.data, now)

    def _is_theirs(self, name: str) -> bool:
        """Whether the record says something else than this reader sent, and not by them."""
        bound = self[name]
        differs = bound.field.has_changed(bound.initial, bound.data)
        return differs and bound.field.has_changed(bound.initial, self._opened(name))

    def _is_mine(self, name: str) -> bool:
        """Whether the reader changed a field of the page as they opened it."""
        bound = self[name]
        try:
            return bound.field.has_changed(bound.field.to_python(self._opened(name)), bound.data)
        except ValidationError:
            return True

    def _opened(self, name: str) -> Any:
        """What was sent of the field as the page was opened."""
        bound = self[name]
        widget = bound.field.hidden_widget()
        return widget.value_from_datadict(self.data, self.files, bound.html_initial_name)

    def _ask(self, name: str) -> None:
        field: Any = self.fields[name]  # the stubs lack its template
        field.template_name, field.theirs = "components/merge.html", self._words(name)

    def _words(self, name: str) -> str:
        value = self[name].initial
        return _("nothing") if value in (None, "") else value_in_words(self[name], value)

    def _as_taken(self, sent: QueryDict) -> QueryDict:
        """What was sent, with what the record says where its reader took that."""
        taken: dict[str, str | list[str]] = {}
        for name in filter(self._is_of_record, dict.fromkeys(sent.getlist(MERGED))):
            choice = sent.get(f"{TAKE}{name}")
            if choice == THEIRS:
                taken[name] = self._as_sent(name)
            elif choice != MINE:
                self._undecided.append(name)
        return _copy(sent, taken) if taken else sent

    def _is_of_record(self, name: object) -> bool:
        """Whether a field is there to be read and typed, and the record says something in it."""
        return name in self.fields and name in self.initial and not self[str(name)].is_hidden

    def _as_sent(self, name: str) -> str | list[str]:
        """What a browser would send of a field that nobody touched."""
        bound = self[name]
        value = bound.field.prepare_value(bound.initial)
        shown: object = bound.field.widget.format_value(value)
        return list(map(str, shown)) if isinstance(shown, list) else str(shown or "")


def _changed(*, marked: bool, asked: bool) -> str:
    if asked:
        return _(
            "Somebody changed this after you opened it. What you typed is still here. "
            "Choose where both of you wrote, and send the form again."
        )
    if marked:
        return _(
            "Somebody changed this after you opened it. What you typed is still here. "
            "Look at the marked fields, and send the form again."
        )
    return _(
        "Somebody changed this after you opened it. What you typed is still here. "
        "Look whether it still holds, and send the form again."
    )


def _copy(sent: Any, changes: dict[str, Any]) -> Any:
    """The fields of a form with some changed; those of a request cannot be changed themselves."""
    copied = sent.copy()
    for name, value in changes.items():
        if isinstance(value, list):
            copied.setlist(name, value)
        else:
            copied[name] = value
    return copied
