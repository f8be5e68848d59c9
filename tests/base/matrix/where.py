"""Where a record lies, seen from an actor of the access matrix, and what then opens it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reunion.base.accounts.models import Account
from reunion.base.actor import Actor
from reunion.base.permissions.actions import exclude, grant
from reunion.base.permissions.declare import METHODS
from reunion.base.permissions.models import Opening
from reunion.base.permissions.rules import is_visible
from reunion.base.records import Record
from reunion.base.units.models import Unit
from tests.cast import TODAY, administrator

HOME = "cn/15/1506/"
"""The prefecture that every actor of the matrix works for."""


class Relation(StrEnum):
    """Where the actor's region lies, seen from the record's."""

    OWN = "own"
    ABOVE = "above"
    BELOW = "below"
    SIBLING = "sibling"
    EXCLUDED = "excluded"  # the same region, from which the record is hidden
    GRANTED = "granted"  # another region; a grant puts the record into the actor's lists
    NAMED = "granted by name"  # another region; a grant opens it to whoever knows its id


REGIONS = {
    Relation.OWN: HOME,
    Relation.ABOVE: "cn/15/1506/150602/",
    Relation.BELOW: "cn/15/",
    Relation.SIBLING: "cn/15/1502/",
    Relation.EXCLUDED: HOME,
    Relation.GRANTED: "cn/15/1502/",
    Relation.NAMED: "cn/15/1502/",
}
"""The region of the record in each relation."""

Rule = Callable[[Actor, str], bool]


@dataclass(frozen=True)
class Place:
    """A record in its place.

    Args:
        kwargs: what stands in the address.
        reached: whether an actor reaches it by a method, whose role may reach the page.
    """

    kwargs: dict[str, object]
    reached: Rule


def always(actor: Actor, method: str) -> bool:
    """No rule but the region's."""
    return True


def agency(region: str) -> Unit:
    """The agency of a region in the matrix; that of HOME is the actors' own."""
    code = f"matrix-{region.strip('/').replace('/', '-')}"
    levels = {2: "province", 3: "prefecture", 4: "county"}
    known = Unit.objects.unscoped().filter(code=code).first()
    return known or Unit.objects.unscoped().create(
        code=code,
        kind="police",
        level=levels[region.count("/")],
        region=region,
        name_en="Synthetic agency",
        name="虚构单位",
        valid_from=TODAY,
    )


@dataclass(frozen=True)
class Where:
    """For whom and in which place a record is made."""

    relation: Relation
    actor: Actor
    account: Account
    at: datetime

    @property
    def region(self) -> str:
        """Of the record."""
        return REGIONS[self.relation]

    @property
    def unit(self) -> Unit:
        """The agency of the record's region; in the actor's own region, the actor's."""
        return agency(self.region)

    def is_visible(self, *, by_name: bool) -> bool:
        """What the pure rule says about a record in this place."""
        is_granted = self.relation is Relation.GRANTED or (
            by_name and self.relation is Relation.NAMED
        )
        excluded = (HOME,) if self.relation is Relation.EXCLUDED else ()
        return is_visible(HOME, self.region, granted=is_granted, excluded=excluded)

    def opened(self, record: Record) -> None:
        """Write the grant or the exclusion that the place speaks of."""
        by = administrator()
        if self.relation is Relation.EXCLUDED:
            exclude(actor=by, subject=record, basis="synthetic", at=self.at, region=HOME)
        if self.relation in {Relation.GRANTED, Relation.NAMED}:
            opening = Opening.LISTED if self.relation is Relation.GRANTED else Opening.NAMED
            grant(actor=by, subject=record, basis="synthetic", at=self.at,
                  unit=self.actor.unit, opening=opening)  # fmt: skip

    def scoped(
        self,
        record: Record,
        *,
        by_name: Collection[str] = METHODS,
        also: Rule = always,
        **kwargs: object,
    ) -> Place:
        """The place of a record that region, grants and exclusions decide about.

        Args:
            by_name: the methods that a grant by name opens; whoever is only to look acts not.
            also: what must hold beside it.
            kwargs: of the address, where it is not the record's `pk`.
        """
        self.opened(record)

        def reached(actor: Actor, method: str) -> bool:
            return self.is_visible(by_name=method in by_name) and also(actor, method)

        return Place(kwargs or {"pk": record.pk}, reached)

    def of(self, record_pk: object, *relations: Relation, also: Rule = always) -> Place:
        """The place of a record that has a rule of its own: the relations in which it opens."""
        is_open = self.relation in relations
        return Place({"pk": record_pk}, lambda actor, method: is_open and also(actor, method))


Builder = Callable[[Where], Place]
PLACES: dict[str, Builder] = {}
OWN: set[str] = set()
"""Names of addresses whose record belongs to one person: made anew for each actor."""


def place(*names: str, own: bool = False) -> Callable[[Builder], Builder]:
    """Register the builder of the records that stand in these addresses."""

    def register(build: Builder) -> Builder:
        for name in names:
            if name in PLACES:
                raise ValueError(f"two builders for {name}")
            PLACES[name] = build
        OWN.update(names if own else ())
        return build

    return register


def holding(permission: str) -> Rule:
    """The role must hold another permission beside the page's."""
    return lambda actor, method: actor.may(permission)
