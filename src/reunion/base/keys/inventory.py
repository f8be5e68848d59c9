"""The table of all keys, of which docs/crypto_inventory.md is made."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class KeyKind:
    """One kind of key.

    Args:
        name: of the files in a keyring, NAME.VERSION; of others, a word.
        algorithm: what it is used with.
        holder: the processes or people that hold it.
        used_for: what it protects.
        bound: how many uses one key may have, where that matters.
        rotation: what takes its place, and how.
        quantum: whether a large quantum computer would break it.
    """

    name: str
    algorithm: str
    holder: str
    used_for: str
    bound: str
    rotation: str
    quantum: bool


SYMMETRIC = "random; no bound in reach"
GCM = "2^32 envelopes"

KEYS = (
    KeyKind(
        "site",
        "HMAC-SHA-256",
        "each process its own",
        "signs cookies and forms",
        SYMMETRIC,
        "new version; sessions end",
        quantum=False,
    ),
    KeyKind(
        "kek",
        "AES-256-GCM",
        "internal",
        "wraps the data keys of persons",
        f"{GCM}: one for each person",
        "`reunion keys rotate`; old versions go with `reunion keys retire`",
        quantum=False,
    ),
    KeyKind(
        "data key",
        "AES-256-GCM",
        "nobody: wrapped in the database",
        "identity fields and files of one person; each original file has another",
        f"{GCM}: a few hundred",
        "none: destroyed with the person's data",
        quantum=False,
    ),
    KeyKind(
        "index",
        "HMAC-SHA-256, 16 bytes kept",
        "internal",
        "search tokens",
        SYMMETRIC,
        "new version; a person moves to it when indexed again",
        quantum=False,
    ),
    KeyKind(
        "factors",
        "AES-256-GCM",
        "internal",
        "second factors of accounts",
        f"{GCM}: a few for each account",
        "new version; old ones still open what they closed",
        quantum=False,
    ),
    KeyKind(
        "sessions",
        "AES-256-GCM",
        "internal",
        "the contents of sessions",
        f"{GCM}: one for each page; a new version each year",
        "new version; old ones still open what they closed",
        quantum=False,
    ),
    KeyKind(
        "queries",
        "AES-256-GCM",
        "internal",
        "saved searches, and what a large export is filtered by",
        f"{GCM}: a few for each person",
        "new version; old ones still open what they closed",
        quantum=False,
    ),
    KeyKind(
        "audit",
        "HMAC-SHA-256",
        "signer",
        "chains the seals of the audit trail",
        SYMMETRIC,
        "new version begins a new epoch; old ones still check",
        quantum=False,
    ),
    KeyKind(
        "head",
        "Ed25519",
        "signer",
        "signs tree heads of the audit trail",
        SYMMETRIC,
        "new version, announced in a head that the old one signs",
        quantum=True,
    ),
    KeyKind(
        "digests",
        "HMAC-SHA-256",
        "internal",
        "values before and after a change, in the audit trail",
        SYMMETRIC,
        "new version; old ones still check",
        quantum=False,
    ),
    KeyKind(
        "pepper",
        "HMAC-SHA-256",
        "public",
        "finds an item by its receipt, and opens its key for the sender",
        SYMMETRIC,
        "new version; an item moves to it when its sender comes back",
        quantum=False,
    ),
    KeyKind(
        "salt",
        "Argon2id",
        "public",
        "salt of the slow hash of receipts",
        "one for all receipts, as look-up needs it",
        "none: old receipts would be lost",
        quantum=False,
    ),
    KeyKind(
        "tickets",
        "HMAC-SHA-256",
        "public",
        "tickets of forms, and the receipt that comes of one",
        SYMMETRIC,
        "new version; forms that are open at that moment are given out again",
        quantum=False,
    ),
    KeyKind(
        "capability",
        "AES-256-GCM",
        "public, in memory",
        "keeps a conversation open for some minutes",
        f"{GCM}: gone with the process",
        "at each start",
        quantum=False,
    ),
    KeyKind(
        "item key",
        "AES-256-GCM",
        "nobody: boxed in the database",
        "one item of the public and its messages",
        f"{GCM}: a few hundred",
        "none: destroyed with the item",
        quantum=False,
    ),
    KeyKind(
        "desk",
        "AES-256-GCM",
        "internal",
        "seals the private keys of desks",
        f"{GCM}: one for each desk",
        "new version; old ones still open what they closed",
        quantum=False,
    ),
    KeyKind(
        "desk pair",
        "X25519 box of libsodium",
        "public part everywhere; private part sealed, internal",
        "boxes of item keys for a desk",
        SYMMETRIC,
        "new pair for a desk; old private parts stay sealed",
        quantum=True,
    ),
    KeyKind(
        "tokens",
        "HMAC-SHA-256",
        "internal",
        "digests of the tokens of programs",
        SYMMETRIC,
        "new version; old ones still find the tokens that they know, for 90 days",
        quantum=False,
    ),
    KeyKind(
        "answers",
        "AES-256-GCM",
        "internal",
        "answers to programs, kept for a day",
        f"{GCM}: one for each act of a program",
        "new version; old ones still open what they closed",
        quantum=False,
    ),
    KeyKind(
        "webhooks",
        "AES-256-GCM",
        "internal",
        "seals the secrets of webhooks",
        f"{GCM}: one for each webhook",
        "new version; old ones still open what they closed",
        quantum=False,
    ),
    KeyKind(
        "webhook secret",
        "HMAC-SHA-256",
        "one program; sealed, internal",
        "signs what one program is told",
        SYMMETRIC,
        "another webhook in its place",
        quantum=False,
    ),
    KeyKind(
        "certificates",
        "Ed25519",
        "internal",
        "signs certificates of destruction",
        SYMMETRIC,
        "new version; the public keys of old ones stay published",
        quantum=True,
    ),
    KeyKind(
        "escrow",
        "X25519 box of libsodium",
        "any two of three custodians, offline",
        "recovers the data keys of persons",
        SYMMETRIC,
        "`reunion keys escrow-create`, then `reunion keys rotate`",
        quantum=True,
    ),
    KeyKind(
        "custodian",
        "X25519 box of libsodium",
        "one custodian, offline",
        "opens shares of the escrow together with another",
        SYMMETRIC,
        "with the escrow, at each change of a custodian",
        quantum=True,
    ),
)

_HEADS = {
    "name": "key",
    "algorithm": "algorithm",
    "holder": "held by",
    "used_for": "used for",
    "bound": "bound of use",
    "rotation": "rotation",
    "quantum": "broken by a quantum computer",
}

_INTRODUCTION = """\
# Inventory of keys

