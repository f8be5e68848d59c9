"""`reunion setup`, `backup`, `restore`, `upgrade`: for whoever runs the system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reunion.cli.console import emit, say
from reunion.cli.errors import UsageError
from reunion.cli.options import Json
from reunion.cli.private_files import read_key, read_text, write_new
from reunion.cli.system import require_answer, start, start_system


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
    require_answer()
    at = start("internal")
    from django.conf import settings
    from django.db import transaction

    from reunion.base.operations.actions import FirstAdministrator, make_tables, set_up

    if backup_key.exists():
        raise UsageError(f"{backup_key} is there already: name a new file for the backup key")
    make_tables()
    first = FirstAdministrator(name, login, agency, agency_name, agency_name_en)
    with transaction.atomic():  # without the file of the key nothing is set up
        made = set_up(first=first, synthetic=settings.MODE == "demo", at=at)
        write_new(backup_key, made.backup_identity)
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
    at = start_system("internal")
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
    custodians = [read_key(file) for file in custodian or []]
    if len(custodians) not in (0, 2) or bool(custodians) == bool(backup_key):
        raise UsageError("name the file of the backup key, or the key files of two custodians")
    if keys is not None and not custodians:
        raise UsageError("only two custodians open the file of the keys")
    require_answer()
    start("signer")  # these settings make no keys, which would be in the way
    from reunion.base.operations.restore import Locked, identity_by_escrow
    from reunion.base.operations.restore import restore as put_back

    identity = read_text(backup_key) if backup_key else identity_by_escrow(data, *custodians)
    locked = Locked(keys, identity_by_escrow(keys, *custodians)) if keys else None
    put_back(Locked(data, identity), locked)
    say("The system is restored. Look at it with: reunion doctor")


def upgrade(
    folder: Annotated[Path, typer.Argument(help="Folder for the backup that is made first.")],
) -> None:
    """Bring the databases to this version of the program, after a backup."""
    at = start_system("internal")
    from reunion.base.operations.actions import upgrade as bring_up
    from reunion.base.operations.backup import copy_before_upgrade

    written = copy_before_upgrade(folder, at=at)
    say(f"Backup: {written.data}")
    bring_up(at=at)
    say("The databases are those of this version. Start the processes again.")
