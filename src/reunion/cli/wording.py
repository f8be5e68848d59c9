"""Refusals of the system as sentences for whoever runs it; pages word them for their readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reunion.base.errors import ReunionError

_BY_REASON = {
    "three_custodians": "an escrow needs three custodians with three different keys",
    "sheet": "the sheet of the escrow cannot be read, or was changed",
    "two_custodians": "the escrow opens with the keys of two of its custodians",
    "share": "the share of these custodians was changed",
    "not_sealed_for_escrow": "some keys were never sealed for an escrow",
    "another_escrow": "some keys are sealed for another escrow",
    "another_person": "a sealed key lies with another person than its own",
    "key": "the key does not open this backup",
    "content": "the backup was changed after it was written",
    "other_file": "this is not the file that is needed here: name first the data, then --keys KEYS",
    "header": "this file is no backup of Reunion",
    "no_escrow": "this backup was made without an escrow: it needs the backup key",
}
_BY_CODE = {
    "SetUpAlready": "the system is set up already; nothing was changed",
    "NotSetUp": "there is no system here yet: reunion setup",
    "NoAnswer": "the database does not answer",
    "StoresBusy": "the databases did not hold still for a moment: try again when less is written",
    "TablesDiffer": "the databases are not of this version of the program: reunion upgrade FOLDER",
    "NotEmpty": "there is something in {place} already: restore into a new REUNION_HOME",
    "ProgramMissing": "{program} is not installed here. Debian: apt-get install postgresql-client",
    "ProgramFailed": "{program} failed with status {status}; the server's own log says why",
    "OtherEngine": "the backup is of {backup}, and the system here is on {here}",
    "KeyMissing": "the key {name} is not in the keyring, or may not be read",
    "KeyDestroyed": "the key of {subject} was destroyed",
    "EscrowMissing": "in production an escrow is needed first: reunion keys escrow-create",
    "WrapUnreadable": "the new wrap for {subject} does not open; the old one was kept",
    "EnvelopeDamaged": "what is sealed does not open: {place}",
    "EnvelopeUnknown": "what is sealed has an unknown {part}",
    "CertificateUnreadable": "this file is no certificate of destruction",
    "CertificateForged": "the certificate does not hold: its {part} is wrong",
}


def sentence(error: ReunionError) -> str:
    """What to say of a refusal; its code and fields where no sentence is known."""
    fields = error.as_fields()
    known = _BY_REASON.get(fields.get("reason", "")) or _BY_CODE.get(error.code)
    return known.format(**fields) if known else str(error)
