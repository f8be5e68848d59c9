"""Telling whoever started a process that it works now: systemd, or `reunion run`."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

VARIABLE = "NOTIFY_SOCKET"
READY = b"READY=1"


def tell_ready() -> None:
    """Send the one word of systemd's protocol, where somebody listens (Type=notify)."""
    address = os.environ.get(VARIABLE, "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        # An @ stands for the null that begins a name outside the file system.
        sender.sendto(READY, "\0" + address[1:] if address.startswith("@") else address)


class Listener:
    """Hears whether one process has told that it works."""

    def __init__(self, name: str) -> None:
        self._address = f"@reunion-{os.getpid()}-{name}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind("\0" + self._address[1:])

    @property
    def variables(self) -> dict[str, str]:
        """What the process is told in its environment."""
        return {VARIABLE: self._address}

    def has_heard(self) -> bool:
        """Whether the word came; asked again and again until it did."""
        try:
            return self._socket.recv(64).startswith(READY)
        except BlockingIOError:
            return False
