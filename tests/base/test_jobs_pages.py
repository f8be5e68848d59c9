"""The pages of long work: one's own, how far it is, and stopping it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.base.jobs.models import Job
from reunion.base.lists import ROWS
from tests.base.signing_in import Browser, member, with_key

pytestmark = pytest.mark.django_db


def job_of(account: Account, **fields: object) -> Job:
    values = {"kind": "synthetic_count", "queue": "counting", "queued_at": timezone.now()}
    return Job.objects.create(**values, asked_by=account.staff_id, **fields)


def text(browser: Browser, address: str) -> str:
    return str(browser.get(address).content.decode())


def test_one_sees_how_far_ones_own_job_is_and_stops_it() -> None:
    asker = member("asker", "statistician")
    job, browser = job_of(asker, state="running", done=30, total=40), with_key(asker)
    assert f"/jobs/{job.pk}/" in text(browser, "/jobs/")
    page = f"/jobs/{job.pk}/"
    assert "75" in text(browser, page)
    assert browser.send(page, f"{page}cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert 'action="retry/"' in text(browser, page)
    browser.send(page, f"{page}retry/")
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_job_that_is_over_is_not_cancelled() -> None:
    asker = member("asker", "statistician")
    job, browser = job_of(asker, state="done", ended_at=timezone.now()), with_key(asker)
    page = f"/jobs/{job.pk}/"
    assert "cancel/" not in text(browser, page)
    assert browser.send("/jobs/", f"{page}cancel/").status_code == 409
    job.refresh_from_db()
    assert job.state == "done"


def test_others_see_nothing_of_it_but_whoever_keeps_the_system() -> None:
    job = job_of(member("asker", "statistician"), state="failed")
    page = f"/jobs/{job.pk}/"
    other = with_key(member("other", "statistician"))
    assert str(job.pk) not in text(other, "/jobs/")
    assert other.get(page).status_code == 404
    assert other.send("/", f"{page}retry/").status_code == 404
    keeper = with_key(member("keeper", "administrator"))
    assert "synthetic_count".replace("_", " ").capitalize() in text(keeper, "/jobs/")
    assert keeper.send(page, f"{page}retry/").status_code == 302
    job.refresh_from_db()
    assert job.state == "queued"


def test_the_list_has_pages() -> None:
    asker = member("asker", "statistician")
    for _ in range(ROWS + 1):
        job_of(asker)
    browser = with_key(asker)
    assert text(browser, "/jobs/").count("<tr") == ROWS + 1
    assert text(browser, "/jobs/?page=2").count("<tr") == 2
