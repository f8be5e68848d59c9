"""`reunion audit`: checks of the audit trail, by the signer, by witnesses and by third parties."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias
from uuid import UUID

import typer

from reunion.cli.audit_settings import start
from reunion.cli.console import emit, say, say_each
from reunion.cli.errors import CommandError, Refused, Status, UsageError
from reunion.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reunion.base.audit.findings import Finding
    from reunion.base.audit.trail import Trail, Verdict

app = typer.Typer(
    help="The audit trail: check, export, sign as a witness. Status 0: sound; 1: findings; 2: a"
    " file or option cannot be used.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

TrailFile: TypeAlias = Annotated[Path, typer.Argument(help="A trail that `export` wrote.")]
Witnesses: TypeAlias = Annotated[
    Path | None, typer.Option(help="JSON: public key (hexadecimal) of each unit that witnesses.")
]


@app.command()
def verify(
    offline: Annotated[
        Path | None, typer.Option(help="Check this exported trail, with no database and no key.")
    ] = None,
    head: Annotated[
        list[Path] | None, typer.Option(help="Offline: a head that you kept; more than once.")
    ] = None,
    key: Annotated[str, typer.Option(help="Offline: public key of the first head.")] = "",
    witnesses: Witnesses = None,
    needed: Annotated[int, typer.Option(help="Offline: witnesses that a head needs.")] = 3,
    earlier: Annotated[
        Path | None, typer.Option(help="Offline: an earlier export; shows exact places.")
    ] = None,
    entry: Annotated[
        Path | None, typer.Option(help="Offline: text of an entry that must be in the trail.")
    ] = None,
    journal: Annotated[
        bool, typer.Option(help="Online: compare with the signer's journal too.")
    ] = True,
    json: Json = False,
) -> None:
    """Check the audit trail: with the signer's keys, or --offline as anyone can."""
    if offline is None:
        verdict = _verify_online(with_journal=journal)
    else:
        verdict = _verify_offline(offline, head or [], key, witnesses, needed, earlier, entry)
    _show(verdict, json=json)


def _verify_online(*, with_journal: bool) -> Verdict:
    keys, folder = start("signer")
    from django.utils import timezone

    from reunion.base.audit.verify import verify as check
    from reunion.base.errors import ReunionError

    try:
        return check(keys, timezone.now(), folder if with_journal else None)
    except ReunionError as error:
        raise CommandError(str(error)) from error


def _verify_offline(
    file: Path,
    heads: Sequence[Path],
    key: str,
    witnesses: Path | None,
    needed: int,
    earlier: Path | None,
    entry: Path | None,
) -> Verdict:
    from reunion.base.audit.trail import BadTrail, Held, check_trail, read_heads

    try:
        held = Held(
            heads=read_heads(heads),
            key=bytes.fromhex(key) if key else None,
            witnesses=_witness_keys(witnesses) if witnesses else None,
            needed=needed,
            earlier=_read(earlier) if earlier else None,
            entry=entry.read_bytes().strip() if entry else None,
        )
        return check_trail(_read(file), held)
    except (BadTrail, ValueError, OSError) as error:
        raise UsageError(str(error)) from error


def _read(file: Path) -> Trail:
    from reunion.base.audit.trail import read_trail

    return read_trail(file)


def _witness_keys(file: Path) -> dict[str, bytes]:
    """Public keys by unit; units as hexadecimal digits."""
    try:
        values = json_module.loads(file.read_text(encoding="utf-8"))
        return {UUID(unit).hex: bytes.fromhex(key) for unit, key in values.items()}
    except (ValueError, AttributeError, TypeError, OSError) as error:
        raise UsageError(f"{file}: not a list of the keys of witnesses") from error


def _show(verdict: Verdict, *, json: bool) -> None:
    if json:
        emit(
            {
                "sound": not verdict.findings,
                "entries": verdict.size,
                "heads": verdict.heads,
                "witnessed": verdict.witnessed,
                "position": verdict.position,
                "findings": [finding.as_json() for finding in verdict.findings],
            }
        )
    else:
        print(f"{verdict.size} sealed entries, {verdict.heads} heads")
        if verdict.position is not None:
            print(f"the entry is at {verdict.position}")
        _say_findings(verdict.findings)
    if verdict.findings:
        raise typer.Exit(Status.FINDINGS)


