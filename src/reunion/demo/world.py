"""Setting the demonstration up: agencies, people, posts and sign-ins, by the actions of pages."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from reunion.base.accounts.access import actor_at
from reunion.base.accounts.actions import note_factor_change, open_account, set_first_password
from reunion.base.accounts.models import Account
from reunion.base.accounts.rules import Factor, Shown, new_code
from reunion.base.actor import Actor
from reunion.base.operations.actions import FirstAdministrator, Made, set_up
from reunion.base.units.actions import appoint, enter_staff, open_unit
from reunion.base.units.models import Post, Staff, Unit
from reunion.base.units.pack import day_of, jurisdiction
from reunion.demo.actions import note_demo_account
from reunion.demo.cast import Cast, CastPerson, CastUnit
from reunion.packs.roles import Role, load_roles

OPENED = timedelta(days=60)
"""How long ago the system was set up, as its records tell it."""

STARTS = (
    ("units.administer", "account_list"),
    ("rights.handle", "rights"),
    ("approvals.decide", "proposal_list"),
    ("emergency.see", "breakglass_list"),
    ("correspondence.work", "item_list"),
    ("assignments.see", "assignment_list"),
    ("approvals.see", "proposal_list"),
    ("accounts.recover", "recovery_list"),
)
"""Where somebody starts: the page of the first of these permissions that they have."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is told of a sign-in: names of the role by language, and where to start."""

    login: str
    password: str
    role: str
    names: dict[str, str]
    start: str


@dataclass(slots=True)
class World:
    """The demonstration while it is made. Times are counted back from `at`."""

    cast: Cast
    seed: int
    at: datetime
    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    sign_ins: list[SignIn] = field(default_factory=list)

    def before(self, *, days: float = 0, hours: float = 0) -> datetime:
        """A moment so long ago."""
        return self.at - timedelta(days=days, hours=hours)

    def actor(self, login: str, at: datetime) -> Actor:
        """Somebody under their first post, who has just shown both factors."""
        shown = Shown(frozenset({Factor.TOTP}), at.timestamp(), at.timestamp())
        return actor_at(self.accounts[login], self.posts[login][0], shown)

    def random(self) -> random.Random:
        """Chance, the same for the same seed."""
        return random.Random(self.seed)  # noqa: S311  # no secret is made of it

    def set_up(self) -> Made:
        """Make the system, its agencies and its people."""
        at = self.before(days=OPENED.days)
        keys = list(self.cast.units)
        names = self._names()
        first, *others = self.cast.people
        made = self._installed(self.cast.units[keys[0]], first, names[first.login], at)
        for key in keys[1:]:
            self._open(self.cast.units[key], at)
        for person in others:
            self._enter(person, names[person.login], at)
        return made

    def _installed(self, top: CastUnit, person: CastPerson, name: str, at: datetime) -> Made:
        title, title_en = self._titles(top)
        first = FirstAdministrator(name, person.login, top.kind, title, title_en)
        made = set_up(first=first, synthetic=True, at=at)
        account = Account.objects.get(login=person.login)
        post = Post.objects.unscoped().get(staff=account.staff)
        self.units[top.key], self.posts[person.login] = post.unit, [post]
        self._give(account, made.code, at)
        return made

    def _open(self, wanted: CastUnit, at: datetime) -> None:
        region = jurisdiction().regions.find(wanted.region)
        name, name_en = self._titles(wanted)
        self.units[wanted.key] = open_unit(
            actor=self._administrator(at),
            code=f"demo-{wanted.key}",
            kind=wanted.kind,
            level=region.level if region else "",
            region=wanted.region,
            name=name,
            name_en=name_en,
            valid_from=day_of(at),
            at=at,
            parent=self.units[wanted.above].pk if wanted.above else None,
        )

    def _enter(self, person: CastPerson, name: str, at: datetime) -> None:
        by = self._administrator(at)
        region = self.units[person.posts[0][1]].region
        staff = enter_staff(actor=by, name=name, region=region, at=at)
        held = [self._appoint(by, staff, role, unit, at) for role, unit in person.posts]
        self.posts[person.login] = held
        account, code = open_account(actor=by, staff_id=staff.pk, login=person.login, at=at)
        self._give(account, code, at)

    def _appoint(self, by: Actor, staff: Staff, role: str, unit: str, at: datetime) -> Post:
        return appoint(
            actor=by,
            unit_id=self.units[unit].pk,
            staff_id=staff.pk,
            role=role,
            valid_from=day_of(at),
            at=at,
        )

    def _give(self, account: Account, code: str, at: datetime) -> None:
        """Give an account a password and an app, as its owner would."""
        password = f"demo-{new_code()[:12]}"
        account = set_first_password(login=account.login, code=code, password=password, at=at)
        TOTP.activate(account, generate_totp_secret())
        note_factor_change(account=account, act="totp_activated", at=at)
        self.accounts[account.login] = account
        role = load_roles()[self.posts[account.login][0].role]
        told = SignIn(account.login, password, role.code, dict(role.name), start_of(role))
        self.sign_ins.append(told)
        note_demo_account(actor=self._administrator(at), account=account, at=at)

    def _administrator(self, at: datetime) -> Actor:
        return self.actor(self.cast.people[0].login, at)

    def _names(self) -> dict[str, str]:
        """A name for each person, which says that it is synthetic."""
        surnames = self.random().sample(self.cast.surnames, len(self.cast.people))
        logins = (person.login for person in self.cast.people)
        pairs = zip(logins, surnames, strict=True)
        return {login: f"{surname}某（合成）" for login, surname in pairs}

    def _titles(self, unit: CastUnit) -> tuple[str, str]:
        """The names of an agency, made of the pack's words; they say that it is synthetic."""
        region = jurisdiction().regions.find(unit.region)
        kind = jurisdiction().agencies[unit.kind].names
        if region is None:
            raise LookupError(unit.region)
        return (
            f"合成{region.name('zh')}{kind['zh']}",
            f"Synthetic {kind['en']}, {region.name('en')}",
        )


def start_of(role: Role) -> str:
    """The page where somebody of a role starts."""
    return reverse(next((page for needs, page in STARTS if needs in role.may), "home"))
