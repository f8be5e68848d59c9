"""A backup gives back an equal system, with the key of the backups or with two custodians."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.own_system import OwnSystem, own_system

SETUP = """
import sys
from django.utils.timezone import now
from reunion.base.keys.rotation import create_escrow
from reunion.base.operations.actions import FirstAdministrator, set_up
from reunion.base.units.pack import jurisdiction
kinds = jurisdiction().agencies
top = jurisdiction().regions.root.level
kind = next(code for code, agency in kinds.items() if top in agency.levels)
first = FirstAdministrator("Synthetic Person", "deng", kind, "合成单位", "Synthetic unit")
made = set_up(first=first, synthetic=True, at=now())
custodians = {name: bytes.fromhex(key) for name, key in zip("abc", sys.argv[1:])}
create_escrow(custodians=custodians, at=now())
print(made.backup_identity)
"""
FILL = """
from uuid import uuid4
from django.utils.timezone import now
from reunion.base.actor import system
from reunion.base.keys.actions import seal
from reunion.base.keys.models import PersonKey
from reunion.base.keys.rotation import rotate
from reunion.base.units.models import Unit
from reunion.base.keys.actions import make_keys
make_keys(subjects=[uuid4() for _ in range(20)])
list(rotate(at=now()))
"""
BACK_UP = """
import sys
from pathlib import Path
from django.utils.timezone import now
from reunion.base.operations.backup import back_up, fingerprints
written = back_up(Path(sys.argv[1]), at=now())
print(written.data)
print(written.keys)
print(fingerprints())
"""
PRINTS = "from reunion.base.operations.backup import fingerprints\nprint(fingerprints())"
UNWRAP = """
from reunion.base.keys.models import PersonKey
from reunion.base.keys.wraps import open_key
print(sum(len(open_key(row)) == 32 for row in PersonKey.objects.all()))
"""


def custodian(folder: Path, name: str) -> tuple[Path, str]:
    """The key file of a custodian, and the public key."""
    from reunion.base.keys.envelope import new_pair

    private, public = new_pair()
    file = folder / f"{name}.key"
    file.write_text(private.hex())
    return file, public.hex()


def command(own: OwnSystem, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reunion", *words],
        env=own.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.database
@pytest.mark.threat("T26")
def test_a_system_is_restored_equal_with_the_escrow_alone(tmp_path: Path) -> None:
    files, publics = zip(*(custodian(tmp_path, name) for name in "abc"), strict=True)
    with own_system(tmp_path / "first") as first:
        identity = tmp_path / "backup.key"
        identity.write_text(first.run(SETUP, *publics))
        first.run(FILL)
        data, keys, before = first.run(BACK_UP, str(tmp_path / "backups")).splitlines()

    one, two, three = map(str, files)
    with own_system(tmp_path / "second", migrated=False) as second:
        alone = command(second, "restore", data, "--keys", keys, "--custodian", one)
        assert alone.returncode == 2, alone.stderr
        twice = ["--custodian", one, "--custodian", one]
        assert command(second, "restore", data, *twice).returncode == 4
        both = ["--custodian", one, "--custodian", three]
        done = command(second, "restore", data, "--keys", keys, *both)
        assert done.returncode == 0, done.stderr
        assert second.run(PRINTS).strip() == before
        assert second.run(UNWRAP).strip() == "20"
        again = command(second, "restore", data, *both)
        assert again.returncode == 4
        assert "there is something in" in again.stderr

    with own_system(tmp_path / "third", migrated=False) as third:
        done = command(third, "restore", data, "--backup-key", str(identity))
        assert done.returncode == 0, done.stderr
        assert third.run(PRINTS).strip() == before
        recovered = command(third, "keys", "recover", two)
        assert recovered.returncode != 0, "one custodian's key is not the escrow's"


@pytest.mark.database
def test_a_changed_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    _file, public = custodian(tmp_path, "a")
    publics = [public, custodian(tmp_path, "b")[1], custodian(tmp_path, "c")[1]]
    with own_system(tmp_path / "first") as first:
        identity = tmp_path / "backup.key"
        identity.write_text(first.run(SETUP, *publics))
        data = Path(first.run(BACK_UP, str(tmp_path / "backups")).splitlines()[0])
    whole = data.read_bytes()
    for at in (len(whole) // 2, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        data.write_bytes(damaged)
        with own_system(tmp_path / f"at-{at}", migrated=False) as other:
            done = command(other, "restore", str(data), "--backup-key", str(identity))
            assert done.returncode == 4, done.stderr
            assert done.stderr.count("\n") == 1
            data.write_bytes(whole)
            done = command(other, "restore", str(data), "--backup-key", str(identity))
            assert done.returncode == 0, "what was refused had changed something"


# One step of a writer touches two stores, the second after the first; so `default` is never behind,
# and never ahead by more than the step that is being done.
WRITER = """
import itertools
from django.utils.timezone import now
from reunion.base.published.actions import Content, put
from reunion.base.publication.models import Outgoing
for number in itertools.count(1):
    at = now()
    Outgoing.objects.create(kind="n", key="n", number=number, region="cn/", shown_from=at)
    put(content=Content("n", "n", "cn/", {}, at), number=number)
    if number == 3:
        print("writing", flush=True)
