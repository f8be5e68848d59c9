"""`reunion doctor`: whether this computer is fit for the work, and what mends what is not."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from reunion.cli.console import emit, show_table
from reunion.cli.diagnosis import Finding, State
from reunion.cli.doctor_system import check_system
from reunion.cli.environment import Environment, read_environment
from reunion.cli.errors import Status
from reunion.cli.options import Json

PACKAGE = Path(__file__).resolve().parents[1]
PINS = PACKAGE.parents[1] / "requirements.txt"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
_LITTLE_SPACE = 2_000_000_000


def doctor(json: Json = False) -> None:
    """Check whether this computer is fit for the work; status 1 when something is amiss."""
    environment = read_environment()
    findings = [check(environment) for check in CHECKS]
    findings += check_system(environment)
    if json:
        for finding in findings:
            emit(asdict(finding))
    else:
        show_table(
            ("", "check", "what it means", "what mends it"),
            ((f.state, f.check, f.meaning, f.mend) for f in findings),
        )
    if any(finding.state != State.OK for finding in findings):
        raise typer.Exit(Status.FINDINGS)


def check_python(_: Environment) -> Finding:
    """The version of Python."""
    return Finding("python", State.OK, ".".join(map(str, sys.version_info[:3])))


def check_packages(_: Environment) -> Finding:
    """Versions of the packages against the pins of the checkout."""
    if not PINS.is_file():
        return Finding("packages", State.OK, "installed without a checkout: no pins to compare")
    pins: dict[str, set[str]] = {}
    for name, pinned in _PIN.findall(PINS.read_text(encoding="utf-8")):
        pins.setdefault(name, set()).add(pinned)
    found = {name: version(name) for name in pins if _is_installed(name)}
    differing = [
        f"{name} {found[name]} (pinned {' or '.join(sorted(pins[name]))})"
        for name in found
        if found[name] not in pins[name]
    ]
    if differing:
        return Finding("packages", State.WARN, ", ".join(differing), "rm -r .venv && make setup")
    return Finding("packages", State.OK, f"{len(found)} as pinned")


def check_compiler(_: Environment) -> Finding:
    """Whether numba compiles, and keeps what it compiled."""
    mend = "rm -r .venv && make setup"
    try:
        import numba

        compiled = numba.njit(lambda number: number + 1)
        result = compiled(1)
    except Exception as error:  # noqa: BLE001 # whatever it is, the doctor reports it
        return Finding("compiler", State.FAIL, f"numba fails: {error}", mend)
    if result != 2:
        return Finding("compiler", State.FAIL, "numba computes wrongly", mend)
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        meaning = "switched off: a search takes a hundred times longer"
        return Finding("compiler", State.WARN, meaning, "unset NUMBA_DISABLE_JIT")
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or PACKAGE / "kinship")
    if not _is_writable(folder):
        return Finding(
            "compiler",
            State.WARN,
            f"{folder} cannot be written: every start compiles anew, some 20 seconds",
            "set NUMBA_CACHE_DIR to a folder that can be written",
        )
    return Finding("compiler", State.OK, f"numba {version('numba')} compiles and keeps the result")


def check_processors(_: Environment) -> Finding:
    """Processors that this process may use."""
    count = len(os.sched_getaffinity(0))
    return Finding("processors", State.OK, f"{count} for the scan")


def check_home(environment: Environment) -> Finding:
    """Whether the folder for all written data can be written."""
    home = environment.home
    if not _is_writable(home):
        mend = "set REUNION_HOME to a folder that can be written"
        return Finding("home", State.FAIL, f"{home} cannot be written", mend)
    return Finding("home", State.OK, str(home.resolve()))


def check_disk(environment: Environment) -> Finding:
    """Free space where data are written."""
    free = shutil.disk_usage(_nearest(environment.home)).free
    meaning = f"{free / 1e9:.1f} GB free"
    if free < _LITTLE_SPACE:
        mend = "free some space, or set REUNION_HOME to another disk"
        return Finding("disk", State.WARN, f"{meaning}: little for a national database", mend)
    return Finding("disk", State.OK, meaning)


def check_packs(_: Environment) -> Finding:
    """Whether the packs that ship are sound."""
    from reunion.packs.dna import load_dna
    from reunion.packs.errors import PackError

    try:
        pack = load_dna()
    except PackError as error:
        return Finding("packs", State.FAIL, str(error), "restore the file from the release")
    meaning = f"{len(pack.catalogue.loci)} markers, {len(pack.tables)} default frequency tables"
    return Finding("packs", State.OK, meaning)


def check_tables(environment: Environment) -> Finding:
    """Whether the laboratory's own frequency tables can still be read."""
    from reunion.kinship.formats.complaints import DataRefused
    from reunion.packs.dna import load_dna
    from reunion.packs.errors import PackError
    from reunion.packs.library import TableLibrary

    try:
        tables = list(TableLibrary(environment.tables, load_dna()).own())
    except PackError:
        return Finding("tables", State.FAIL, "not read, since the packs are not sound")
    bad = [str(table) for table in tables if isinstance(table, DataRefused)]
    if bad:
        mend = "correct the file, or take it away and add it again"
        return Finding("tables", State.FAIL, "; ".join(bad), mend)
    meaning = f"{len(tables)} of the laboratory's own in {environment.tables}"
    return Finding("tables", State.OK, meaning)


CHECKS: tuple[Callable[[Environment], Finding], ...] = (
    check_python,
    check_packages,
    check_compiler,
    check_processors,
    check_home,
    check_disk,
    check_packs,
    check_tables,
)


def _is_installed(package: str) -> bool:
    """Whether a package is there; pins of another system or of a part not chosen are not."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _nearest(folder: Path) -> Path:
    """A folder, or the nearest one above it that is there."""
    folder = folder.resolve()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _is_writable(folder: Path) -> bool:
    nearest = _nearest(folder)
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
