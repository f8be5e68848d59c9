"""Attachments: sealed on the disk, opened through their record only, and given as downloads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase
from PIL import Image

from reunion.base.actor import Actor, Purpose
from reunion.base.attachments import store
from reunion.base.attachments.access import attachment_for, attachments_of
from reunion.base.attachments.actions import (
    attach,
    destroy_original,
    open_attachment,
    open_original,
)
from reunion.base.attachments.models import Attachment
from reunion.base.attachments.owners import OWNERS, owner
from reunion.base.attachments.rules import (
    BLOCK,
    FILES_OF_A_RECORD,
    AttachmentRefused,
    Kind,
    OriginalState,
    size_bucket,
)
from reunion.base.attachments.work import sweep_files
from reunion.base.audit.models import AuditEntry, Step
from reunion.base.errors import (
    ChangedMeanwhile,
    MoveRefused,
    NotFound,
    NotPermitted,
    PurposeMissing,
    RuleBroken,
)
from reunion.base.keys.actions import destroy_person_key
from reunion.base.keys.envelope import EnvelopeDamaged
from reunion.base.keys.errors import KeyDestroyed
from reunion.base.units.access import unit_for
from reunion.base.units.models import Unit
from tests.base.signing_in import Browser, member, police, with_key
from tests.cast import NOW, acting

pytestmark = pytest.mark.django_db

MARK = b"SYNTHETICMARK"
COUNTY = "cn/15/1506/150602/"


@pytest.fixture(autouse=True)
def units_have_attachments(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room above base is needed: here the records are units."""
    monkeypatch.setitem(OWNERS, "units.unit", unit_for)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def leader(region: str = COUNTY) -> Actor:
    """Ms Han, a case leader."""
    verbs = ("see", "add", "open_original", "destroy_original")
    return acting("case_leader", region, "units.see", *(f"attachments.{verb}" for verb in verbs))


def photograph() -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "JPEG", comment=MARK)
    return out.getvalue()


def attached(
    unit: Unit | None = None, subject: UUID | None = None, *, keep: bool = True, data: bytes = b""
) -> Attachment:
    return attach(
        actor=leader(), owner=unit or police(), subject=subject or uuid4(),
        data=data or photograph(), at=NOW, keep_original=keep,
    )  # fmt: skip


def stored_files() -> list[Path]:
    return [path for path in Path(settings.HOME).rglob("*") if path.is_file()]


def destroyed(row: Attachment, reason: str = "the giver asked") -> Attachment:
    return destroy_original(
        actor=leader(), attachment_id=row.pk, version=row.version, reason=reason, at=NOW
    )


@pytest.mark.threat("T2")
def test_the_clean_file_comes_back_without_its_notes_and_the_original_with_them() -> None:
    row = attached()
    clean = open_attachment(actor=leader(), attachment=row, at=NOW)
    assert MARK not in clean
    with Image.open(BytesIO(clean)) as picture:
        assert picture.size == (20, 10)
    why = leader().stating(Purpose.OWN_CASE, "SYN-1")
    assert open_original(actor=why, attachment=row, at=NOW) == photograph()


def test_every_act_leaves_an_entry_and_a_reading_too() -> None:
    row = attached()
    open_attachment(actor=leader(), attachment=row, at=NOW)
    open_original(actor=leader().stating(Purpose.INSPECTION), attachment=row, at=NOW)
    destroyed(row)
    entries = AuditEntry.objects.filter(subject=row.pk).order_by("pk")
    acts = ["attach", "read_attachment", "read_original", "original.destroy"]
    assert [entry.act for entry in entries] == acts
    assert entries[2].purpose == "inspection"
    assert Step.objects.get(subject=row.pk).reason == "the giver asked"


@pytest.mark.threat("T2")
def test_files_on_the_disk_are_sealed_padded_nameless_and_timeless() -> None:
    row = attached()
    files = stored_files()
    clean = open_attachment(actor=leader(), attachment=row, at=NOW)
    assert {path.name for path in files} == {row.stored, row.original}
    for path in files:
        for plain in (MARK, photograph()[:16], clean[:16]):  # fewer bytes may occur by chance
            assert plain not in path.read_bytes()
        assert BLOCK <= path.stat().st_size < 3 * BLOCK
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        assert moment == NOW.replace(hour=0, minute=0)
        assert path.stat().st_mode & 0o077 == 0