"""
STEPS = """
from django.db.models import Max
from reunion.base.published.models import Published
from reunion.base.publication.models import Outgoing
print(Outgoing.objects.aggregate(n=Max("number"))["n"] - Published.objects.get(key="n").version)
"""


@pytest.mark.database
def test_the_copies_of_all_stores_are_of_one_moment_while_others_write(tmp_path: Path) -> None:
    publics = [custodian(tmp_path, name)[1] for name in "abc"]
    with own_system(tmp_path / "first") as first:
        identity = tmp_path / "backup.key"
        identity.write_text(first.run(SETUP, *publics))
        with first.start(WRITER) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
            folders = [str(tmp_path / f"backups-{n}") for n in range(3)]
            made = [first.run(BACK_UP, folder).splitlines()[0] for folder in folders]
            assert writer.poll() is None, "the backups hurt no writer"
            writer.kill()
    for n, data in enumerate(made):
        with own_system(tmp_path / f"copy-{n}", migrated=False) as copied:
            done = command(copied, "restore", data, "--backup-key", str(identity))
            assert done.returncode == 0, done.stderr
            assert int(copied.run(STEPS)) in (0, 1)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.database
def test_a_refused_restore_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """Whatever is wrong is found before the first key or row is written."""
    files, publics = zip(*(custodian(tmp_path, name) for name in "abc"), strict=True)
    with own_system(tmp_path / "first") as first:
        first.run(SETUP, *publics)
        written = first.run(BACK_UP, str(tmp_path / "backups")).splitlines()
    data, keys = Path(written[0]), Path(written[1])
    line, rest = data.read_bytes().split(b"\n", 1)
    other = {b"sqlite": b"postgresql", b"postgresql": b"sqlite"}
    name = json.loads(line)["engine"].encode()
    elsewhere, cut = tmp_path / "elsewhere.data", tmp_path / "cut.keys"
    elsewhere.write_bytes(line.replace(name, other[name]) + b"\n" + rest)
    cut.write_bytes(keys.read_bytes()[:-1])
    both = ["--custodian", str(files[0]), "--custodian", str(files[1])]
    with own_system(tmp_path / "second", migrated=False) as second:
        home = tmp_path / "second"
        before = tree(home)
        for bad in ((elsewhere, keys), (data, cut), (keys, keys), (data, data)):
            done = command(second, "restore", str(bad[0]), "--keys", str(bad[1]), *both)
            assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
            assert tree(home) == before, bad
        (home / "files").mkdir()
        (home / "files" / "one").write_text("somebody else's")
        held = tree(home)
        assert command(second, "restore", str(data), "--keys", str(keys), *both).returncode == 4
        assert tree(home) == held
        (home / "files" / "one").unlink()
        done = command(second, "restore", str(data), "--keys", str(keys), *both)
        assert done.returncode == 0, done.stderr
        assert second.run(PRINTS).strip() == written[2]


BLOCK = """
from pathlib import Path
from django.db import connections
from reunion.base.operations.databases import stores
last = connections[stores()[-1]]
if last.vendor == "sqlite":
    file = Path(last.settings_dict["NAME"])
    file.symlink_to(file.parent / "no" / "x")
else:
    last.cursor().execute("CREATE SEQUENCE django_migrations")
"""
UNBLOCK = """
from django.db import connections
from reunion.base.operations.databases import require_no_tables, stores
for alias in stores():
    require_no_tables(alias)
last = connections[stores()[-1]]
if last.vendor == "postgresql":
    last.cursor().execute("DROP SEQUENCE django_migrations")
"""


EMPTY = """
from reunion.base.operations.databases import require_no_tables, stores
for alias in stores():
    require_no_tables(alias)
"""


def refused(second: OwnSystem, *words: str) -> None:
    """The command fails with one sentence."""
    failed = command(second, *words)
    assert failed.returncode not in (0, 1), failed.stderr
    assert failed.stderr.count("\n") == 1, failed.stderr


@pytest.mark.database
def test_a_restore_that_fails_half_way_is_undone(tmp_path: Path) -> None:
    """The last store, then the last folder, cannot be written: all is empty again each time."""
    files, publics = zip(*(custodian(tmp_path, name) for name in "abc"), strict=True)
    with own_system(tmp_path / "first") as first:
        first.run(SETUP, *publics)
        (tmp_path / "first" / "signer").mkdir(exist_ok=True)
        (tmp_path / "first" / "signer" / "synthetic").write_text("synthetic")
        data, keys, before = first.run(BACK_UP, str(tmp_path / "backups")).splitlines()
    words = ["restore", data, "--keys", keys]
    words += ["--custodian", str(files[0]), "--custodian", str(files[1])]
    signer = "reunion.settings.signer"  # which makes no key
    with own_system(tmp_path / "second", signer, migrated=False) as second:
        second.run(BLOCK)
        refused(second, *words)
        second.run(UNBLOCK)

        in_the_way = tmp_path / "second" / "signer"  # a file; the keys are copied before it
        in_the_way.write_text("")
        kept = tree(tmp_path / "second")
        refused(second, *words)
        assert set(tree(tmp_path / "second")) == set(kept)
        second.run(EMPTY)
        in_the_way.unlink()
        done = command(second, *words)
        assert done.returncode == 0, done.stderr
        assert second.run(PRINTS).strip() == before
