# ruff: noqa: S608 -- these statements are meant to be harmful, and are never run
"""Hostile texts: what an attacker types into a field, each with a mark that can be found again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

MARK = "zq9x"
"""In every payload; it may come back as text, and nowhere else."""

PRODUCT = str(7731 * 7919)
"""What a template would make of `7731*7919`."""

_HTML = (
    f"<script>{MARK}()</script>",
    f"<img src=x onerror={MARK}()>",
    f"<svg/onload={MARK}()>",
    f"<body onload={MARK}()>",
    f"<iframe src=javascript:{MARK}()></iframe>",
    f"<a href=javascript:{MARK}()>x</a>",
    f"<form action=//{MARK}.example><input type=submit>",
    f"<base href=//{MARK}.example/>",
    f"<meta http-equiv=refresh content='0;url=//{MARK}.example'>",
    f"<link rel=stylesheet href=//{MARK}.example>",
    f"<style>@import '//{MARK}.example'</style>",
    f"<textarea></textarea><script>{MARK}</script>",
    f"</textarea><script>{MARK}</script>",
    f"</title><{MARK}>",
    f"<!--{MARK}--><{MARK} a=b>",
    f'<math><mi//xlink:href="data:x,{MARK}">',
    f"<details open ontoggle={MARK}()>",
    f"<{MARK}/onclick=x>",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    f"&#60;script&#62;{MARK}",
    f"<a hx-get=//{MARK}.example hx-trigger=load>x</a>",
    f"<div data-hx-on:load={MARK}()>",
    f"javascript:{MARK}()",
    f"data:text/html,<{MARK}>",
    f"//{MARK}.example/",
    f"https://{MARK}.example/",
    f"\\\\{MARK}.example",
)
_SQL = (
    f"{MARK}' OR '1'='1",
    f'{MARK}" OR 1=1 --',
    f"{MARK}'; DROP TABLE units_unit; --",
    f"{MARK}') UNION SELECT login, password FROM accounts_account --",
    f"1; UPDATE accounts_account SET is_active=1 --{MARK}",
    f"{MARK}%' AND 1=(SELECT COUNT(*) FROM sqlite_master) --",
    f"{MARK}'||(SELECT version())||'",
    f"{MARK}\\'; SELECT pg_sleep(9); --",
    f"(SELECT 1 FROM {MARK})",
    f"{MARK}__in",
    f"{MARK}%%%__startswith",
    f"-1 OR {MARK}=1",
)
_TEMPLATES = (
    f"{{{{ 7731*7919 }}}}{MARK}",
    f"${{7731*7919}}{MARK}",
    f"#{{7731*7919}}{MARK}",
    f"<%= 7731*7919 %>{MARK}",
    f"{{% debug %}}{MARK}",
    f"{{% include 'layout.html' %}}{MARK}",
    f"{{{{ request.actor }}}}{MARK}",
    f"{{{{ settings.SECRET_KEY }}}}{MARK}",
    f"{{% load static %}}{MARK}",
)
_FORMATS = (
    f"%s%d%n{MARK}",
    f"%({MARK})s",
    f"{{0.__class__.__mro__}}{MARK}",
    f"{{{MARK}}}",
    f"{{{{{{{MARK}!r:>9999999}}}}}}",
    f"%999999d{MARK}",
    f"f'{{__import__(\"os\").getcwd()}}'{MARK}",
    f"__import__('os').system('{MARK}')",
    f"`{MARK}`$({MARK})",
    f";{MARK}|{MARK}&",
)
_PATHS = (
    f"../../../../../../etc/passwd#{MARK}",
    f"/etc/passwd\x00{MARK}",
    f"..\\..\\..\\{MARK}.ini",
    f"file:///etc/passwd?{MARK}",
    f"%2e%2e%2fetc%2fpasswd{MARK}",
    f"{MARK}/\r\nSet-Cookie: s={MARK}",
    f"{MARK}\nX-Injected: {MARK}",
)
_LETTERS = (
    f"\x00{MARK}",
    f"{MARK}\x1b[2J\x07",
    f"{MARK}\u202e\u2066gpj.exe",
    f"{MARK}\ufeff\u200b\u200d",
    f"{MARK}" + "\u0301" * 300,
    f"{MARK}\U0001f468\u200d\U0001f469\u200d\U0001f467\ud7ff\ue000\uffff\U0010ffff",
    f"＜script＞{MARK}＜/script＞",
    f"{MARK}ﬃ İıſß" * 20,
    f"{MARK}虚构" * 2_000,
    f"{MARK} 99999999999999999999999999999999",
    f"-9223372036854775809{MARK}",
    f"1e400{MARK}",
    f"NaN{MARK}",
    f"0000-00-00{MARK}",
    f"9999-99-99T99:99:99Z{MARK}",
    f"{MARK}00000000-0000-0000-0000-000000000000",
)
_SEEDS = (*_HTML, *_SQL, *_TEMPLATES, *_FORMATS, *_PATHS, *_LETTERS)

_BROKEN = (
    b"\xff\xfe" + MARK.encode(),
    MARK.encode() + b"\xed\xa0\x80",  # half of a pair
    b"\xc0\xbc" + MARK.encode() + b"\xc0\xbe",  # angle brackets, too long
    b"\x80" * 50 + MARK.encode(),
)
"""Bytes that are no UTF-8."""

EDGES = (
    b"99999999999999999999999",
    b"-1",
    b"0",
    b"1.5",
    b"\x00",
    b"9999-12-31",
    b"0001-01-01",
    b"00000000-0000-0000-0000-000000000000",
    b"nan",
    b"",
    b" ",
    b"\xf0\x9f\x98\x80",
)
"""Numbers, days and ids at the ends of what there is, which a mark would spoil."""

_BEFORE = ("", "x", '"', "'", '">', "'>", "--><", "]]>", "\\", "\u2028")
_AFTER = ("", '"', "<!--")


def payloads() -> Iterator[bytes]:
    """All of them, more than a thousand: every seed behind and before what might end a context."""
    yield from _BROKEN
    yield from EDGES
    for before, after, seed in product(_BEFORE, _AFTER, _SEEDS):
        yield f"{before}{seed}{after}".encode()
    yield from (quote(seed).encode() for seed in _SEEDS)
