"""The files of deploy/ and .env.example name what is there, and open nothing to other machines."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperGroup
from typer.main import get_command

from reunion.cli.main import app
from reunion.settings.environment import VARIABLES, check_variables
from tests.settings import ROOT
from tools.environment_file import FILE, text

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PLAIN_IMAGE = re.compile(r"[a-z0-9-]+(:[a-z0-9.-]+)?")
PROCESSES = {
    "internal": "serve internal",
    "public": "serve public",
    "worker": "worker",
    "signer": "signer",
}


def read(name: str) -> str:
    """The text of a file of deploy/."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def is_command(words: str) -> bool:
    """Whether the program takes these words; nothing is run."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    first, *rest = words.split()
    group.commands[first].make_context(first, rest)
    return True


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each with its words."""
    joined = read("Containerfile").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def services() -> Mapping[str, Any]:
    """The services of the compose file, anchors put in."""
    found: Mapping[str, Any] = yaml.safe_load(read("compose.yaml"))["services"]
    return found


def unit_of(file: Path) -> RawConfigParser:
    """A unit; a key that is there several times has its last value."""
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep capitals
    parser.read(file, encoding="utf-8")
    return parser


def test_the_example_of_settings_is_made_of_the_declarations() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "python -m tools.environment_file"
    named = re.findall(r"^#(REUNION_\w+)=(.*)$", text(), re.M)
    assert [name for name, _ in named] == [f"REUNION_{one.name}" for one in VARIABLES]
    check_variables({name: value for name, value in named if value})


def test_the_image_is_made_of_files_that_are_there_and_runs_as_nobody_special() -> None:
    steps = instructions()
    kept = {line[1:] for line in read("Containerfile.dockerignore").splitlines() if line[:1] == "!"}
    for words in (shlex.split(words) for name, words in steps if name == "COPY"):
        for source in words[:-1]:
            assert (ROOT / source).exists(), source
            assert source in kept, f"{source} is kept out of the build"
    assert all(PLAIN_IMAGE.fullmatch(words) for name, words in steps if name == "FROM")
    user = [words for name, words in steps if name == "USER"]
    assert user
    assert user[-1] not in {"0", "root"}
    assert "://" not in read("Containerfile")
    assert steps[-2] == ("ENTRYPOINT", '["python", "-m", "reunion"]')


def test_the_containers_are_reached_from_this_machine_alone() -> None:
    found = services()
    assert set(PROCESSES) | {"prepare"} == set(found)
    for name, service in found.items():
        assert PLAIN_IMAGE.fullmatch(service["image"]), name
        build = DEPLOY / service["build"]["context"]
        assert (build / service["build"]["dockerfile"]).is_file()
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert is_command(" ".join(service["command"])), name
        settings = service["environment"]
        check_variables(settings)
        is_site = name in {"internal", "public"}
        assert (settings.get("REUNION_HOST") == "0.0.0.0") == is_site  # noqa: S104  # in its own net
        assert bool(service.get("ports")) == is_site
        assert service["cap_drop"] == ["ALL"]
    for name, words in PROCESSES.items():
        assert found[name]["command"] == words.split()


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_starts_its_process_as_a_user_without_powers(file: Path) -> None:
    unit = unit_of(file)
    service = unit["Service"]
    name = file.stem.removeprefix("reunion-")
    python, _, words = service["ExecStart"].partition(" -m reunion ")
    assert python.endswith("/.venv/bin/python")
    assert words == PROCESSES[name]
    assert is_command(words)
    # The worker does the work of the internal site, with its keys.
    assert service["User"] == f"reunion-{'internal' if name == 'worker' else name}"
    assert service["Type"] == "notify"
    assert service["NoNewPrivileges"] == "true"
    assert service["CapabilityBoundingSet"] == ""
    assert service["LimitCORE"] == "0"
    variables = dict(pair.split("=", 1) for pair in service["Environment"].split())
    check_variables(variables)
    assert variables["REUNION_KEYS"].startswith(service["ReadWritePaths"])


def test_there_is_a_unit_for_each_process() -> None:
    assert {file.stem for file in UNITS} == {f"reunion-{name}" for name in PROCESSES}


def test_the_proxy_leads_to_this_machine_and_notes_nobody() -> None:
    proxy = re.sub(r"#.*", "", read("nginx.conf"))
    assert re.findall(r"proxy_pass (\S+);", proxy) == [
        "http://127.0.0.1:8000",
        "http://127.0.0.1:8001",
    ]
    servers = proxy.split("server {")[1:]
    assert len(servers) == 3
    assert all("access_log off;" in server for server in servers)
    for server in servers[:2]:
        assert "proxy_set_header X-Forwarded-Proto https;" in server
        assert 'proxy_set_header X-Forwarded-For "";' in server
        assert "location = /healthz { deny all; }" in server
        assert "gzip off;" in server
    assert proxy.count("{") == proxy.count("}")