Made of `reunion.base.keys.inventory` by `reunion keys inventory`; a test compares. Keys of a
keyring are 32 random bytes in files NAME.VERSION that only the process's own user may read.
Envelopes are described in [keys.md](keys.md).
"""

_QUANTUM = """\
## Quantum computers

AES with 256 bits and HMAC-SHA-256 are not known to fall to them. X25519 and Ed25519 would. What is
recorded today and opened later matters for boxes: {boxes}. Every envelope and box names its
algorithm in one byte, so that a box of X25519 together with ML-KEM (FIPS 203) becomes a new number
beside the old; `reunion keys rotate` then seals the persons' keys anew. Signatures matter only
while they are checked; ML-DSA (FIPS 204) would sign the old certificates once more.
"""


def document() -> str:
    """The text of docs/crypto_inventory.md."""
    names = [field.name for field in fields(KeyKind)]
    rows = [[_HEADS[name] for name in names], ["---"] * len(names)]
    rows += [[_cell(getattr(key, name)) for name in names] for key in KEYS]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    boxes = ", ".join(key.name for key in KEYS if "box" in key.algorithm)
    return f"{_INTRODUCTION}\n{table}\n\n{_QUANTUM.format(boxes=boxes)}"


def _cell(value: str | bool) -> str:
    return value if isinstance(value, str) else ("yes" if value else "no")
