"""The catalogue of Chinese messages: gather the messages of the source, and compile the catalogue.

    python -m tools.messages

Brings src/reunion/locale/zh_Hans/LC_MESSAGES/django.po up to date with the source (a new message
comes in empty, one that is no longer used goes out), then writes django.mo, which the program
reads. It needs no gettext tools, so that the tests can look everywhere whether both are up to date.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import reunion

SOURCE = Path(reunion.__path__[0])
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

HEADER = (
    "Project-Id-Version: Reunion\n"
    "Language: zh_Hans\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)

# How many texts a call begins with, and what each of them is.
_PARTS: dict[str, tuple[str, ...]] = {"_": ("text",)}
for _lazy in ("", "_lazy", "_noop"):
    _PARTS |= {
        f"gettext{_lazy}": ("text",),
        f"pgettext{_lazy}": ("context", "text"),
        f"ngettext{_lazy}": ("text", "plural"),
        f"npgettext{_lazy}": ("context", "text", "plural"),
    }

_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A text to be translated; `context` tells apart what English says with one word."""

    text: str
    context: str = ""
    plural: str = ""


def placeholders(text: str) -> set[str]:
    """The names that a text leaves open, as in %(name)s."""
    return set(_PLACEHOLDER.findall(text))


def gather() -> dict[Message, list[str]]:
    """Every message of the source, with the files that say it, from the package down."""
    found: dict[Message, list[str]] = {}
    for file in sorted(SOURCE.rglob("*")):
        if file.suffix == ".py":
            messages = _in_python(file.read_text(encoding="utf-8"))
        elif file.suffix == ".html" and "templates" in file.parts:
            messages = _in_template(file.read_text(encoding="utf-8"))
        else:
            continue
        place = file.relative_to(SOURCE).as_posix()
        for message in messages:
            places = found.setdefault(message, [])
            if place not in places:
                places.append(place)
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        yield from _message(name, [text for text in texts if isinstance(text, str)])


def _in_template(source: str) -> Iterator[Message]:
    from django.utils.translation.template import templatize  # it wants settings

    for call in _CALL.finditer(templatize(source)):
        yield from _message(call[1], list(ast.literal_eval(f"({call[2]},)")))


def _message(call: str, texts: list[str]) -> Iterator[Message]:
    parts = _PARTS.get(call, ())
    if parts and len(texts) >= len(parts):  # else the text is made at run time, of a listed one
        yield Message(**dict(zip(parts, texts, strict=False)))


def read(text: str) -> dict[Message, str]:
    """The translations of a catalogue; an empty one is not there yet.

    Raises:
        ValueError: a translation is marked as fuzzy: somebody has to look at it.
    """
    found: dict[Message, str] = {}
    for block in text.split("\n\n"):
        if "#, fuzzy" in block:
            raise ValueError(f"fuzzy: {block}")
        fields = dict(_fields(block))
        if fields.get("msgid"):
            key = Message(
                fields["msgid"], fields.get("msgctxt", ""), fields.get("msgid_plural", "")
            )
            found[key] = fields.get("msgstr") or fields.get("msgstr[0]", "")
    return found


def _fields(block: str) -> Iterator[tuple[str, str]]:
    name, value = "", ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            if name:
                yield name, value
            name, value = line.partition(" ")[0], ""
        value += "".join(ast.literal_eval(f'"{part}"') for part in _QUOTED.findall(line))
    if name:
        yield name, value


def write(messages: Mapping[Message, list[str]], translations: Mapping[Message, str]) -> str:
    """The text of a catalogue, in the order in which the source says the messages."""
    head = "".join(f"{_quoted(line)}\n" for line in HEADER.splitlines(keepends=True))
    blocks = [f'msgid ""\nmsgstr ""\n{head}']
    for message, places in messages.items():
        lines = [f"#: {place}" for place in places]
        if placeholders(message.text):
            lines.append("#, python-format")
        if message.context:
            lines.append(f"msgctxt {_quoted(message.context)}")
        lines.append(f"msgid {_quoted(message.text)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
        field = "msgstr[0]" if message.plural else "msgstr"
        lines.append(f"{field} {_quoted(translations.get(message, ''))}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compiled(translations: Mapping[Message, str]) -> bytes:
    """The catalogue as gettext reads it (GNU gettext manual, "The Format of GNU MO Files")."""
    entries = sorted({b"": HEADER.encode(), **dict(_entries(translations))}.items())
    # After the head of seven numbers come two tables of (length, place), then all texts.
    start = 28 + 16 * len(entries)
    texts, tables = b"", []
    for side in (0, 1):
        for entry in entries:
            tables += [len(entry[side]), start + len(texts)]
            texts += entry[side] + b"\0"
    second = 28 + 8 * len(entries)
    head = struct.pack("<7I", 0x950412DE, 0, len(entries), 28, second, 0, start)
    return head + struct.pack(f"<{len(tables)}I", *tables) + texts


def _entries(translations: Mapping[Message, str]) -> Iterator[tuple[bytes, bytes]]:
    for message, translation in translations.items():
        if translation:
            key = f"{message.context}\x04" if message.context else ""
            key += message.text + (f"\0{message.plural}" if message.plural else "")
            yield key.encode(), translation.encode()


def main() -> int:
    """Bring the catalogue up to date, compile it, and say what waits for a translator."""
    messages = gather()
    known = read(CATALOGUE.read_text(encoding="utf-8")) if CATALOGUE.exists() else {}
    text = write(messages, known)
    CATALOGUE.write_text(text, encoding="utf-8")
    translations = read(text)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(translations))
    waiting = [message for message, translation in translations.items() if not translation]
    for message in waiting:
        print(f"not translated: {message.text}")
    print(f"{len(messages)} messages, {len(waiting)} of them not translated")
    return 1 if waiting else 0


if __name__ == "__main__":
    from django.conf import settings

    settings.configure()  # Django reads templates only with some settings
    sys.exit(main())
