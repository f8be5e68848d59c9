"""How long it takes from a checkout to a system that answers: python -m tools.start_figures.

Copies the project to an empty folder and runs the command of the README there: from nothing (the
cache of packages is as warm as it is here), then again, then in an empty home with the packages
installed. Also how long the four processes take to stop, and what the hashes of the passwords
cost. Writes build/figures/start.json. A busy machine gives long times: measure on a quiet one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.records import Record, write_records

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".git", ".venv", ".*_cache", ".hypothesis", "var", "build", "node_modules", "dist")
RUNNING = "Stop: Ctrl+C"
FIRST, SECOND = 90.0, 5.0
"""Goals in seconds."""

HASH = """
import time
from django.conf import settings
settings.configure(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
from django.contrib.auth.hashers import make_password
start = time.perf_counter()
for _ in range(10):
    make_password("a sentence about nine herons")
print((time.perf_counter() - start) / 10)
"""


def main() -> int:
    """Measure, and write the figures; status 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description="Times from a checkout to a system that answers")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "figures" / "start.json")
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory(prefix="reunion-start-") as folder:
        checkout = Path(folder) / "reunion"
        shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(*LEFT_OUT))
        found = list(measured(checkout))
    write_records(out, found, command="python -m tools.start_figures", libraries=("django",))
    for record in found:
        print(f"{record.what}: {record.value:.1f} {record.unit}")
    return 0 if all(record.met is not False for record in found) else 1


def measured(checkout: Path) -> list[Record]:
    """The figures of a checkout in which nothing is installed."""
    first = seconds_of(checkout, "--until-ready")
    second = seconds_of(checkout, "--until-ready")
    told = json.loads((checkout / "var" / "demo-logins.json").read_text(encoding="utf-8"))
    filled = seconds_of(checkout, "--until-ready", home="another")
    hashing = subprocess.run(
        [sys.executable, "-c", HASH], capture_output=True, check=True, text=True
    )
    accounts = len(told["sign_ins"])
    return [
        goal("first make run, with a warm cache of packages", first, FIRST),
        goal("second make run", second, SECOND),
        Record("first start in an empty home, packages installed", filled, "s", None, None),
        Record("sign-ins that it makes", accounts, "accounts", None, None),
        Record(
            "of it: hashes of their passwords", accounts * float(hashing.stdout), "s", None, None
        ),
        Record("from Ctrl+C until all four are gone", seconds_to_stop(checkout), "s", None, None),
    ]


def goal(what: str, value: float, limit: float) -> Record:
    """A time that must be below a limit."""
    return Record(what, value, "s", f"< {limit:g}", value < limit)


def seconds_of(checkout: Path, *words: str, home: str = "var") -> float:
    """How long `reunion run` takes with these words."""
    start = time.perf_counter()
    subprocess.run(
        [checkout / "reunion", "run", *words],
        cwd=checkout, env=environment(home), stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return time.perf_counter() - start


def seconds_to_stop(checkout: Path) -> float:
    """How long it takes from a signal until the command has ended."""
    with subprocess.Popen(
        [checkout / "reunion", "run"],
        cwd=checkout, env=environment("var"), stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        for line in running.stderr or ():
            if line.startswith(RUNNING):
                break
        start = time.perf_counter()
        running.send_signal(signal.SIGINT)
        running.wait()
        return time.perf_counter() - start


def environment(home: str) -> dict[str, str]:
    """That of a newcomer, with a home in the checkout."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("REUNION_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {"REUNION_HOME": home}


if __name__ == "__main__":
    sys.exit(main())
