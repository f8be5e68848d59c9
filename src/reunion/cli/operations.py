"""`reunion setup`, `backup`, `restore`, `upgrade`: for whoever runs the system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reunion.cli.console import emit, say
from reunion.cli.errors import Refused, UsageError
from reunion.cli.options import Json
from reunion.cli.system import require_system


def setup(
    login: Annotated[str, typer.Option(help="Sign-in name of the first administrator.")],
    name: Annotated[str, typer.Option(help="Their name.")],
    agency: Annotated[str, typer.Option(help="Kind of their agency, as the pack lists it.")],
    agency_name: Annotated[str, typer.Option(help="Name of the agency, as it writes it.")],
    agency_name_en: Annotated[str, typer.Option(help="Its name in English.")],
    backup_key: Annotated[
        Path, typer.Option(help="New file for the key that opens backups: keep it elsewhere.")
    ],
    json: Json = False,
) -> None:
    """Set a new system up: its keys, its databases and its first administrator.

    In demo mode (the default of REUNION_MODE) the system is for invented people for ever; in
    production it never holds them.
    """
    with _system() as at:
        from django.conf import settings

        from reunion.base.operations.actions import FirstAdministrator, migrate, set_up

        if backup_key.exists():
            raise UsageError(f"{backup_key} is there already: name a new file for the backup key")
        migrate()
        first = FirstAdministrator(name, login, agency, agency_name, agency_name_en)
        made = set_up(first=first, synthetic=settings.MODE == "demo", at=at)
        _write_private(backup_key, made.backup_identity)
    if json:
        emit({"login": made.login, "code": made.code, "backup_key": str(backup_key)})
    say(
        f"The system is set up. {made.login} sets a password with this code within 72 hours:\n"
        f"    {made.code}\n"
        f"Backups are opened with {backup_key}: take it off this machine.\n"
        "Next: name the three custodians of the escrow (reunion keys escrow-create)."
    )


def backup(
    folder: Annotated[Path, typer.Argument(help="Folder for the two files of the backup.")],
    json: Json = False,
) -> None:
    """Write a backup: the data in one file, the keys in another that only the escrow opens."""
    require_system()
    with _system() as at:
        from reunion.base.operations.backup import back_up

        written = back_up(folder, at=at)
    if json:
        emit({"data": str(written.data), "keys": str(written.keys) if written.keys else None})
    say(f"Written: {written.data}")
    if written.keys:
        say(f"Written: {written.keys} (keep it apart from the data)")
    else:
        say("The keys are in no backup: there is no escrow yet (reunion keys escrow-create).")


def restore(
    data: Annotated[Path, typer.Argument(help="The file of the data.")],
    keys: Annotated[
        Path | None, typer.Option(help="The file of the keys; it needs the custodians.")
    ] = None,
    backup_key: Annotated[
        Path | None, typer.Option(help="The key of the backups, as setup wrote it.")
    ] = None,
    custodian: Annotated[
        list[Path] | None, typer.Option(help="Key file of a custodian; two of them are needed.")
    ] = None,
) -> None:
    """Restore a backup into an empty system, with the backup key or two custodians."""
    custodians = [_key_of_custodian(file) for file in custodian or []]
    if len(custodians) not in (0, 2) or bool(custodians) == bool(backup_key):
        raise UsageError("name the file of the backup key, or the key files of two custodians")
    if keys is not None and not custodians:
        raise UsageError("only two custodians open the file of the keys")
    with _worded():
        from reunion.base.operations.keys_file import identity_by_escrow

        identity = _text(backup_key) if backup_key else identity_by_escrow(data, *custodians)
        # The keys first: Django makes new ones where it finds none, and they would be in the way.
        if keys is not None:
            _restore_keys(keys, custodians)
    with _system():
        from reunion.base.operations.backup import restore as put_back

        put_back(data, identity)
    say("The system is restored. Look at it with: reunion doctor")


def upgrade(
    folder: Annotated[Path, typer.Argument(help="Folder for the backup that is made first.")],
) -> None:
    """Bring the databases to this version of the program, after a backup."""
    require_system()
    with _system() as at:
        from reunion.base.operations.actions import migrate
        from reunion.base.operations.backup import back_up

        written = back_up(folder, at=at)
        say(f"Backup: {written.data}")
        migrate()
    say("The databases are those of this version. Start the processes again.")


@contextmanager
def _system() -> Iterator[datetime]:
    """Django as the internal site; gives the moment of the command."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "reunion.settings.internal"
    import django
    from django.utils.timezone import now

    django.setup()
    with _worded():
        yield now()


_SENTENCES = {
    "SetUpAlready": "the system is set up already; nothing was changed",
    "NotSetUp": "there is no system here yet: reunion setup",
    "NotEmpty": "there is something in {place} already: restore into a new REUNION_HOME",
    "ProgramMissing": "{program} is not installed here. Debian: apt-get install postgresql-client",
    "ProgramFailed": "{program} failed with status {status}; the server's own log says why",
    "OtherEngine": "the backup is of {backup}, and the system here is on {here}",
    "EscrowMissing": "in production an escrow is needed first: reunion keys escrow-create",
    "EscrowNotOpened": "these key files are not of two custodians of this escrow",
}
_BACKUP_SENTENCES = {
    "key": "the key does not open this backup",
    "content": "the backup was changed after it was written",
    "header": "this file is no backup of Reunion",
    "no_escrow": "this backup was made without an escrow: it needs the backup key",
}


@contextmanager
def _worded() -> Iterator[None]:
    """Refusals of base become sentences."""
    from reunion.base.errors import ReunionError

    try:
        yield
    except ReunionError as error:
        fields = error.as_fields()
        sentence = _BACKUP_SENTENCES.get(fields.get("reason", "")) or _SENTENCES.get(
            error.code, str(error)
        ).format(**fields)
        raise Refused(sentence) from error


def _restore_keys(file: Path, custodians: list[bytes]) -> None:
    from reunion.base.operations.keys_file import restore_keys
    from reunion.cli.environment import read_environment

    restore_keys(file, read_environment().home, custodians[0], custodians[1])


def _key_of_custodian(file: Path) -> bytes:
    try:
        return bytes.fromhex(_text(file).strip())
    except ValueError as error:
        raise UsageError(f"{file}: a key file holds 64 hexadecimal digits") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read") from error


def _write_private(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text + "\n")
