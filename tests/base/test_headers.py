"""Every answer of the internal site carries the same headers; every form needs its token."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

import reunion
from tests.base.signing_in import Answer, Browser, member, with_app, with_key
from tests.base.test_sign_in import addresses

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.one_database]

POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; img-src 'self'; object-src 'none'; script-src 'self' NONCE;"
    " style-src 'self' NONCE"
)
DRAWN = "style-src-attr 'unsafe-inline'"
"""What pages with charts have besides."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def differing(answer: Answer) -> dict[str, str | None]:
    """The headers of an answer that are not as they must be."""
    found = {name: answer.headers.get(name) for name in FIXED}
    wrong = {name: value for name, value in found.items() if value != FIXED[name]}
    policy = answer.headers.get("Content-Security-Policy", "")
    plain = re.sub(r" ?'nonce-[^']+'", "", policy)
    view = getattr(answer.resolver_match, "func", None) if answer.status_code == 200 else None
    relaxed = DRAWN if getattr(view, "draws_charts", False) else ""
    parts = sorted(part.strip() for part in plain.split(";") if part.strip() != relaxed)
    if "; ".join(parts) != POLICY.replace(" NONCE", ""):
        wrong["Content-Security-Policy"] = policy
    return wrong


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
def test_every_answer_has_the_headers_signed_in_or_not(method: str) -> None:
    account = member("deng", role="administrator", region="cn/15/")
    signed_in = with_key(account)
    for address in [*addresses().values(), "/nowhere/"]:
        plain = Client(raise_request_exception=False)
        plain.cookies = signed_in.cookies
        for client in (Client(), plain):
            answer = getattr(client, method)(address)
            assert differing(answer) == {}, f"{method} {address} {answer.status_code}"
        if "s" not in plain.cookies or not plain.cookies["s"].value:
            signed_in = with_key(account)


def test_no_form_is_taken_without_its_token() -> None:
    account = with_app(member("deng", role="administrator", region="cn/15/"))
    browser = with_key(account)
    for name, address in addresses().items():
        answer = browser.post(address, {"anything": "x"})
        is_for_programs = name.startswith("api_") and name not in {"api_docs", "api_description"}
        assert answer.status_code == (401 if is_for_programs else 403), name
        assert differing(answer) == {}


def test_a_token_of_another_browser_is_refused() -> None:
    with_app(member("deng"))
    other, browser = Browser(), Browser()
    page = other.get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    browser.get("/sign-in/")
    fields = {"login": "deng", "password": "x", "csrfmiddlewaretoken": token[1]}
    assert browser.post("/sign-in/", fields).status_code == 403


def test_templates_have_no_inline_style_and_no_inline_script() -> None:
    root = Path(reunion.__file__).parent
    templates = [*root.glob("web/templates/**/*.html"), *root.glob("base/*/templates/**/*.html")]
    assert len(templates) > 30
    for template in templates:
        text = template.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text), template
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert "src=" in attributes or 'type="application/json"' in attributes, template


def test_cookies_are_for_this_site_alone() -> None:
    account = with_app(member("deng"))
    browser = Browser().sign_in(account)
    session = browser.cookies["s"]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Strict", "/")
    assert browser.cookies["c"]["samesite"] == "Strict"
