"""A throw-away PostgreSQL for tests.

    python -m tools.postgres -- COMMAND [ARGUMENT ...]

Makes a cluster in a temporary folder, reached by a socket in it and by nothing else, runs the
command with REUNION_TEST_DATABASE_URL and REUNION_DATABASE_URL set to it, and removes the cluster.
If REUNION_TEST_DATABASE_URL is set already, that server is used. Exit status: the command's; 69
where no server is installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

NO_SERVER = 69  # as sysexits.h has it; no status of pytest, whose 3 is a fault of its own
_DEBIAN = Path("/usr/lib/postgresql")
# fsync off: the cluster is thrown away, and only crashes of processes are tested with it, which
# lose nothing that was written to the kernel.
_SETTINGS = "-c fsync=off -c listen_addresses='' -c max_connections=60"


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server that is installed here."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    if not _DEBIAN.is_dir():
        return None
    found = [folder for folder in _DEBIAN.iterdir() if (folder / "bin" / "initdb").is_file()]
    return max(found, key=lambda folder: int(folder.name)) / "bin" if found else None


class Server:
    """A server on a cluster of its own in a temporary folder."""

    def __init__(self, programs: Path) -> None:
        """Make the cluster; the server is not started yet."""
        # A short path: that of a socket may have some 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # it is short
        self._as_user = _as_postgres(self.folder)
        self._programs = programs
        # Locale and encoding by name: a shell without LANG would give a database of ASCII.
        options = ["-A", "trust", "-N", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "reunion"]
        self._run("initdb", *options)

    @property
    def address(self) -> str:
        """Of a database that is made when it is needed."""
        return f"postgresql://reunion@/reunion?host={quote(str(self.folder), safe='')}"

    def start(self) -> None:
        """Start the server; when this returns it answers."""
        settings = f"{_SETTINGS} -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-w", "-o", settings, "-l", str(self.folder / "log"), "start")

    def kill(self) -> None:
        """Kill the server and all its processes at once."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in [first, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{first}").exists():
            time.sleep(0.01)

    def remove(self) -> None:
        """Stop the server, if it runs, and remove the cluster."""
        with suppress(SystemExit):
            self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        data = str(self.folder / "data")
        _run([*self._as_user, str(self._programs / program), "-D", data, *words])


@contextmanager
def cluster(programs: Path) -> Iterator[Server]:
    """A running server, which is gone afterwards."""
    server = Server(programs)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _as_postgres(folder: Path) -> list[str]:
    """The server refuses to run as root: there, the user that the distribution made runs it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise SystemExit(f"{Path(command[-1]).name}: {done.stdout}{done.stderr}")


def main(arguments: list[str]) -> int:
    """Run a command beside a server; its exit status."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if os.environ.get("REUNION_TEST_DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    programs = binaries()
    if programs is None:
        print("no PostgreSQL server is installed here. Debian: make system", file=sys.stderr)
        return NO_SERVER
    with cluster(programs) as server:
        environment = os.environ | {
            "REUNION_TEST_DATABASE_URL": server.address,
            "REUNION_DATABASE_URL": server.address,
        }
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
