"""Second phase: whatever a file of a pack names in another file must be there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reunion.packs.errors import BadReference, BadValue, PackError

if TYPE_CHECKING:
    from reunion.packs.jurisdiction import Jurisdiction


def check_references(pack: Jurisdiction) -> Iterator[PackError]:
    """What names something that the pack does not have, or contradicts another file."""
    yield from _agencies(pack)
    yield from _ranks(pack)
    yield from _bodies(pack)
    yield from _programmes(pack)


def _agencies(pack: Jurisdiction) -> Iterator[PackError]:
    file = pack.manifest.path("agencies")
    for at, kind in enumerate(pack.agencies.values()):
        place = f"agency[{at}].title"
        yield from _missing(file, place, kind.levels, pack.regions.levels, "level")
    points = pack.manifest.path("collection_points")
    for at, point in enumerate(pack.collection.kinds.values()):
        place = f"kind[{at}].agency"
        yield from _missing(points, place, [point.agency], pack.agencies, "agency")


def _ranks(pack: Jurisdiction) -> Iterator[PackError]:
    file = pack.manifest.path("ranks")
    steps: set[tuple[str, int]] = set()
    for at, rank in enumerate(pack.ranks.values()):
        place = f"rank[{at}]"
        yield from _missing(file, f"{place}.agencies", rank.agencies, pack.agencies, "agency")
        step = rank.ladder, rank.order
        if step in steps:
            reason = f"the ladder {rank.ladder} has the step {rank.order} already"
            yield BadValue(file=file, path=f"{place}.order", reason=reason)
        steps.add(step)


def _bodies(pack: Jurisdiction) -> Iterator[PackError]:
    file = pack.manifest.path("bodies")
    for line, body in enumerate(pack.bodies.values(), 2):
        agency, successor = _given(body.agency), _given(body.successor)
        yield from _missing(file, f"line {line}, agency", agency, pack.agencies, "agency")
        yield from _missing(file, f"line {line}, successor", successor, pack.bodies, "body")
    conference = pack.manifest.path("conference")
    for line, member in enumerate(pack.conference, 2):
        yield from _missing(conference, f"line {line}, body", [member.body], pack.bodies, "body")


def _programmes(pack: Jurisdiction) -> Iterator[PackError]:
    file = pack.manifest.path("action_plan")
    for line, measure in enumerate(pack.plan, 2):
        yield from _missing(file, f"line {line}, lead", measure.lead, pack.bodies, "body")
        place = f"line {line}, cooperating"
        yield from _missing(file, place, measure.cooperating, pack.bodies, "body")
    file = pack.manifest.path("campaigns")
    for line, campaign in enumerate(pack.campaigns.values(), 2):
        yield from _missing(file, f"line {line}, lead", [campaign.lead], pack.bodies, "body")
        yield from _missing(file, f"line {line}, partners", campaign.partners, pack.bodies, "body")
    file = pack.manifest.path("reward_schemes")
    for line, tier in enumerate(pack.rewards, 2):
        if pack.regions.find_code(tier.region) is None:
            yield from _missing(file, f"line {line}, region", [tier.region], (), "region")


def _given(code: str) -> tuple[str, ...]:
    return (code,) if code else ()


def _missing(
    file: Path, place: str, codes: Iterable[str], known: Container[str], what: str
) -> Iterator[PackError]:
    for code in codes:
        if code not in known:
            yield BadReference(file=file, path=place, reason=f"the pack has no {what} {code!r}")
