"""The menu of the internal site: in groups, each with the pages that the reader's post opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reunion.base.accounts.middleware import Found
from reunion.base.accounts.rules import Standing
from reunion.base.actor import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu.

    Args:
        page: the name of its address.
        needs: the permission that opens it.
        unless: whoever holds this permission finds the page in another way.
    """

    page: str
    words: Promise
    needs: str = ""
    unless: str = ""

    def is_for(self, actor: Actor) -> bool:
        return actor.may(self.needs) and not (self.unless and actor.may(self.unless))


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    words: Promise
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one heading."""

    words: Promise
    links: list[Link]

    @property
    def is_current(self) -> bool:
        return any(link.is_current for link in self.links)


PRACTICE = (
    (Entry("practicecase_list", _("Practice cases"), "assignments.see"),)
    if settings.MODE == "demo"
    else ()
)

MENU: tuple[tuple[Promise, tuple[Entry, ...]], ...] = (
    (
        _("My work"),
        (
            Entry("assignment_list", _("Assignments"), "assignments.see"),
            Entry("proposal_list", _("Approvals"), "approvals.see"),
            Entry("item_list", _("Messages from the public"), "correspondence.see"),
            Entry("notice_list", _("Notices"), "notices.see"),
            Entry("job_list", _("Long work"), "jobs.see"),
            Entry("breakglass_own", _("In an emergency"), "emergency.open"),
            Entry("breach_new", _("Report a breach"), "rights.report_breach", "rights.see"),
            *PRACTICE,
        ),
    ),
    (
        _("People and units"),
        (
            Entry("unit_list", _("Units"), "units.see"),
            Entry("staff_list", _("Staff"), "units.administer"),
            Entry("account_list", _("Accounts"), "accounts.administer"),
            Entry("recovery_list", _("Lost factors"), "accounts.recover"),
            Entry("desk_list", _("Desks"), "correspondence.administer"),
            Entry("token_register", _("Tokens of programs"), "tokens.administer"),
            Entry("webhook_list", _("Webhooks"), "webhooks.administer"),
        ),
    ),
    (
        _("Oversight"),
        (
            Entry("rights", _("Rights"), "rights.see"),
            Entry("basis_find", _("Legal bases"), "rights.record_basis", "rights.see"),
            Entry("breakglass_list", _("Emergency openings"), "emergency.see"),
            Entry("treehead_list", _("Audit trail"), "audit.see"),
        ),
    ),
)
"""A room adds the pages that people look for; what belongs to one record is linked from it."""

OWN = (
    Entry("sessions", _("My sessions")),
    Entry("mfa_index", _("My second factors")),
    Entry("token_list", _("My tokens")),
)
LEAVE = Entry("account_logout", _("Sign out"))


def menu(gate: Found | None, actor: Actor | None, path: str) -> list[Group]:
    """The groups for whoever reads a page; a group without a link is not there."""
    return [Group(words, links) for words, links in _groups(gate, actor, path) if links]


def _groups(
    gate: Found | None, actor: Actor | None, path: str
) -> Iterator[tuple[Promise, list[Link]]]:
    if actor is not None:
        for words, entries in MENU:
            yield words, [_link(entry, path) for entry in entries if entry.is_for(actor)]
    if gate is not None and gate.account is not None:
        own = (*OWN, LEAVE) if gate.standing is Standing.COMPLETE else (LEAVE,)
        yield _("My account"), [_link(entry, path) for entry in own]


def _link(entry: Entry, path: str) -> Link:
    address = reverse(entry.page)
    return Link(entry.words, address, path.startswith(address))