def test_sizes_are_kept_as_powers_of_two_only() -> None:
    assert attached().size_bucket == 2 * size_bucket(1)


def test_an_attachment_is_seen_through_its_record_only() -> None:
    row = attached()
    assert attachment_for(leader(), row.pk, NOW) == row
    assert list(attachments_of(leader(), police())) == [row]
    outsider = leader("cn/65/")
    without_role = acting("family", COUNTY, "units.see")
    for actor, pk in ((outsider, row.pk), (without_role, row.pk), (leader(), uuid4())):
        with pytest.raises(NotFound, match="attachment"):
            attachment_for(actor, pk, NOW)


def test_an_attachment_of_a_record_that_nobody_fetches_is_seen_by_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = attached()
    monkeypatch.delitem(OWNERS, "units.unit")
    with pytest.raises(NotFound):
        attachment_for(leader(), row.pk, NOW)


def test_permissions_are_asked_for_by_every_act() -> None:
    row = attached()
    reader = acting("collector", COUNTY, "units.see", "attachments.see")
    with pytest.raises(NotPermitted):
        attach(actor=reader, owner=police(), subject=uuid4(), data=photograph(), at=NOW)
    with pytest.raises(NotPermitted):
        open_original(actor=reader.stating(Purpose.OWN_CASE), attachment=row, at=NOW)
    with pytest.raises(NotPermitted):
        destroy_original(
            actor=reader, attachment_id=row.pk, version=row.version, reason="x", at=NOW
        )
    with pytest.raises(NotPermitted):
        open_attachment(actor=acting("family", COUNTY), attachment=row, at=NOW)


