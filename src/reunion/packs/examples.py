"""Third phase: the cases that a pack brings along, each with what must come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from reunion.packs.errors import BadExample, BadValue, PackError
from reunion.packs.shape import Entry, read_toml

if TYPE_CHECKING:
    from reunion.packs.jurisdiction import Jurisdiction

_KEYS = ("name", "about", "input", "output")


def check_examples(pack: Jurisdiction) -> Iterator[PackError]:
    """What comes out otherwise than the pack says; a pack must have examples."""
    file = pack.manifest.path("examples")
    try:
        top = read_toml(file)
        top.only("example")
        entries = list(top.entries("example"))
    except PackError as error:
        yield error
        return
    if not entries:
        yield BadValue(file=file, path="example", reason="a pack has at least one example")
    for entry in entries:
        try:
            _check(pack, entry)
        except PackError as error:
            yield error


def _check(pack: Jurisdiction, entry: Entry) -> None:
    """Run one example."""
    entry.only(*_KEYS)
    name, about = entry.text("name"), entry.text("about")
    if about not in SUBJECTS:
        raise entry.wrong("about", f"{about} is not one of {', '.join(SUBJECTS)}")
    keys, run = SUBJECTS[about]
    given = entry.entry("input")
    given.only(*keys)
    wanted = entry.values.get("output")
    if wanted is None:
        raise entry.wrong("output", "missing")
    found = run(pack, given)
    if found != wanted or type(found) is not type(wanted):
        raise BadExample(file=entry.file, path=entry.path, name=name, found=found, wanted=wanted)


def _at(given: Entry) -> date | None:
    return given.day("at") if "at" in given.values else None


def _path(pack: Jurisdiction, given: Entry) -> object:
    region = pack.regions.find_code(given.text("code"), _at(given))
    return region.path if region else ""


def _named(pack: Jurisdiction, given: Entry) -> object:
    return [region.path for region in pack.regions.find_name(given.text("name"), _at(given))]


def _search(pack: Jurisdiction, given: Entry) -> object:
    found = pack.regions.search(given.text("text"), _at(given))
    return [region.path for region in found]


def _nearest(pack: Jurisdiction, given: Entry) -> object:
    level = given.text("level")
    if level not in pack.regions.levels:
        raise given.wrong("level", f"{level} is not one of {', '.join(pack.regions.levels)}")
    found = pack.regions.nearest(given.number("lon"), given.number("lat"), level=level)
    return found[0][0].path if found else ""


def _successors(pack: Jurisdiction, given: Entry) -> object:
    found = pack.regions.successors(given.text("code"), given.day("at"))
    return [region.path for region in found]


def _children(pack: Jurisdiction, given: Entry) -> object:
    region = pack.regions.find(given.text("path"))
    return len(pack.regions.children(region, _at(given))) if region else 0


def _count(pack: Jurisdiction, given: Entry) -> object:
    root = pack.regions.root.path
    return sum(1 for _ in pack.regions.within(root, level=given.text("level"), at=_at(given)))


def _working_day(pack: Jurisdiction, given: Entry) -> object:
    return pack.calendar.is_working_day(given.day("day"))


def _due_date(pack: Jurisdiction, given: Entry) -> object:
    return pack.calendar.due_date(given.day("start"), given.whole("working_days")).day


def _coverage(pack: Jurisdiction, given: Entry) -> object:
    return pack.calendar.coverage(given.whole("year")).value


def _age(pack: Jurisdiction, given: Entry) -> object:
    rule = pack.ages.get(given.text("rule"))
    if rule is None:
        raise given.wrong("rule", f"the pack has no age {given.text('rule')!r}")
    return rule.holds(given.day("born"), given.day("on"))


def _alert(pack: Jurisdiction, given: Entry) -> object:
    return pack.alerts.radius_km(given.number("hours"))


def _term(pack: Jurisdiction, given: Entry) -> object:
    term = pack.terms.get(given.text("code"))
    return dict(term.names) if term else ""


SUBJECTS: Mapping[str, tuple[tuple[str, ...], Callable[[Jurisdiction, Entry], object]]] = {
    "path": (("code", "at"), _path),
    "named": (("name", "at"), _named),
    "search": (("text", "at"), _search),
    "nearest": (("lon", "lat", "level"), _nearest),
    "successors": (("code", "at"), _successors),
    "children": (("path", "at"), _children),
    "count": (("level", "at"), _count),
    "working_day": (("day",), _working_day),
    "due_date": (("start", "working_days"), _due_date),
    "coverage": (("year",), _coverage),
    "age": (("rule", "born", "on"), _age),
    "alert": (("hours",), _alert),
    "term": (("code",), _term),
}
"""What an example may be about: the keys of its input, and what answers it."""