def _say_findings(findings: Sequence[Finding]) -> None:
    say_each(findings, rest="(--json shows them all)")


@app.command()
def steps() -> None:
    """Check the histories that pages show against their entries, with the internal keys."""
    start("internal")
    from reunion.base.audit.verify import check_steps

    findings = check_steps()
    _say_findings(findings)
    if findings:
        raise typer.Exit(Status.FINDINGS)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write.")], witnesses: Witnesses = None
) -> None:
    """Write the trail for third parties: leaves, heads, signatures; no entry can be read in it."""
    start("signer")
    from reunion.base.audit.access import trail
    from reunion.base.audit.trail import write_trail

    found = trail(_witness_keys(witnesses) if witnesses else {})
    write_trail(file, found)
    print(f"{len(found.leaves)} leaves, {len(found.heads)} heads")


@app.command()
def head(json: Json = False) -> None:
    """Show the newest signed head; as --json, a file that `verify --offline --head` takes."""
    start("signer")
    from reunion.base.audit.access import last_head
    from reunion.base.audit.rules import moment_at

    newest = last_head()
    if newest is None:
        raise Refused("no head is signed yet: reunion signer signs one")
    if json:
        emit(newest.as_json())
        return
    print(f"{newest.size} entries, root {newest.root.hex()}")
    print(f"signed at {moment_at(newest.at).isoformat()} by {newest.public_key.hex()}")
    print(f"lag: half {newest.lag_p50 / 1e6:.2f} s, 99 of 100 {newest.lag_p99 / 1e6:.2f} s")


@app.command()
def witnesses(file: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the public keys of the units that are witnesses today, as `--witnesses` reads them."""
    start("internal")
    from django.utils.timezone import now

    from reunion.base.units.access import witness_keys

    keys = witness_keys(now())
    file.write_text(json_module.dumps(keys, indent=1) + "\n", encoding="utf-8")
    print(f"{len(keys)} witnesses")


@app.command()
def entry(uuid: UUID, file: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the exact text of one entry, with which anyone can find it in an exported trail."""
    start("signer")
    from reunion.base.audit.access import text_of
    from reunion.base.errors import NotFound

    try:
        file.write_bytes(text_of(uuid) + b"\n")
    except NotFound as error:
        raise UsageError(f"{uuid}: there is no such entry") from error


@app.command()
def witness(
    trail: TrailFile,
    unit: Annotated[UUID, typer.Option(help="The unit that witnesses.")],
    key: Annotated[Path, typer.Option(help="Its private key; made if there is none.")],
    seen: Annotated[Path, typer.Option(help="Where the last head seen is kept.")],
    out: Annotated[Path, typer.Option(help="File for the signature, given to the signer.")],
) -> None:
    """Check that the newest head continues the last one seen, and sign it; needs no database."""
    from reunion.base.audit.heads import public_key_of
    from reunion.base.audit.trail import BadTrail, signature_line
    from reunion.base.audit.witness import WitnessRefuses, seed_of
    from reunion.base.audit.witness import witness as sign

    try:
        seed = seed_of(key)
        signature = sign(_read(trail), unit=unit.hex, seed=seed, seen_file=seen)
    except WitnessRefuses as error:
        say(f"reunion: not signed: {error}")
        raise typer.Exit(Status.FINDINGS) from error
    except (BadTrail, ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    out.write_text(signature_line(signature) + "\n", encoding="ascii")
    print(f"signed, with the public key {public_key_of(seed).hex()}")


@app.command()
def countersign(
    file: Annotated[Path, typer.Argument(help="A signature that `witness` wrote.")],
    witnesses: Annotated[Path, typer.Option(help="JSON: public key of each unit.")],
) -> None:
    """Add a witness's signature to its head."""
    start("internal")
    from django.utils import timezone

    from reunion.base.actor import system
    from reunion.base.audit.actions import countersign as add
    from reunion.base.audit.trail import signature_from
    from reunion.base.errors import ReunionError

    try:
        signature = signature_from(json_module.loads(file.read_text(encoding="ascii")))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UsageError(f"{file}: not a signature of a witness") from error
    try:
        add(
            actor=system("countersign"),
            signature=signature,
            keys=_witness_keys(witnesses),
            at=timezone.now(),
        )
    except ReunionError as error:
        raise Refused(str(error)) from error