def test_an_original_opens_only_for_a_stated_purpose() -> None:
    with pytest.raises(PurposeMissing):
        open_original(actor=leader(), attachment=attached(), at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.threat("T2")
def test_a_destroyed_original_is_gone_from_the_disk_and_its_key_too() -> None:
    row = attached()
    copy = Attachment.objects.get(pk=row.pk)
    content = store.get(copy.original or "")
    after = destroyed(row)
    assert (after.state, after.original) == (OriginalState.DESTROYED, None)
    assert [path.name for path in stored_files()] == [row.stored]
    store.path_of(copy.original or "").write_bytes(content)  # from a backup of the files
    with pytest.raises(KeyDestroyed):
        open_original(actor=leader().stating(Purpose.OWN_CASE), attachment=copy, at=NOW)
    with pytest.raises(NotFound):
        open_original(actor=leader().stating(Purpose.OWN_CASE), attachment=after, at=NOW)
    with pytest.raises(MoveRefused):
        destroyed(after)
    open_attachment(actor=leader(), attachment=after, at=NOW)


def test_destroying_takes_a_reason_and_the_version_that_was_shown() -> None:
    row = attached()
    with pytest.raises(RuleBroken, match="reason_given"):
        destroyed(row, reason=" ")
    with pytest.raises(ChangedMeanwhile):
        destroy_original(actor=leader(), attachment_id=row.pk, version=9, reason="x", at=NOW)


@pytest.mark.threat("T2")
def test_whoever_hands_in_may_choose_that_no_original_is_kept() -> None:
    row = attached(keep=False)
    assert row.state == OriginalState.DESTROYED
    assert [path.name for path in stored_files()] == [row.stored]


def test_a_recording_that_cannot_be_cleaned_is_kept_sealed_and_only_as_an_original() -> None:
    film = b"\0\0\0\x20ftypisom" + bytes(200)
    row = attached(data=film)
    assert (row.kind, row.stored, row.notes) == (Kind.MP4, None, ["not_cleaned"])
    with pytest.raises(NotFound):
        open_attachment(actor=leader(), attachment=row, at=NOW)
    why = leader().stating(Purpose.OWN_CASE)
    assert open_original(actor=why, attachment=row, at=NOW) == film
    with pytest.raises(RuleBroken, match="recording_needs_its_original"):
        attached(data=film, keep=False)


@pytest.mark.threat("T18")
def test_a_refused_file_leaves_nothing() -> None:
    with pytest.raises(AttachmentRefused, match="web_page"):
        attached(data=b"<svg onload='alert(1)'/>")
    assert not Attachment.objects.exists()
    assert stored_files() == []


def test_with_the_key_of_the_person_all_of_their_files_are_gone() -> None:
    person = uuid4()
    row = attached(subject=person)
    one, other = (acting("key_holder", "cn/", "keys.destroy") for _ in range(2))
    destroy_person_key(actor=one, approver=other, subject=person, at=NOW)
    with pytest.raises(KeyDestroyed):
        open_attachment(actor=leader(), attachment=row, at=NOW)
    with pytest.raises(KeyDestroyed):
        open_original(actor=leader().stating(Purpose.OWN_CASE), attachment=row, at=NOW)
    with pytest.raises(KeyDestroyed):
        attached(subject=person)


def test_a_file_of_one_attachment_does_not_open_as_another() -> None:
    person = uuid4()
    row, other = attached(subject=person), attached(subject=person)
    store.path_of(row.stored or "").write_bytes(store.get(other.stored or ""))
    with pytest.raises(EnvelopeDamaged):
        open_attachment(actor=leader(), attachment=row, at=NOW)


def test_a_record_holds_so_many_files_and_no_more() -> None:
    unit = police()
    row = attached(unit)
    for _ in range(FILES_OF_A_RECORD - 1):
        row.pk, row.stored, row.original = uuid4(), uuid4().hex, uuid4().hex
        row.save(force_insert=True)
    with pytest.raises(RuleBroken, match="files_of_a_record"):
        attached(unit)
    attached(police("cn/65/", "province"))


def test_a_record_holds_so_many_bytes_and_no_more() -> None:
    unit = police()
    row = attached(unit)
    Attachment.objects.filter(pk=row.pk).update(size_bucket=500 * 2**20)
    with pytest.raises(RuleBroken, match="bytes_of_a_record"):
        attached(unit)


def test_what_a_failed_transaction_leaves_is_swept_and_nothing_else() -> None:
    row = attached()
    with transaction.atomic():
        attached()
        transaction.set_rollback(True)
    assert len(stored_files()) == 4
    sweep_files(NOW + timedelta(days=1))
    assert len(stored_files()) == 4, "an upload may still be going on"
    sweep_files(NOW + timedelta(days=3))
    assert {path.name for path in stored_files()} == {row.stored, row.original}


def test_the_database_refuses_a_sealed_original_without_a_file() -> None:
    row = attached()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(original=None)


def test_two_rooms_do_not_both_own_one_kind_of_record() -> None:
    with pytest.raises(ValueError, match="two owners"):
        owner("units.unit")(unit_for)


def browser_of(role: str = "case_leader", region: str = "cn/15/") -> Browser:
    return with_key(member(f"{role}-{region.count('/')}", role=role, region=region))


def assert_is_download(answer: HttpResponseBase) -> None:
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.threat("T18")
def test_both_files_are_given_as_downloads_only() -> None:
    row = attached()
    browser = browser_of()
    page = f"/attachments/{row.pk}/"
    shown = browser.get(page).content.decode()
    assert "Download the clean file" in shown
    assert "may identify its source" in shown
    file = browser.get(f"{page}file/")
    assert_is_download(file)
    assert MARK not in file.content
    original = browser.send(page, f"{page}original/", purpose="own_case", case="SYN-1")
    assert_is_download(original)
    assert original.content == photograph()


@pytest.mark.threat("T18")
def test_an_original_is_not_given_to_a_link_or_without_a_purpose() -> None:
    row = attached()
    browser = browser_of()
    page = f"/attachments/{row.pk}/"
    assert browser.get(f"{page}original/?purpose=own_case").status_code == 405
    assert browser.send(page, f"{page}original/", purpose="").status_code == 400
    assert not AuditEntry.objects.filter(act="read_original").exists()


def test_an_original_is_destroyed_by_the_button_of_its_page() -> None:
    row = attached()
    browser = browser_of()
    page = f"/attachments/{row.pk}/"
    browser.send(page, f"{page}destroy/", version="1", reason="")
    assert Attachment.objects.get(pk=row.pk).state == OriginalState.SEALED
    browser.send(page, f"{page}destroy/", version="1", reason="the giver asked")
    assert Attachment.objects.get(pk=row.pk).state == OriginalState.DESTROYED
    assert "Download the original" not in browser.get(page).content.decode()


def test_an_outsider_and_a_role_without_the_permission_find_no_page() -> None:
    row = attached()
    outside, administrator = browser_of(region="cn/65/"), browser_of("administrator")
    for browser in (outside, administrator):
        for path in ("", "file/"):
            assert browser.get(f"/attachments/{row.pk}/{path}").status_code == 404
