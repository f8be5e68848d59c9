"""The command as a whole: help, statuses, settings, and no tracebacks."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from reunion.cli.environment import read_environment
from reunion.cli.errors import CommandError
from reunion.settings.environment import VARIABLES
from tests.cli.command import reunion

FORBIDDEN_IN_HELP = ("numba", "numpy", "rich")


def test_help_comes_at_once_and_loads_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom reunion.cli.main import main\n"
        "sys.argv = ['reunion', 'kinship', '--help']\n"
        "try: main()\nexcept SystemExit: print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=tmp_path
    )
    assert b"search" in done.stdout
    assert not any(f"'{name}'".encode() in done.stderr for name in FORBIDDEN_IN_HELP)
    start = time.process_time()
    times = [os.times().children_user]
    reunion("--help", cwd=tmp_path)
    times.append(os.times().children_user)
    assert times[1] - times[0] < 0.5
    assert time.process_time() - start < 0.5


def test_the_script_and_the_module_are_the_same_command(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("reunion")
    if not script.exists():
        pytest.skip("the project is not installed in this environment")
    done = subprocess.run([script, "--version"], capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout.decode() == reunion("--version", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "nonsense"),
        (["kinship", "search", "--families", "f.csv"], "--profiles"),
        (["kinship", "lr"], "CASES.json"),
        (["doctor", "--colour"], "--colour"),
    ],
)
def test_wrong_use_is_status_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = reunion(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert said in done.err
    assert done.out == ""


def test_an_unknown_setting_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    done = reunion("doctor", cwd=tmp_path, environment={"REUNION_HOMES": "/x"})
    assert done.status == 3
    assert done.err == (
        "reunion: REUNION_HOMES: there is no such setting; the nearest is REUNION_HOME\n"
    )


def test_settings_are_read_from_what_is_passed_in() -> None:
    assert read_environment({}).home == Path("var")
    assert read_environment({"REUNION_HOME": ""}).home == Path("var")
    assert read_environment({"REUNION_DEBUG": "1"}).debug
    with pytest.raises(CommandError, match="REUNION_DEBUG: 'yes' is not 0 or 1"):
        read_environment({"REUNION_DEBUG": "yes"})
    for name, wrong in (("MODE", "Production"), ("TLS", "1"), ("LANGUAGE", "zh")):
        with pytest.raises(CommandError, match=f"REUNION_{name}: '{wrong}' is not "):
            read_environment({f"REUNION_{name}": wrong})
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)


def test_a_reader_who_leaves_is_no_fault(tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m reunion kinship tables list --json | true"
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.stderr == b""
    assert done.returncode in (0, 141)


def test_an_interruption_is_status_130(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cases.json")
    process = subprocess.Popen(
        [sys.executable, "-m", "reunion", "kinship", "lr", "cases.json"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    # The command opens the pipe for reading once it is past its imports, and then waits. A signal
    # between the two is seen when reading ends, which it does not: so it may take another one.
    with (tmp_path / "cases.json").open("wb"):
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
    _, err = process.communicate()
    assert process.returncode == 130
    assert err == b"interrupted\n"


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m reunion kinship tables list --json > /dev/full"
    done = subprocess.run(
        ["/bin/bash", "-c", command], capture_output=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 3
    assert done.stderr.decode().count("\n") == 1
    assert b"No space left" in done.stderr


def test_bench_prints_its_figures_as_one_object(tmp_path: Path) -> None:
    small = ("--compiled", "3", "--profiles", "2000", "--large", "2000")
    done = reunion("kinship", "bench", "--json", *small, cwd=tmp_path)
    figures = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    assert figures["bit_equal"] is True
    assert {"single_lr_per_s", "batch_lr_per_s", "numpy_lr_per_s", "append_us"} <= set(figures)
    assert "bit_equal" in reunion("kinship", "bench", *small, cwd=tmp_path).err
