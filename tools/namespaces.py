"""Network namespaces joined by a bridge, to try a cluster over more than one network stack.

Needs root and the command `ip` of iproute2; whatever was made is removed afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

NET = "10.231.77"
"""The first three bytes of all addresses: private ones, which no router knows."""


class Refused(Exception):
    """This machine allows no network namespaces; the text says why."""


@dataclass(frozen=True)
class Network:
    """A bridge of this machine and the namespaces on it.

    `host`: address of the bridge; `guests`: address of each namespace by its name.
    """

    host: str
    guests: Mapping[str, str]

    def inside(self, name: str, command: Sequence[str]) -> list[str]:
        """The words that run a command in a namespace."""
        return ["ip", "netns", "exec", name, *command]


@contextmanager
def namespaces(count: int) -> Iterator[Network]:
    """So many namespaces, each with one address, and this machine beside them.

    Raises:
        Refused: the machine does not allow it.
    """
    if shutil.which("ip") is None:
        raise Refused("there is no command ip")
    tag = f"rn{os.getpid()}"
    bridge, host = f"{tag}b", f"{NET}.1"
    guests = {f"{tag}n{at}": f"{NET}.{at + 2}" for at in range(count)}
    with ExitStack() as made:
        _ip(made, "link add", bridge, "type bridge", undo=("link del", bridge))
        _ip(made, "addr add", f"{host}/24", "dev", bridge)
        _ip(made, "link set", bridge, "up")
        for at, (name, address) in enumerate(guests.items()):
            outer, inner = f"{tag}o{at}", f"{tag}i{at}"
            _ip(made, "netns add", name, undo=("netns del", name))
            _ip(made, "link add", outer, "type veth peer name", inner, undo=("link del", outer))
            _ip(made, "link set", outer, "master", bridge, "up")
            _ip(made, "link set", inner, "netns", name)
            _ip(made, "-n", name, "addr add", f"{address}/24", "dev", inner)
            _ip(made, "-n", name, "link set", inner, "up")
            _ip(made, "-n", name, "link set lo up")
        yield Network(host, guests)


def _ip(made: ExitStack, *words: str, undo: Sequence[str] = ()) -> None:
    """Change the network; `undo` are the words that take it back."""
    done = _run(words)
    if done.returncode:
        raise Refused(" ".join(done.stderr.split()) or f"ip ended with {done.returncode}")
    if undo:
        made.callback(_run, undo)


def _run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run `ip`."""
    return subprocess.run(  # fixed words, no shell
        ["ip", *" ".join(words).split()],  # noqa: S607 # wherever the system has it
        capture_output=True,
        text=True,
        check=False,
    )
