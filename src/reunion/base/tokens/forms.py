"""The form of a new token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from reunion.base.actor import CASE_LENGTH, Purpose
from reunion.base.tokens.actions import Wish
from reunion.base.tokens.models import LABEL
from reunion.base.tokens.rules import LONGEST, allowable
from reunion.base.tokens.words import PERMISSIONS, PURPOSES
from reunion.base.units.models import Post
from reunion.base.units.pack import in_language, role, unit_label


class TokenForm(forms.Form):
    """What a token is for, what it may do, and how long."""

    post = forms.ChoiceField(label=_("Post as which the program acts"))
    label = forms.CharField(label=_("Program that will hold the token"), max_length=LABEL)
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[(one.value, word) for one, word in PURPOSES.items()],
        help_text=_("It stands in the audit trail, beside everything that the program does."),
    )
    case = forms.CharField(label=_("Case or record"), required=False, max_length=CASE_LENGTH)
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"), required=False, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Days until it ends"), min_value=1, max_value=LONGEST, initial=30
    )

    def __init__(self, *args: object, posts: Iterable[Post], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        held = list(posts)
        may = frozenset().union(*(allowable(role(post.role).may) for post in held))
        posts_field = cast(forms.ChoiceField, self.fields["post"])
        posts_field.choices = [(str(post.pk), _name(post)) for post in held]
        may_field = cast(forms.ChoiceField, self.fields["permissions"])
        may_field.choices = [(code, word) for code, word in PERMISSIONS.items() if code in may]

    def wish(self) -> Wish:
        """What was asked for, from a form that is valid."""
        values = self.cleaned_data
        return Wish(
            label=values["label"],
            purpose=Purpose(values["purpose"]),
            permissions=frozenset(values["permissions"]),
            days=values["days"],
            case=values["case"],
        )


def _name(post: Post) -> str:
    return f"{in_language(role(post.role).name)}, {unit_label(post.unit)}"
