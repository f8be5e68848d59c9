"""The forms of signing in and of accounts."""

from __future__ import annotations

from typing import Any  # as Django and allauth have it

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reunion.base.accounts.models import Account


class SignInForm(LoginForm):
    """Name and password. Labels stand outside the fields, where they stay readable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Account name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class AddKeyForm(AddWebAuthnForm):
    """A security key and its name. Allauth gives the name no label that can be translated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext_lazy("key", "Name")


class RenameKeyForm(EditWebAuthnForm):
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext_lazy("key", "Name")


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence of your own is good."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, login: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owner = login

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        # It must not be like the name, which `FirstPasswordForm` asks for.
        validate_password(password, Account(login=self.cleaned_data.get("login", self._owner)))
        return password

    def clean(self) -> None:
        super().clean()
        if "password" in self.cleaned_data and (
            self.cleaned_data["password"] != self.cleaned_data.get("again")
        ):
            self.add_error("again", _("The two passwords differ. Type the same one twice."))


class FirstPasswordForm(NewPasswordForm):
    """The account name and the code that was given in person, then the password."""

    login = forms.CharField(
        label=_("Account name"), widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=pgettext_lazy("password", "Code"),
        help_text=_("The code that you were given in person. It can be used once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("login", "code", "password", "again")

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).strip().lower()


class NewAccountForm(forms.Form):
    """The name of a new account."""

    login = forms.CharField(
        label=_("Account name"),
        max_length=60,
        help_text=_("Small letters, digits, dots, hyphens and underscores, such as deng.y"),
    )


class RefusalForm(forms.Form):
    """Why a recovery is refused."""

    reason = forms.CharField(
        label=_("Why is it refused?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
