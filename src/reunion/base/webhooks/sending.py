"""Sending a request to the very address that was checked. Nothing is followed, nothing is read."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from reunion.base.errors import ReunionError
from reunion.base.webhooks.rules import all_allowed, url_obstacle

PATIENCE = 10.0
"""Seconds for one step, and three times as long for all of them."""


@dataclass(eq=False)
class NotSent(ReunionError):
    """There was no answer: why, in a word."""

    why: str


class _Pinned(HTTPConnection):
    """A connection to a numeric address, under the name that the address was asked for."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self._address = address
        self._tls = context

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), PATIENCE)
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: dict[str, str], *, on_loopback: bool) -> int:
    """The status that a POST is answered with; a redirect is an answer like any other.

    Args:
        on_loopback: see rules.url_obstacle.

    Raises:
        NotSent: the address is not allowed, or nobody answered there in time.
    """
    if url_obstacle(url, on_loopback=on_loopback):
        raise NotSent(why="NotAllowed")
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    address = _checked(host, port, on_loopback=on_loopback)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
    with closing(_Pinned(host, port, address, context)) as connection:
        # Whoever answers a byte at a time would otherwise hold the worker for ever.
        end = threading.Timer(3 * PATIENCE, _break_off, (connection,))
        end.start()
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise NotSent(why=type(error).__name__) from error
        finally:
            end.cancel()


def _checked(host: str, port: int, *, on_loopback: bool) -> str:
    """The address of a name, asked for once: a second look could give another one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(why="NameUnknown") from error
    addresses = [str(each[4][0]) for each in found]
    if not all_allowed(addresses, on_loopback=on_loopback):
        raise NotSent(why="NotAllowed")
    return addresses[0]


def _break_off(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):  # it ended by itself meanwhile
            connection.sock.shutdown(socket.SHUT_RDWR)
