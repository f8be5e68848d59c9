"""The public site of a system of its own, under its real server, and a visitor to it."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from reunion.base.inbox.receipts import Kdf, code_from
from tools.own_system import ROOT, OwnSystem

SETTINGS = "reunion.settings.public"
QUICK = Kdf(version=0, memory=8, passes=1)
"""A hash of receipts for many at once; the product does not have it."""
_FORM = "application/x-www-form-urlencoded"


def receipt_of(number: int) -> str:
    """An invented receipt: the same for the same number, and as irregular as a real one."""
    return code_from(hashlib.sha256(f"synthetic receipt {number}".encode()).digest())


# Invented units that receive messages, and perhaps an escrow; prints nothing.
SETUP = """
import sys
from tests.base.desks import desk
from django.utils import timezone
from reunion.base.actor import system
from reunion.base.correspondence.actions import announce_escrow
from reunion.base.keys.models import Escrow
for region in sys.argv[2:]:
    desk(region)
if sys.argv[1]:
    now = timezone.now()
    Escrow.objects.create(number=1, public=bytes.fromhex(sys.argv[1]), sheet="{}", created_at=now)
    announce_escrow(actor=system("setup"), at=now)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    def hidden(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        if found is None:
            raise LookupError(name)
        return found[1]

    @property
    def receipt(self) -> str:
        """The number that the page shows; blank where it shows none."""
        found = re.search(r'class="code">([\d ]+)<', self.text)
        return found[1] if found else ""


@dataclass(slots=True)
class PublicSite:
    """A running server. `log` is where its output goes."""

    system: OwnSystem
    log: Path
    settings: str = SETTINGS
    workers: int = 2
    source: str = "127.0.0.1"
    port: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.port = self.port or _free_port()
        environment = self.system.environment | {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "REUNION_PORT": str(self.port - 1),
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "python:reunion.web.public_server"]
        command += ["--workers", str(self.workers), "reunion.web.wsgi"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment | dict(self.extra), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                self.request("GET", "/")
                return
            time.sleep(0.1)
        raise RuntimeError(self.log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        """End the server and all its processes at once, as a power cut would."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def pids(self) -> list[int]:
        """The server and its processes."""
        if self.process is None:
            return []
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, children.read_text(encoding="ascii").split())]

    def request(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str | list[str]] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(self.source, 0)
        )
        sent = {"Accept-Language": "en"} | dict(headers or {})
        if fields is not None:
            body = urlencode(fields, doseq=True).encode()
            sent.setdefault("Content-Type", _FORM)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, tuple(answer.getheaders()), text)
        finally:
            connection.close()

    def leave(self, text: str, *, area: str = "cn/15/", **fields: str | list[str]) -> Answer:
        """Write a first message."""
        page = "/write/family_message/"
        ticket = self.request("GET", page).hidden("ticket")
        values = {"area": area, "place": "", "text": text, "ticket": ticket} | fields
        return self.request("POST", page, values)

    def come_back(self, code: str) -> Answer:
        """Type a receipt."""
        return self.request("POST", "/return/", {"code": code})

    def write_on(self, page: Answer, text: str) -> Answer:
        """Send a further message from the page of a conversation."""
        hidden = {name: page.hidden(name) for name in ("capability", "ticket")}
        return self.request("POST", "/return/write/", hidden | {"text": text})


@contextmanager
def public_site(
    system: OwnSystem, folder: Path, *regions: str, escrow: bytes = b"", settings: str = SETTINGS
) -> Iterator[PublicSite]:
    """The site of a system, with desks for these regions."""
    system.run(SETUP, escrow.hex(), *regions)
    site = PublicSite(system, folder / "public.log", settings)
    site.start()
    try:
        yield site
    finally:
        site.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
