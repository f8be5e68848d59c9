"""Runs the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS = "REUNION_"


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str


def reunion(
    *arguments: str | Path,
    cwd: Path,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Done:
    """Run `reunion` in a folder, with no settings but those given."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
    done = subprocess.run(
        [sys.executable, "-m", "reunion", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env={**variables, **(environment or {})},
        capture_output=True,
        check=False,
        timeout=300,
    )
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return Done(done.returncode, done.stdout.decode(), err)
