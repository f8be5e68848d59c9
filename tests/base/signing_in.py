"""Builders for tests of signing in: members of invented agencies, and a client that sends forms.

All people and agencies are synthetic.
"""

from __future__ import annotations

import re
import secrets
import time
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from reunion.base.accounts.models import Account
from reunion.base.accounts.sessions import STARTED
from reunion.base.units.actions import appoint, enter_staff, open_unit
from reunion.base.units.models import Post, Unit
from tests.cast import administrator

Answer: TypeAlias = Any
"""What the test client gives: a response, with attributes that its stubs keep to themselves."""

PASSWORD = "a sentence about nine herons"  # noqa: S105  # of invented people
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # the same
PATIENCE = 3  # seconds that a test may take to send a code
COUNTY = "cn/15/1506/150602/"


def police(region: str = COUNTY, level: str = "county") -> Unit:
    """The police of a region, opened a year ago."""
    now = timezone.now()
    known = Unit.objects.unscoped().filter(region=region).first()
    return known or open_unit(
        actor=administrator(),
        code=f"psb-{region.strip('/').rsplit('/', 1)[-1]}",
        kind="police",
        level=level,
        region=region,
        name_en="Invented police",
        name="虚构公安局",
        valid_from=(now - timedelta(days=365)).date(),
        at=now,
    )


def post(account: Account, role: str, unit: Unit | None = None) -> Post:
    """Another post for the owner of an account, held since a month ago."""
    now = timezone.now()
    return appoint(
        actor=administrator(),
        unit_id=(unit or police()).pk,
        staff_id=account.staff_id,
        role=role,
        valid_from=(now - timedelta(days=30)).date(),
        at=now,
    )


def member(login: str, role: str = "secretariat", region: str = COUNTY) -> Account:
    """Somebody with an account, a password and a post, and no second factor yet."""
    levels = {1: "nation", 2: "province", 3: "prefecture", 4: "county"}
    unit = police(region, levels[region.count("/")])
    now = timezone.now()
    staff = enter_staff(actor=administrator(), name="Synthetic Person", region=region, at=now)
    account = Account(login=login, staff=staff, language="en")
    account.set_password(PASSWORD)
    account.save(force_insert=True)
    if role:
        post(account, role, unit)
    return account


def with_app(account: Account) -> Account:
    """The same, with an app whose secret is SECRET."""
    TOTP.activate(account, SECRET)
    return account


def recovery_codes(account: Account) -> list[str]:
    """Codes of somebody who has an app."""
    return RecoveryCodes.activate(account).generate_codes()


def code(secret: str = SECRET) -> str:
    """What the app shows now, for three more seconds at least."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < PATIENCE:
        time.sleep(left)
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(secret, counter))


class Browser(Client):
    """A client without JavaScript that sends forms as a browser does, with the page's token."""

    def __init__(self) -> None:
        super().__init__(
            enforce_csrf_checks=True, headers={"user-agent": "Firefox/131.0 (Windows NT 10.0)"}
        )

    def send(self, page: str, target: str = "", **fields: str) -> Answer:
        """Load a page and send its form."""
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page).content.decode()
        )
        assert token is not None, f"no form on {page}"
        fields["csrfmiddlewaretoken"] = token[1]
        return self.post(target or page, fields)

    def password(self, login: str, password: str = PASSWORD) -> Answer:
        """The first stage of signing in."""
        return self.send("/sign-in/", login=login, password=password)

    def sign_in(self, account: Account) -> Browser:
        """Both stages, with the app."""
        assert self.password(account.login).headers["Location"] == "/sign-in/factor/"
        answer = self.send("/sign-in/factor/", code=code())
        assert answer.status_code == 302, answer.content.decode()
        return self


def invented_key() -> dict[str, object]:
    """What the library keeps of a security key, made up."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    credential = secrets.token_bytes(16)
    attested = AttestedCredentialData.create(
        Aaguid.NONE,
        credential,
        ES256.from_cryptography_key(public),  # type: ignore[no-untyped-call]  # of fido2
    )
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, attested)
    client = CollectedClientData.create("webauthn.create", b"invented", "http://localhost")
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    written = websafe_encode(credential)
    return {
        "name": "invented",
        "credential": {
            "id": written,
            "rawId": written,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        },
    }


def with_key(account: Account) -> Browser:
    """Somebody who signed in with a security key just now.

    The key is invented: real ones are tried in tests/base/test_security_keys.py.
    """
    Authenticator.objects.get_or_create(
        user=account, type="webauthn", defaults={"data": invented_key()}
    )
    browser = Browser()
    browser.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    shown = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "webauthn", "at": time.time()},
    ]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = shown
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
    session[STARTED] = time.time()
    session.save()
    return browser


def cookie(browser: Client) -> str:
    """The value of the session's cookie."""
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def id_in(text: str) -> UUID:
    """The id in an address."""
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)
    assert found is not None
    return UUID(found[0])
