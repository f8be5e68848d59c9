"""Reading the XML of office files as a stream of tags and texts, with nothing declared in it."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from reunion.base.attachments.rules import AttachmentRefused, Refusal

_DEPTH = 200
"""Deepest nesting: tables in tables in text boxes reach 60."""


class Reader:
    """Tells of the elements of a file, by their names without the namespace.

    Subclasses handle what they know; `skip` is asked whether an element and all in it is left out.
    """

    def __init__(self) -> None:
        self.depth = 0
        self._skipped = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters between tags."""

    def skip(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Whether to leave out an element."""
        return False

    def read(self, data: bytes) -> None:
        """Read a file.

        Raises:
            AttachmentRefused: it is damaged, declares anything, or is nested too deeply.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise AttachmentRefused(Refusal.DAMAGED_FILE) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise AttachmentRefused(Refusal.TOO_MUCH_INSIDE)
        plain = {_local(key): value for key, value in attributes.items()}
        if self._skipped or self.skip(_local(name), plain):
            self._skipped += 1
        else:
            self.start(_local(name), plain)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self._skipped:
            self._skipped -= 1
        else:
            self.end(_local(name))

    def _text(self, text: str) -> None:
        if not self._skipped:
            self.text(text)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_declared: object) -> None:
    raise AttachmentRefused(Refusal.DAMAGED_FILE)
