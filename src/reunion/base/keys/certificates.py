"""Certificates of destruction: signed texts that a family checks without us.

The private key is 32 bytes of the keyring, taken as an Ed25519 key (RFC 8032). What is signed is
the JSON of all fields but the signature, with sorted keys and no blanks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from reunion.base.keys.errors import CertificateForged, CertificateUnreadable

KIND = "reunion.destruction.1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was destroyed, when, by whom.

    Args:
        pseudonym: stands for the person; nothing about them can be told from it.
        what: number of rows by what was destroyed: the key, tokens, fields.
        at: when the key was deleted.
        officers: the ids of the staff members who proposed and approved it.
        no_backup_from: the first day on which no backup holds the key any more.
    """

    pseudonym: str
    what: dict[str, int]
    at: datetime
    officers: tuple[str, str]
    no_backup_from: date

    def as_json(self) -> dict[str, object]:
        """The fields as they stand in the file."""
        return asdict(self) | {
            "kind": KIND,
            "at": self.at.isoformat(),
            "no_backup_from": self.no_backup_from.isoformat(),
        }


def public_key(private: bytes) -> str:
    """The public key that certificates are checked with, as 64 hexadecimal digits."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def sign(certificate: Certificate, private: bytes) -> str:
    """The text of the certificate's file."""
    fields = certificate.as_json() | {"public_key": public_key(private)}
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(_signed(fields))
    return json.dumps(fields | {"signature": signature.hex()}, indent=1, sort_keys=True) + "\n"


def check(text: str, published_key: str | None = None) -> tuple[Certificate, str]:
    """The certificate and the key that signed it.

    Args:
        text: of the file.
        published_key: the key as it was published; without it, whoever asks must compare the key.

    Raises:
        CertificateUnreadable: it is no certificate.
        CertificateForged: it was changed, or signed with another key than the published one.
    """
    try:
        fields = json.loads(text)
        signature = bytes.fromhex(fields.pop("signature"))
        signer = str(fields["public_key"])
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer))
        certificate = _read(fields)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CertificateUnreadable(part=type(error).__name__) from error
    if published_key is not None and published_key.lower() != signer:
        raise CertificateForged(part="public_key")
    try:
        key.verify(signature, _signed(fields))
    except InvalidSignature as error:
        raise CertificateForged(part="signature") from error
    return certificate, signer


def _read(fields: Mapping[str, Any]) -> Certificate:  # Any: JSON; the conversions check it
    if fields["kind"] != KIND:
        raise ValueError(fields["kind"])
    proposed, approved = fields["officers"]
    return Certificate(
        pseudonym=str(fields["pseudonym"]),
        what={str(name): int(rows) for name, rows in fields["what"].items()},
        at=datetime.fromisoformat(fields["at"]),
        officers=(str(proposed), str(approved)),
        no_backup_from=date.fromisoformat(fields["no_backup_from"]),
    )


def _signed(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
