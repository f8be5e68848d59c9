"""The guided tour as people walk it: its steps with names, addresses and who takes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from reunion.base.tour import Step, tour
from reunion.base.units.pack import region_label
from reunion.demo.cast import CastPerson, load_cast


@dataclass(frozen=True, slots=True)
class Stop:
    """One step.

    Args:
        number: as it is shown, from 1 on.
        text: with the names of regions in it.
        role: the code of the role under which it is taken; blank: nobody signs in.
        address: where a link leads; blank: it is for a terminal, or the site is not known.
    """

    number: int
    step: Step
    text: str
    role: str
    address: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who signs in for steps of these numbers."""

    login: str
    role: str
    numbers: tuple[int, ...]


def stops(done: Collection[int] = ()) -> list[Stop]:
    """All steps, in the language of the page; `done`: the places of those that are behind one."""
    cast = load_cast(settings.JURISDICTION)
    people = {one.login: one for one in cast.people}

    def region(login: str) -> str:
        return region_label(cast.units[people[login].posts[0][1]].region)

    return [
        Stop(
            number,
            step,
            str(step.text) % {"region": region(step.near)} if step.near else str(step.text),
            _role(people[step.login]) if step.login else "",
            _address(step),
            step.place in done,
        )
        for number, step in enumerate(tour(), 1)
    ]


def walkers(shown: list[Stop]) -> list[Walker]:
    """Who signs in, in the order of their first steps."""
    logins = dict.fromkeys(stop.step.login for stop in shown if stop.step.login)
    return [
        Walker(
            login,
            next(stop.role for stop in shown if stop.step.login == login),
            tuple(stop.number for stop in shown if stop.step.login == login),
        )
        for login in logins
    ]


def _role(person: CastPerson) -> str:
    return person.posts[0][0]


def _address(step: Step) -> str:
    if step.public:
        site: str = settings.PUBLIC_ADDRESS
        return site and site.rstrip("/") + step.public
    return step.address
