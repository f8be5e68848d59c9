"""How far a notice about somebody who has just disappeared goes, by the hours gone by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from reunion.packs.basis import BASIS_KEYS, Basis, basis_of
from reunion.packs.errors import BadValue
from reunion.packs.rows import each
from reunion.packs.shape import Entry, read_toml


@dataclass(frozen=True, slots=True)
class Ring:
    """The radius in km up to so many hours since the loss; `until_hours` none: from then on."""

    radius_km: float
    until_hours: float | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """The rings, the smallest first; the last one has no end."""

    rings: tuple[Ring, ...]
    basis: Basis

    def radius_km(self, hours: float) -> float:
        """The radius at a time, in hours since the loss.

        >>> from reunion.packs.basis import Status
        >>> rings = (Ring(100, 1), Ring(500, None))
        >>> alerts = Alerts(rings, Basis("", Status.UNVERIFIED))
        >>> alerts.radius_km(1), alerts.radius_km(1.1)
        (100, 500)
        """
        return next(
            r.radius_km for r in self.rings if r.until_hours is None or hours <= r.until_hours
        )


def read_alerts(file: Path) -> Alerts:
    """The rings of a pack.

    Raises:
        PackError: names the place that is wrong.
    """
    top = read_toml(file)
    top.only("ring", *BASIS_KEYS)
    rings = each(_ring, top.entries("ring"))
    if not rings or rings[-1].until_hours is not None:
        raise BadValue(file=file, path="ring", reason="the last ring has no until_hours")
    for at, (one, after) in enumerate(pairwise(rings), 1):
        is_later = after.until_hours is None or (one.until_hours or 0) < after.until_hours
        if one.until_hours is None or not is_later or one.radius_km >= after.radius_km:
            reason = "each ring is larger and later than the one before it"
            raise BadValue(file=file, path=f"ring[{at}]", reason=reason)
    return Alerts(rings, basis_of(top))


def _ring(entry: Entry) -> Ring:
    entry.only("radius_km", "until_hours")
    radius = entry.number("radius_km")
    hours = entry.number("until_hours") if "until_hours" in entry.values else None
    if radius <= 0 or (hours is not None and hours <= 0):
        raise entry.wrong("radius_km", "numbers above 0 are wanted")
    return Ring(radius, hours)
