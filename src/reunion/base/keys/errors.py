"""What can go wrong with the keys of persons."""

from __future__ import annotations

from dataclasses import dataclass

from reunion.base.errors import ReunionError


@dataclass(eq=False)
class KeyDestroyed(ReunionError):
    """The key of this person was destroyed: nothing that it sealed can be read again."""

    subject: str


@dataclass(eq=False)
class EscrowMissing(ReunionError):
    """In production no key is made before three custodians hold the escrow."""

    mode: str


@dataclass(eq=False)
class EscrowNotOpened(ReunionError):
    """These key files open no share of the escrow together; `reason` says why."""

    reason: str


@dataclass(eq=False)
class WrapUnreadable(ReunionError):
    """A new wrap did not give the key back after it was written; the old one is still there."""

    subject: str


@dataclass(eq=False)
class CertificateUnreadable(ReunionError):
    """The file is no certificate of destruction."""

    part: str


@dataclass(eq=False)
class CertificateForged(ReunionError):
    """The signature of the certificate does not hold, or is of another key."""

    part: str
