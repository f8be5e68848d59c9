"""Search tokens: how a name, phone, number or date is written down before it is keyed.

Nothing here is secret: a token is the keyed hash of a kind and of a text that these functions
give. Two ways of writing the same thing give the same text; docs/search-tokens.md says what an
owner of the tokens learns.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import TypeAlias

TOKEN = 16
"""Bytes of a token: two of 10 million different values coincide with a chance of 1e-25."""
READINGS = 16
"""Most readings of one name that are indexed: characters with several readings multiply."""

Surnames: TypeAlias = Mapping[str, tuple[str, ...]]
"""Readings of surnames that are not read as the character commonly is: of the pack."""

Keyable: TypeAlias = "tuple[Kind, str]"
"""A kind and a text in its one spelling: what a token is made of."""
BACKUP_DAYS = 30
"""How long a backup of the keys of persons is kept; a destruction is complete only after it."""


class Kind(StrEnum):
    """What a token stands for. The same text gives unlike tokens under unlike kinds."""

    NAME = "name"
    NAME_PAIR = "name_pair"
    PINYIN = "pinyin"
    HOMOPHONE = "homophone"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"


OF_NAMES = frozenset({Kind.NAME, Kind.NAME_PAIR, Kind.PINYIN, Kind.HOMOPHONE})


def texts(kind: Kind, value: str, *, surnames: Surnames, calling_code: str) -> set[Keyable]:
    """All that a value is found by, for one that is entered as for one that is looked for.

    Args:
        kind: what the value is; a name gives all kinds of `OF_NAMES`, a pinyin what sounds so.
        surnames: the pack's unusual readings of surnames.
        calling_code: of the country, for phone numbers without one: 86.

    >>> sorted(texts(Kind.PHONE, "0086 138-0000-0000", surnames={}, calling_code="86"))
    [(<Kind.PHONE: 'phone'>, '8613800000000')]
    """
    found: set[Keyable]
    match kind:
        case Kind.PHONE:
            found = {(kind, phone(value, calling_code))}
        case Kind.NUMBER:
            found = {(kind, number(value))}
        case Kind.DATE:
            found = {(kind, day(value))}
        case _:
            found = _texts_of_name(kind, value, surnames)
    return {(kind, text) for kind, text in found if text}


def _texts_of_name(kind: Kind, value: str, surnames: Surnames) -> set[Keyable]:
    sounds = readings(value, surnames)
    found: set[Keyable] = {(Kind.PINYIN, sound) for sound in sounds}
    found |= {(Kind.HOMOPHONE, loose(sound)) for sound in sounds}
    if kind in {Kind.NAME, Kind.NAME_PAIR}:
        found.add((Kind.NAME, name(value)))
        found |= {(Kind.NAME_PAIR, pair) for pair in pairs(value)}
    return found


def token(key: bytes, kind: Kind, text: str) -> bytes:
    """The keyed hash that stands for a text in the database; 16 bytes.

    Source:
        RFC 2104 with SHA-256, truncated.
    """
    return hmac.new(key, f"{kind}|{text}".encode(), hashlib.sha256).digest()[:TOKEN]


def name(value: str) -> str:
    """A name without blanks and signs, in one spelling of each character.

    Traditional and simplified characters stay apart here; as pinyin they meet.

    >>> name("王 小明"), name("Zhang  Xiǎoming"), name("买买提·艾力")
    ('王小明', 'zhangxiǎoming', '买买提艾力')
    """
    return "".join(_letters(unicodedata.normalize("NFKC", value).casefold()))


def pairs(value: str) -> set[str]:
    """Neighbouring characters of a Chinese name; of others, neighbouring words.

    Single characters are left out: the frequency of a token alone would give away the surname.
    Pairs of Latin letters would do the same for whole names.

    >>> sorted(pairs("王小明")), sorted(pairs("Asha Devi Verma")), pairs("Asha")
    (['小明', '王小'], ['asha devi', 'devi verma'], set())
    """
    if _is_chinese(name(value)):
        return {one + other for one, other in pairwise(name(value))}
    words = (name(word) for word in re.split(r"[\s·.,-]+", value))
    return {f"{one} {other}" for one, other in pairwise(filter(None, words))}


def readings(value: str, surnames: Surnames) -> set[str]:
    """How a name may sound, in pinyin without tones, as one word; at most `READINGS`.

    The unusual reading of a surname holds at its place only; the characters of the given name keep
    all their common ones. A name in Latin letters is taken as pinyin.

    >>> sorted(readings("单雯", {"单": ("shan",)})), readings("Shàn  Wén", {})
    (['shanwen'], {'shanwen'})
    >>> readings("吕", {}) == readings("LYU", {}) == readings("lv", {}) == readings("lü", {})
    True
    """
    plain = name(value)
    if not _is_chinese(plain):
        return {one_spelling(plain)} - {""}
    surname = next((plain[:size] for size in (2, 1) if plain[:size] in surnames), "")
    if surname:
        starts = tuple(reading.replace(" ", "") for reading in surnames[surname])
    else:
        surname, starts = plain[:1], _syllables(plain[:1])[:1]
    given = (_syllables(character) for character in plain[len(surname) :])
    sounds = product(starts, *given)
    return {one_spelling("".join(sound)) for sound in islice(sounds, READINGS)}


def one_spelling(sound: str) -> str:
    """Pinyin without tones, and with one spelling of ü, which is written v, u, yu as well.

    It is taken of the whole word: where a syllable ends cannot be told in names as others write
    them, and both sides of a search lose the same.

    >>> one_spelling("lǚ"), one_spelling("nyu"), one_spelling("lve"), one_spelling("lu")
    ('lu', 'nu', 'lue', 'lu')
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", sound) if not unicodedata.combining(c))
    return bare.replace("v", "u").replace("lyu", "lu").replace("nyu", "nu")


