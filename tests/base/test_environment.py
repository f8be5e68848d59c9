"""The address of PostgreSQL: what of it is used, and what is refused in one sentence."""

from __future__ import annotations

import socket
import threading

import pytest

from reunion.base.operations.errors import NoAnswer
from reunion.base.operations.outside import steps_of
from reunion.settings.environment import STORES, BadSetting, check_variables, databases

SAFE = "sslmode=verify-full&sslrootcert=/etc/ssl/reunion/root.pem"


def refused(address: str, mode: str = "production") -> str:
    """The sentence by which an address is refused; blank: it is taken."""
    try:
        check_variables({"REUNION_DATABASE_URL": address, "REUNION_MODE": mode})
    except BadSetting as error:
        return str(error)
    return ""


def test_the_parts_of_an_address_reach_every_store() -> None:
    found = databases(f"postgresql://deng%40x:p%2Fw@db.example:6432/reunion?{SAFE}")
    names = ["reunion", "reunion_dna", "reunion_published", "reunion_inbox"]
    assert [found[store]["NAME"] for store in STORES] == names
    for store in STORES:
        entry = found[store]
        assert (entry["USER"], entry["PASSWORD"]) == ("deng@x", "p/w")
        assert (entry["HOST"], entry["PORT"]) == ("db.example", "6432")
        assert entry["OPTIONS"] == {
            "sslmode": "verify-full",
            "sslrootcert": "/etc/ssl/reunion/root.pem",
        }


def test_the_folder_of_a_socket_is_the_host() -> None:
    found = databases("postgresql://deng@/reunion?host=%2Frun%2Fpostgresql")["default"]
    assert (found["HOST"], found["OPTIONS"]) == ("/run/postgresql", {})


@pytest.mark.parametrize(
    "server",
    [
        "db.example",
        "10.0.0.7",
        "[2001:db8::7]",
        "127.0.0.1.example",
        "localhost,db.example",
    ],
)
@pytest.mark.parametrize("asked", ["", "?sslmode=require", "?sslmode=prefer", "?sslmode=verify-ca"])
def test_in_production_another_machine_must_show_who_it_is(server: str, asked: str) -> None:
    address = f"postgresql://deng:hidden@{server}/reunion{asked}"
    told = refused(address)
    assert "sslmode=verify-full" in told
    assert "hidden" not in told
    assert refused(address, "demo") == ""
    assert refused(f"postgresql://deng:hidden@{server}/reunion?{SAFE}") == ""


def test_a_host_after_the_question_mark_is_no_way_around() -> None:
    assert refused("postgresql:///reunion?host=db.example")


@pytest.mark.parametrize(
    "server", ["localhost", "127.0.0.1", "127.8.8.8:6432", "[::1]", "", "%2Frun%2Fpostgresql"]
)
def test_this_machine_needs_no_encryption(server: str) -> None:
    assert refused(f"postgresql://deng@{server}/reunion") == ""


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://deng@localhost/reunion", "must look like"),
        ("postgresql://deng@localhost/", "must look like"),
        ("postgresql://deng@localhost:port/reunion", "must look like"),
        ("postgresql://deng@localhost/reunion?sslmode", "must look like"),
        ("postgresql://deng@localhost/reunion?sslmode=full", "sslmode is one of"),
        ("postgresql://deng@localhost/reunion?sslmodus=require", "after the ? stand"),
        ("postgresql://deng@h/reunion?sslmode=verify-full&sslmode=disable", "after the ? stand"),
    ],
)
def test_what_would_do_nothing_is_refused(address: str, told: str) -> None:
    assert told in refused(address, "demo")


SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""With what a client of PostgreSQL begins where it wants encryption."""


@pytest.mark.parametrize(("asked", "begins"), [("require", True), ("disable", False)])
def test_the_library_of_postgresql_is_told_of_it(asked: str, begins: bool) -> None:
    """A listener that is no server: it hears how the library begins, and closes."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hear() -> None:
            with listener.accept()[0] as visitor:
                heard.append(visitor.recv(8))

        thread = threading.Thread(target=hear)
        thread.start()
        port = listener.getsockname()[1]
        entry = databases(f"postgresql://deng@127.0.0.1:{port}/reunion?sslmode={asked}")["default"]
        with pytest.raises(NoAnswer):
            steps_of(entry)
        thread.join(10)
    assert [each == SSL_REQUEST for each in heard] == [begins]
