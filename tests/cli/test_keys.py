"""`reunion keys`: custodians, escrow, rotation and certificates on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from reunion.base.keys.certificates import Certificate, public_key, sign
from reunion.cli.errors import Status
from tests.cast import NOW
from tools.own_system import OwnSystem, own_system

OFFICES = ("secretariat", "procuratorate", "civil_affairs")


def run(*arguments: object, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "reunion", "keys", *map(str, arguments)],
        env=environment or dict(os.environ),
        capture_output=True,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    text = sign(
        Certificate("p", {"key": 1}, NOW, ("one", "other"), date(2026, 4, 2)), bytes(range(32))
    )
    file = tmp_path / "certificate.json"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_family_checks_a_certificate_without_a_database(certificate: Path) -> None:
    published = public_key(bytes(range(32)))
    status, out, _err = run("certificate-check", certificate, "--key", published)
    assert status == Status.OK
    assert "no backup from: 2026-04-02" in out
    _status, out, _err = run("certificate-check", certificate)
    assert f"signed with: {published}" in out
    assert "Compare the key" in out


def test_a_forged_certificate_is_a_finding_and_another_file_is_refused(certificate: Path) -> None:
    text = certificate.read_text(encoding="utf-8")
    certificate.write_text(text.replace('"key": 1', '"key": 2'), encoding="utf-8")
    status, out, err = run("certificate-check", certificate)
    assert (status, out) == (Status.FINDINGS, "")
    assert "its signature is wrong" in err
    certificate.write_text("no certificate", encoding="utf-8")
    status, _out, err = run("certificate-check", certificate)
    assert status == Status.REFUSED
    assert "no certificate of destruction" in err


@pytest.mark.threat("T26")
def test_the_escrow_goes_from_three_custodians_to_a_lost_keyring_and_back(tmp_path: Path) -> None:
    files = [tmp_path / office for office in OFFICES]
    for file in files:
        assert run("custodian", file)[0] == Status.OK
        assert file.stat().st_mode & 0o777 == 0o600
    sheet = tmp_path / "sheet.json"
    given = [
        word
        for office, file in zip(OFFICES, files, strict=True)
        for word in ("--custodian", f"{office}={file}.pub")
    ]
    with own_system(tmp_path / "home", "tests.base.notebook.settings") as system:
        keys = system.run(MAKE)
        assert on(system, "escrow-create", sheet, *given)[0] == Status.OK
        assert on(system, "escrow-sheet", tmp_path / "again")[0] == Status.OK
        assert (tmp_path / "again").read_text() == sheet.read_text()
        assert on(system, "rotate")[1] == "rotated: 40 keys\n"
        for file in (tmp_path / "home" / "keys" / "internal").glob("kek.*"):
            file.unlink()
        opened = tmp_path / "opened"
        one = ("--key", files[2])
        status, _out, err = run("escrow-open", sheet, *one, *one, "--out", opened)
        assert status == Status.REFUSED
        assert "two of its custodians" in err
        assert not opened.exists()
        status, _out, _err = run("escrow-open", sheet, *one, "--key", files[0], "--out", opened)
        assert status == Status.OK
        assert on(system, "recover", opened)[1] == "recovered: 40 keys\n"
        assert system.run(MAKE) == keys
        status, out, _err = on(system, "status")
    assert "persons with a key: 40" in out
    assert "not sealed for the newest escrow: 0" in out


def test_an_escrow_of_two_is_refused(tmp_path: Path) -> None:
    run("custodian", tmp_path / "one")
    with own_system(tmp_path / "home", "tests.base.notebook.settings") as system:
        given = ("--custodian", f"one={tmp_path / 'one'}.pub")
        status, _out, err = on(system, "escrow-create", tmp_path / "sheet", *given, *given)
    assert status == Status.REFUSED
    assert "three custodians" in err


MAKE = """
from uuid import UUID
from reunion.base.keys.actions import make_keys
made = make_keys(subjects=[UUID(int=number) for number in range(40)])
for subject in sorted(made): print(made[subject].hex())
"""


def on(system: OwnSystem, *arguments: object) -> tuple[int, str, str]:
    return run(*arguments, environment=system.environment)
