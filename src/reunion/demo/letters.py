"""What the public of the demonstration has sent, sealed as the public site seals it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.conf import settings

from reunion.base.correspondence.actions import answer, open_desk, read_item, take_up
from reunion.base.correspondence.models import Desk, DeskKey
from reunion.base.inbox.actions import PUBLIC, leave
from reunion.base.inbox.kinds import FAMILY_MESSAGE, RIGHTS_REQUEST, ItemKind
from reunion.base.inbox.models import Item
from reunion.base.inbox.receipts import KDF, code_from, keys_of
from reunion.base.inbox.rules import route
from reunion.base.inbox.sealing import Recipient
from reunion.base.keyring import Keyring
from reunion.demo.world import World

DESKS = ("county-police", "province-police", "nation-office")


def tell(world: World) -> str:
    """Open desks, send messages, answer one; the receipt of the answered one."""
    opened = world.before(days=50)
    by = world.actor("administrator", opened)
    desks = {
        desk.region: desk
        for key in DESKS
        for desk in [open_desk(actor=by, unit_id=world.units[key].pk, at=opened)]
    }
    county = world.units["county-police"].region
    province = world.units["province-police"].region
    new = "合成来信：我在车站见过一个孩子。Synthetic: I saw a child at the station."
    _sent(world, desks, FAMILY_MESSAGE, county, new, 2)
    hidden = "合成来信：请不要让本县的人看到。Synthetic: nobody in this county may read it."
    _sent(world, desks, FAMILY_MESSAGE, county, hidden, 10, excluded=[county])
    asked = "合成来信：请告诉我保存了我的哪些信息。Synthetic: what do you keep about me?"
    item, _code = _sent(world, desks, RIGHTS_REQUEST, province, asked, 6)
    _taken_up(world, "intake-operator-2", item, 5)
    far = "合成来信：我想找我的弟弟。Synthetic: I am looking for my brother."
    item, code = _sent(
        world, desks, FAMILY_MESSAGE, world.units["far-province-police"].region, far, 8
    )
    _answered(world, "secretariat", item, 4)
    return code


def _sent(
    world: World,
    desks: dict[str, Desk],
    kind: ItemKind,
    region: str,
    text: str,
    days: int,
    *,
    excluded: Iterable[str] = (),
) -> tuple[Item, str]:
    """A message of so many days ago, and its receipt."""
    chosen = route(region, list(excluded), desks)
    key = DeskKey.objects.get(desk=desks[chosen or ""], retired_at=None)
    code = code_from(secrets.token_bytes(32))
    # The keys of the public process: whoever makes a demonstration holds those of all processes.
    ring = Keyring(settings.KEYS / "public")
    item = leave(
        actor=PUBLIC,
        kind=kind.code,
        region=region,
        excluded=excluded,
        text=text,
        desk=Recipient(str(key.pk), bytes(key.public)),
        escrow=None,
        keys=keys_of(code, ring, KDF)[0],
        kdf_version=KDF.version,
        at=world.before(days=days),
    )
    return item, code


def _taken_up(world: World, login: str, item: Item, days: int) -> Item:
    at = world.before(days=days)
    by = world.actor(login, at)
    item, _lines = read_item(actor=by, item_id=item.pk, at=at)
    return take_up(actor=by, item_id=item.pk, at=at, version=item.version)


def _answered(world: World, login: str, item: Item, days: int) -> None:
    item = _taken_up(world, login, item, days)
    at = world.before(days=days)
    text = "合成答复：请到就近的派出所采血。Synthetic: please give a sample at a station near you."
    answer(actor=world.actor(login, at), item_id=item.pk, text=text, at=at, version=item.version)
