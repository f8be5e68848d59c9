"""What is sent to the internal site: never on a disk, and refused in a sentence if too large."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from reunion.base.attachments.rules import LARGEST
from tests.base.signing_in import Browser, member, with_app, with_key

pytestmark = pytest.mark.one_database

SENTENCE = "Nothing was done. Go back and send less: a smaller file, or a long text in parts."


def test_the_largest_attachment_is_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sent = SimpleUploadedFile("a.bin", b"x" * LARGEST)
    request = RequestFactory().post("/", {"file": sent, "reason": "synthetic"})
    assert int(request.META["CONTENT_LENGTH"]) <= settings.LARGEST_BODY
    assert isinstance(request.FILES["file"], InMemoryUploadedFile)
    assert request.FILES["file"].size == LARGEST
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("length", [str(LARGEST + 2**20 + 1), "-1", "many"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(length: str) -> None:
    browser = with_key(with_app(member("deng")))
    answer = browser.post("/me/language/", {"language": "en"}, CONTENT_LENGTH=length)
    assert answer.status_code == 413
    assert SENTENCE in answer.content.decode()


@pytest.mark.django_db
def test_so_is_a_form_with_too_long_a_text() -> None:
    browser = Browser()
    browser.get("/sign-in/")
    fields = f"login={'x' * (2**20 + 1)}"
    answer = browser.post("/sign-in/", fields, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert SENTENCE in answer.content.decode()
