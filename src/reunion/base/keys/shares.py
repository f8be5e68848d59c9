"""The escrow: a private key that any two of three custodians open, and no one of them alone.

For each two of them the sheet holds the private key in a box for the one inside a box for the
other. The sheet is not secret; it is kept with every backup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import combinations

from reunion.base.keys.envelope import EnvelopeDamaged, new_pair, open_sealed_to, public_of, seal_to
from reunion.base.keys.errors import EscrowNotOpened

CUSTODIANS = 3


def new_escrow(custodians: Mapping[str, bytes], number: int) -> tuple[bytes, str]:
    """The public key of a new escrow, and its sheet as JSON. The private key is not kept.

    Args:
        custodians: three names of offices and their public keys.

    Raises:
        EscrowNotOpened: there are not three custodians with three keys.
    """
    if len(custodians) != CUSTODIANS or len(set(custodians.values())) != CUSTODIANS:
        raise EscrowNotOpened(reason="three_custodians")
    private, public = new_pair()
    shares = [
        {"outer": one, "inner": other, "box": seal_to(key, seal_to(other_key, private)).hex()}
        for (one, key), (other, other_key) in combinations(custodians.items(), 2)
    ]
    sheet = {
        "kind": "reunion.escrow.1",
        "number": number,
        "public": public.hex(),
        "custodians": {name: key.hex() for name, key in custodians.items()},
        "shares": shares,
    }
    return public, json.dumps(sheet, ensure_ascii=False, indent=1) + "\n"


def open_escrow(sheet: str, one: bytes, other: bytes) -> bytes:
    """The private key of the escrow.

    Args:
        sheet: as `new_escrow` gave it.
        one: private key of a custodian; `other` that of another one, in either order.

    Raises:
        EscrowNotOpened: the sheet is not readable, or no share is for these two.
    """
    try:
        content = json.loads(sheet)
        names = {bytes.fromhex(key): name for name, key in content["custodians"].items()}
        boxes = {(s["outer"], s["inner"]): bytes.fromhex(s["box"]) for s in content["shares"]}
        public = bytes.fromhex(content["public"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EscrowNotOpened(reason="sheet") from error
    holders = {names.get(public_of(key)): key for key in (one, other)}
    for (outer, inner), box in boxes.items():
        if {outer, inner} == set(holders):
            private = _opened(box, holders[outer], holders[inner])
            if public_of(private) != public:
                raise EscrowNotOpened(reason="sheet")
            return private
    raise EscrowNotOpened(reason="two_custodians")


def _opened(box: bytes, outer: bytes, inner: bytes) -> bytes:
    try:
        return open_sealed_to(inner, open_sealed_to(outer, box))
    except EnvelopeDamaged as error:
        raise EscrowNotOpened(reason="share") from error
