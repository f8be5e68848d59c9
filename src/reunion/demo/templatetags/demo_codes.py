"""The code that an app would show, on the pages that ask for it."""

from __future__ import annotations

from django import template
from django.utils import timezone

from reunion.base.accounts.models import Account
from reunion.demo.access import CodeNow, code_now

register = template.Library()


@register.simple_tag
def demo_code(account: object) -> CodeNow | None:
    """The code of whoever is signing in, where theirs is a demo account."""
    return code_now(account, timezone.now()) if isinstance(account, Account) else None
