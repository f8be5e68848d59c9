"""The receipt: a number that opens one item and is kept nowhere.

Out of the number comes a seed by a slow hash, and out of the seed, under a pepper that lies outside
the database, two values: `lookup` finds the item, `kek` opens its key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from nacl.pwhash import argon2id

from reunion.base.keyring import Keyring

DIGITS = 18
LENGTH = DIGITS + 1
PEPPERS = 3
"""Versions of the pepper that a look-up tries: one slow hash, and so many quick ones."""

_SEPARATORS = re.compile(r"[\s\-‐-―－·.]+")
_RUNS = re.compile(rf"[0-9]{{{LENGTH},}}")
_SALT = 16


@dataclass(frozen=True, slots=True)
class Kdf:
    """The cost of one guess: memory in kibibytes, and passes over it; `version` names both."""

    version: int
    memory: int
    passes: int


KDF = Kdf(version=1, memory=64 * 1024, passes=3)
"""What receipts cost today; a tenth of a second."""


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What one receipt gives under one version of the pepper."""

    pepper: int
    lookup: bytes
    kek: bytes


def check_digit(digits: str) -> str:
    """The last digit of Luhn's scheme, which shows any single wrong digit.

    Source:
        ISO/IEC 7812-1, annex B.

    >>> check_digit("7992739871")
    '3'
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def code_from(secret: bytes) -> str:
    """The number that a random secret of 32 bytes stands for; the rest of the division is 2^-196.

    >>> code_from(bytes(32))
    '0000000000000000000'
    """
    digits = f"{int.from_bytes(secret) % 10**DIGITS:0{DIGITS}}"
    return digits + check_digit(digits)


def in_groups(code: str) -> str:
    """How it is shown; much like the number of a bank card, so that a slip of paper tells nothing.

    >>> in_groups("0123456789012345674")
    '0123 4567 8901 2345 674'
    """
    return " ".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(text: str) -> str | None:
    """The number that somebody typed; None: a digit is wrong or missing.

    >>> read_code(" ０123-4567 8901 2345 671")
    '0123456789012345671'
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    is_number = len(plain) == LENGTH and plain.isascii() and plain.isdigit()
    return plain if is_number and check_digit(plain[:-1]) == plain[-1] else None


def codes_in(text: str) -> set[str]:
    """All numbers in a text that could be receipts, however they are grouped."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    windows = (
        run[start : start + LENGTH]
        for run in _RUNS.findall(plain)
        for start in range(len(run) - LENGTH + 1)
    )
    return {code for code in windows if check_digit(code[:-1]) == code[-1]}


def seed_of(code: str, salt: bytes, kdf: Kdf = KDF) -> bytes:
    """The 64 bytes that a number gives after the slow hash; one salt for the system.

    A salt of each item's own could not be found by the number alone.

    Source:
        RFC 9106, Argon2id with one lane.
    """
    return argon2id.kdf(
        64, code.encode(), salt[:_SALT], opslimit=kdf.passes, memlimit=kdf.memory * 1024
    )


def keys_from(seed: bytes, pepper: bytes, version: int) -> ReceiptKeys:
    """What a seed gives under a pepper."""
    lookup = hmac.digest(pepper, b"lookup|" + seed[:32], hashlib.sha256)
    return ReceiptKeys(version, lookup, hmac.digest(pepper, b"kek|" + seed[32:], hashlib.sha256))


def keys_of(code: str, ring: Keyring, kdf: Kdf = KDF) -> list[ReceiptKeys]:
    """What a number gives under the newest versions of the pepper, the newest first.

    Raises:
        KeyMissing: this process does not hold the pepper or the salt.
    """
    seed = seed_of(code, ring.key("salt", ring.newest("salt")), kdf)
    ring.newest("pepper")  # makes the first one
    versions = ring.versions("pepper")[-PEPPERS:]
    return [keys_from(seed, ring.key("pepper", n), n) for n in reversed(versions)]


def guesses_for_one_hit(items: int) -> float:
    """How many numbers somebody must try, on average, to meet one of so many items.

    >>> guesses_for_one_hit(1_000_000)
    1000000000000.0
    """
    return float(10**DIGITS) / items


def expected_hits(items: int, guesses_a_second: float, seconds: float) -> float:
    """How many items somebody meets who guesses at the form for so long.

    >>> round(expected_hits(1_000_000, 10, 365.25 * 24 * 3600), 6)
    0.000316
    """
    return guesses_a_second * seconds / guesses_for_one_hit(items)
