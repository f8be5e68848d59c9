"""What of a list's address is a search that may be kept: plain values."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

MOST = 20
"""Searches that one person keeps on one list."""

LONGEST_NAME = 60
LONGEST = 1_000
"""Characters of an address."""

TYPED = "q"
"""What people type into the box of a list: it may be a name, and is not kept."""

_PASSING = frozenset({"page", "file"})


def parts(address: str) -> tuple[str, str]:
    """The page of a list, and what is searched and chosen on it.

    Raises:
        ValueError: it is no address.

    >>> parts("/assignments/?show=due&page=3&sort=")
    ('/assignments/', 'show=due')
    """
    split = urlsplit(address)
    asked = [one for one in parse_qsl(split.query) if one[0] not in _PASSING]
    return split.path, urlencode(asked)


def by_words(query: str) -> bool:
    """Whether something is looked for that somebody typed.

    >>> by_words("q=Wang"), by_words("show=due")
    (True, False)
    """
    return any(name == TYPED for name, _ in parse_qsl(query))
