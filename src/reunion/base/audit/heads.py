"""Signed heads of the tree, and the witnesses who sign them again.

A head says: so many entries were sealed at this moment, and this root stands for them. Whoever
keeps one can show later that history before it was changed. No Django here: a third party runs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from reunion.base.audit.findings import Fault, Finding
from reunion.base.audit.rules import GENESIS, canonical

_HEAD, _WITNESS = b"reunion tree head 1\n", b"reunion witness 1\n"


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the tree, signed.

    Args:
        size: number of leaves; `root` over them.
        day: of the head, in UTC, as text; `at` its moment in microseconds.
        previous: digest of the head before, so that none can be taken out unseen.
        key_version, public_key: of the key that signs.
        announces: the public key that signs from the next head on, at a change of the key.
        lag_p50, lag_p99: microseconds from act to seal, of the entries since the head before.
        signature: Ed25519 over all of this.
    """

    size: int
    root: bytes
    day: str
    at: int
    previous: bytes
    key_version: int
    public_key: bytes
    announces: bytes | None
    lag_p50: int
    lag_p99: int
    signature: bytes = b""

    def content(self) -> bytes:
        """What is signed."""
        plain = {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in asdict(self).items()
            if name != "signature"
        }
        return _HEAD + canonical(plain)

    def digest(self) -> bytes:
        """What the next head says about this one, 32 bytes."""
        return sha256(self.content() + self.signature).digest()

    def as_json(self) -> dict[str, object]:
        """For files; bytes are hexadecimal digits."""
        return {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in asdict(self).items()
        }


_BYTES = {"root", "previous", "public_key", "announces", "signature"}


def head_from(values: Mapping[str, object]) -> Head:
    """A head as `as_json` wrote it.

    Raises:
        ValueError: a field is missing, unknown or of another type.
    """
    if set(values) != {field.name for field in fields(Head)}:
        raise ValueError("these are not the fields of a head")
    found: dict[str, object] = {}
    for name, value in values.items():
        if name in _BYTES:
            found[name] = None if value is None else bytes.fromhex(str(value))
        elif not isinstance(value, str if name == "day" else int):
            raise ValueError(name)
        else:
            found[name] = value
    return Head(**found)  # type: ignore[arg-type] # each was just checked


@dataclass(frozen=True, slots=True)
class Signature:
    """A witness's signature under a head, which is named by its digest."""

    head: bytes
    unit: str
    public_key: bytes
    signature: bytes


def public_key_of(seed: bytes) -> bytes:
    """The public key of a private one, 32 bytes each."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign_head(head: Head, seed: bytes) -> Head:
    """The head with the signature of a private key."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(head.content())
    return replace(head, signature=signature)


def sign_as_witness(head: Head, unit: str, seed: bytes) -> Signature:
    """A witness's signature; whoever calls has checked that the head continues the last one."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    content = _WITNESS + unit.encode() + b"\n" + head.digest()
    return Signature(head.digest(), unit, key.public_key().public_bytes_raw(), key.sign(content))


def _is_signed(public_key: bytes, signature: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_genuine(head: Head) -> bool:
    """Whether the key that a head names signed it."""
    return _is_signed(head.public_key, head.signature, head.content())


def is_witnessed(signature: Signature, keys: Mapping[str, bytes]) -> bool:
    """Whether a witness whose key is known gave this signature."""
    content = _WITNESS + signature.unit.encode() + b"\n" + signature.head
    return keys.get(signature.unit) == signature.public_key and _is_signed(
        signature.public_key, signature.signature, content
    )


def check_heads(
    heads: Sequence[Head], roots: Mapping[int, bytes], size: int, *, pinned: bytes | None = None
) -> Iterator[Finding]:
    """Each head's signature, place in the row of heads and root.

    Args:
        heads: all heads in their order.
        roots: the roots over the first leaves as they are now, by number.
        size: how many leaves there are now.
        pinned: the public key that must have signed the first head, where it is known.
    """
    before: Head | None = None
    key, good, has_changed = pinned, 0, False
    for place, head in enumerate(heads):
        if not is_genuine(head) or (key is not None and head.public_key != key):
            yield Finding(Fault.HEAD_ALTERED, place)
            continue
        if head.previous != (before.digest() if before else GENESIS):
            yield Finding(Fault.HEAD_MISSING, place)
        before, key = head, head.announces or head.public_key
        if head.size > size:
            yield Finding(Fault.TRUNCATED, size, until=head.size)
        elif roots.get(head.size) == head.root:
            good = max(good, head.size)
        elif not has_changed:
            # Later heads cover the same change: the first one that differs says where it is.
            has_changed = True
            yield Finding(Fault.HISTORY_CHANGED, good, until=head.size)


def check_witnesses(
    heads: Sequence[Head],
    signatures: Iterable[Signature],
    keys: Mapping[str, bytes],
    *,
    needed: int,
) -> tuple[int, list[Finding]]:
    """How far enough witnesses have signed, and what is wrong with their signatures.

    Returns:
        The size of the largest head that `needed` different witnesses signed (0: none), and the
        findings.
    """
    places = {head.digest(): place for place, head in enumerate(heads)}
    signers: dict[int, set[str]] = {}
    findings = []
    for signature in signatures:
        place = places.get(signature.head)
        if place is None or not is_witnessed(signature, keys):
            findings.append(Finding(Fault.WITNESS_INVALID, place, signature.unit))
        else:
            signers.setdefault(place, set()).add(signature.unit)
    enough = [heads[place].size for place, units in signers.items() if len(units) >= needed]
    if needed and not enough:
        findings.append(Finding(Fault.NOT_WITNESSED))
    return max(enough, default=0), findings
