"""`reunion keys`: rotation, escrow and destruction of keys, for those who run the system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reunion.cli.console import say
from reunion.cli.errors import CommandError, Refused, Status, UsageError
from reunion.cli.private_files import read_key, read_text, write_new
from reunion.cli.system import start_system
from reunion.cli.wording import sentence

app = typer.Typer(
    help="Keys: rotation, escrow, destruction.", no_args_is_help=True, rich_markup_mode=None
)
KeyFile = Annotated[Path, typer.Argument(help="File of 64 hexadecimal digits.")]


@app.command()
def status() -> None:
    """How many persons have keys, and what waits for a rotation."""
    start_system("internal")
    from reunion.base.keys.access import standing
    from reunion.base.keys.models import Escrow
    from reunion.base.keys.wraps import KEK, ring

    newest = Escrow.objects.order_by("-number").first()
    now = standing(ring().newest(KEK), newest.number if newest else None)
    print(f"persons with a key: {now.persons}")
    print(f"keys destroyed: {now.destroyed}")
    print(f"under an older key of the keyring: {now.under_older_keks}")
    print(f"not sealed for the newest escrow: {now.without_newest_escrow}")


@app.command()
def rotate() -> None:
    """Wrap the keys of all persons under a new key; run again, it goes on where it stopped."""
    at = start_system("internal")
    from reunion.base.keys.rotation import rotate as rotation

    moved = 0
    for moved in rotation(at=at):
        say(f"{moved} keys moved")
    print(f"rotated: {moved} keys")


@app.command()
def retire() -> None:
    """Forget older keys that nothing and no backup needs any more."""
    at = start_system("internal")
    from reunion.base.keys.rotation import retire as retirement

    gone = retirement(at=at)
    print(f"forgotten: {', '.join(f'kek.{version}' for version in gone) or 'none'}")


@app.command()
def custodian(file: Annotated[Path, typer.Argument(help="File for the private key.")]) -> None:
    """Make the pair of keys of a custodian: FILE stays with them, FILE.pub is given to us."""
    from reunion.base.keys.envelope import new_pair

    private, public = new_pair()
    public_file = file.with_name(f"{file.name}.pub")
    write_new(file, private.hex())
    write_new(public_file, public.hex())
    print(f"private key: {file}\npublic key: {public_file}")


@app.command()
def escrow_create(
    sheet: Annotated[Path, typer.Argument(help="File for the sheet of shares; it is not secret.")],
    custodians: Annotated[
        list[str], typer.Option("--custodian", help="NAME=FILE.pub; three of them.")
    ],
) -> None:
    """Make a new escrow for three custodians; then run `reunion keys rotate`."""
    keys = {}
    for given in custodians:
        name, is_pair, file = given.partition("=")
        if not is_pair:
            raise UsageError(f"--custodian {given}: it must be NAME=FILE")
        keys[name] = read_key(Path(file))
    if sheet.exists():
        raise UsageError(f"{sheet}: is there already")
    at = start_system("internal")
    from reunion.base.keys.rotation import create_escrow

    escrow = create_escrow(custodians=keys, at=at)
    write_new(sheet, escrow.sheet)
    print(f"escrow {escrow.number}: {sheet}")


@app.command()
def escrow_sheet(
    sheet: Annotated[Path, typer.Argument(help="File for the sheet of shares.")],
) -> None:
    """Write the sheet of the newest escrow once more, as after a backup was restored."""
    start_system("internal")
    from reunion.base.keys.models import Escrow

    escrow = Escrow.objects.order_by("-number").first()
    if escrow is None:
        raise Refused("there is no escrow yet: reunion keys escrow-create")
    write_new(sheet, escrow.sheet)
    print(f"escrow {escrow.number}: {sheet}")


@app.command()
def escrow_open(
    sheet: Annotated[Path, typer.Argument(help="The sheet of shares.")],
    keys: Annotated[list[Path], typer.Option("--key", help="Key file of a custodian; two.")],
    out: Annotated[Path, typer.Option(help="File for the private key of the escrow.")],
) -> None:
    """Open the escrow with the key files of two custodians. Works without a database."""
    from reunion.base.keys.shares import open_escrow

    if len(keys) != 2:  # two of three is what the escrow is
        raise UsageError("--key: the key files of two custodians are needed")
    private = open_escrow(read_text(sheet), *map(read_key, keys))
    write_new(out, private.hex())
    print(f"private key of the escrow: {out}; delete it when `reunion keys recover` has ended")


@app.command()
def recover(file: KeyFile) -> None:
    """Recover every key that the keyring has lost, with the opened escrow."""
    private = read_key(file)
    at = start_system("internal")
    from reunion.base.keys.rotation import recover as recovery

    recovered = 0
    for recovered in recovery(private=private, at=at):
        say(f"{recovered} keys recovered")
    print(f"recovered: {recovered} keys")


@app.command()
def scrub() -> None:
    """Take what was deleted out of the files of the database."""
    from django.db import OperationalError

    start_system("internal")
    from reunion.base.keys.scrubbing import scrub as scrubbing

    try:
        scrubbing()
    except OperationalError as error:
        raise CommandError(f"the database is in use ({error}): try again") from error
    print("scrubbed")


@app.command()
def certificate_key() -> None:
    """Print the public key of certificates of destruction, which is to be published."""
    start_system("internal")
    from reunion.base.keys.actions import CERTIFICATES
    from reunion.base.keys.certificates import public_key
    from reunion.base.keys.wraps import ring

    print(public_key(ring().key(CERTIFICATES, ring().newest(CERTIFICATES))))


@app.command()
def certificate_check(
    file: Annotated[Path, typer.Argument(help="The certificate.")],
    key: Annotated[str | None, typer.Option(help="The public key, as it was published.")] = None,
) -> None:
    """Check a certificate of destruction. Works without a database; status 1: it does not hold."""
    from reunion.base.keys.certificates import check
    from reunion.base.keys.errors import CertificateForged

    try:
        certificate, signer = check(read_text(file), key)
    except CertificateForged as error:
        say(f"reunion: {sentence(error)}")
        raise typer.Exit(Status.FINDINGS) from error
    for name, rows in certificate.what.items():
        print(f"destroyed: {name}: {rows}")
    print(f"pseudonym: {certificate.pseudonym}")
    print(f"at: {certificate.at.isoformat()}")
    print(f"officers: {', '.join(certificate.officers)}")
    print(f"no backup from: {certificate.no_backup_from.isoformat()}")
    print(f"signed with: {signer}")
    if key is None:
        print("The signature holds. Compare the key with the published one.")


@app.command()
def inventory() -> None:
    """Print the table of all kinds of keys: docs/crypto_inventory.md."""
    from reunion.base.keys.inventory import document

    print(document(), end="")