def loose(sound: str) -> str:
    """Pinyin with the sounds merged that dialects and hearing mix up: zh ch sh, ng, l n, h f.

    It is taken of the whole word, so that it does not depend on where a syllable ends.

    >>> loose("zhanghui"), loose("zanfui"), loose("linghua")
    ('zanfui', 'zanfui', 'ninfua')
    """
    for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("h", "f")):
        sound = sound.replace(one, other)
    return sound


def phone(value: str, calling_code: str) -> str:
    """Digits with the code of the country; empty if there are too few.

    >>> phone("138 0000 0000", "86"), phone("(010) 1234-5678", "86"), phone("+1 202 555 0100", "86")
    ('8613800000000', '861012345678', '12025550100')
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("+"):
        national = digits
    elif digits.startswith("00"):
        national = digits[2:]
    elif digits.startswith(calling_code) and len(digits) >= _WITH_CODE:
        national = digits
    else:
        national = calling_code + digits.removeprefix("0")
    return national if len(national) >= len(calling_code) + _FEWEST else ""


_WITH_CODE = 12  # national numbers of the packs have 11 digits at most
_FEWEST = 5


def number(value: str) -> str:
    """Letters and digits of a number of a document, in capitals.

    >>> number("99010119880925 001x")
    '99010119880925001X'
    """
    return "".join(_letters(unicodedata.normalize("NFKC", value))).upper()


def day(value: str) -> str:
    """A date as eight digits; empty if there is no such day.

    >>> day("1988年9月25日"), day("1988-09-25"), day("1988-02-30")
    ('19880925', '19880925', '')
    """
    parts = re.findall(r"\d+", unicodedata.normalize("NFKC", value))
    try:
        year, month, day_of_month = map(int, parts)
        return date(year, month, day_of_month).strftime("%Y%m%d")
    except ValueError:
        return ""


def no_backup_from(destroyed_at: datetime) -> date:
    """The first day on which no backup holds a key that was destroyed at this moment.

    >>> no_backup_from(datetime(2026, 3, 2, 9, tzinfo=UTC))
    datetime.date(2026, 4, 2)
    """
    return destroyed_at.astimezone(UTC).date() + timedelta(days=BACKUP_DAYS + 1)


def _letters(value: str) -> list[str]:
    """Letters, digits, and the signs that stand on letters, as the vowels of Hindi do."""
    return [character for character in value if unicodedata.category(character)[0] in "LNM"]


def _is_chinese(value: str) -> bool:
    return bool(value) and all("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in value)


@lru_cache(maxsize=20_000)
def _syllables(character: str) -> tuple[str, ...]:
    """All readings of a character, the common one first; the character itself if none is known."""
    from pypinyin import Style, pinyin  # its tables take a while to load

    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
