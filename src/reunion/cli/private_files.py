"""Key files of operators and custodians: read, and written so that nobody else can read them."""

from __future__ import annotations

import os
from pathlib import Path

from reunion.cli.errors import UsageError

KEY_BYTES = 32


def read_text(file: Path) -> str:
    """The text of a file that the command line names.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read") from error


def read_key(file: Path) -> bytes:
    """The key of a file.

    Raises:
        UsageError: it holds something else.
    """
    try:
        key = bytes.fromhex(read_text(file).strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UsageError(f"{file}: a key file holds 64 hexadecimal digits")
    return key


def write_new(file: Path, text: str) -> None:
    """Write a file that nobody else can read; one that is there stays as it is.

    Raises:
        UsageError: it is there already, or cannot be made.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UsageError(f"{file}: cannot be made ({error.strerror})") from error
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text if text.endswith("\n") else f"{text}\n")
