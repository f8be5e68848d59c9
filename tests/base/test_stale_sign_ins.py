"""What signing in leaves behind is deleted in time, and nothing before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.utils import timezone

from reunion.base.accounts.actions import forget_stale
from reunion.base.accounts.models import Remembered, Session
from tests.base.signing_in import Browser, member, with_app

pytestmark = pytest.mark.django_db


def test_a_resting_session_and_old_attempts_go_and_younger_ones_stay() -> None:
    account = with_app(member("deng"))
    Browser().password("deng", "not the password")
    Browser().sign_in(account)
    Browser().password("wei", "not the password")
    now = timezone.now()
    forget_stale(at=now + timedelta(minutes=29))
    assert Session.objects.filter(account=account).exists()
    forget_stale(at=now + timedelta(minutes=31))
    assert not Session.objects.exists()
    forget_stale(at=now + timedelta(days=89))
    assert AccessAttempt.objects.exists()
    forget_stale(at=now + timedelta(days=91))
    assert not AccessAttempt.objects.exists()


def test_what_is_remembered_together_shows_no_name_and_goes_when_it_is_over() -> None:
    cache.add("totp.used?user=deng&code=123456", "y", timeout=30)
    row = Remembered.objects.get()
    assert "deng" not in row.cache_key
    assert "123456" not in row.cache_key
    forget_stale(at=timezone.now() + timedelta(seconds=10))
    assert not cache.add("totp.used?user=deng&code=123456", "y", timeout=30)
    forget_stale(at=timezone.now() + timedelta(seconds=40))
    assert not Remembered.objects.exists()
