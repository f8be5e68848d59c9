"""The check of the trail with the signer's keys: entries, seals, heads and the signer's journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from reunion.base.audit.access import heads
from reunion.base.audit.chain import Feed, Start, check_chain
from reunion.base.audit.findings import Fault, Finding
from reunion.base.audit.heads import check_heads, public_key_of
from reunion.base.audit.journal import KeptSeals, State, read_state
from reunion.base.audit.models import Step
from reunion.base.audit.rules import canonical, digest_of, microseconds
from reunion.base.audit.sources import seals_from, sources
from reunion.base.audit.spans import Plan, SpanCheck, planned, sound_start
from reunion.base.audit.trail import Verdict
from reunion.base.keyring import KeyMissing, Keyring


def verify(
    keys: Keyring, at: datetime, folder: Path | None = None, plan: Plan | None = None
) -> Verdict:
    """Check everything.

    Args:
        keys: the signer's keys.
        folder: the signer's folder with its journal; without it a chain that was computed anew by
            somebody who has the key is found at the heads only.
        plan: how the work is divided; None: as suits the trail and the machine.

    Raises:
        KeyMissing: this process does not hold the keys of the trail.
        StateDamaged: the signer's state cannot be read.
    """
    if not keys.versions("audit"):
        raise KeyMissing(name="audit")
    signed = heads()
    kept = KeptSeals(folder) if folder else None
    state = read_state(folder) if folder else State()
    secrets = {version: keys.key("audit", version) for version in keys.versions("audit")}
    plan = plan or planned()
    start = sound_start(SpanCheck(secrets, kept), plan) if plan else None
    chain = check_chain(
        seals_from,
        start or Start({source.store: Feed(source.rows()) for source in sources()}),
        secrets,
        sizes=[head.size for head in signed],
        at=microseconds(at),
        kept=kept,
        committed=state.frontier.size,
    )
    own = {public_key_of(keys.key("head", version)) for version in keys.versions("head")}
    foreign = [
        Finding(Fault.HEAD_ALTERED, place)
        for place, head in enumerate(signed)
        if head.public_key not in own
    ]
    found = check_heads(signed, chain.roots, chain.size)
    last = state.head
    if last and (not signed or signed[-1].digest() != last.digest()):
        foreign.append(Finding(Fault.HEAD_MISSING, len(signed)))
    return Verdict((*chain.findings, *foreign, *found), chain.size, len(signed), 0)


def check_steps() -> list[Finding]:
    """Steps of state machines against their entries, with the key of the internal process.

    An entry keeps a keyed digest of the states and the reason; the chain guards the entry, and so
    the step, which pages show.
    """
    ring: Keyring = settings.KEYRING
    keys = [ring.key("digests", version) for version in ring.versions("digests")]
    return [
        Finding(Fault.STEP_ALTERED, step.pk, step.entry.uuid.hex)
        for step in Step.objects.select_related("entry").order_by("pk").iterator(5_000)
        if not _is_as_recorded(step, keys)
    ]


def _is_as_recorded(step: Step, keys: Sequence[bytes]) -> bool:
    entry = step.entry
    owner = step.subject.bytes
    before = canonical({"state": step.source})
    after = canonical({"state": step.target, "reason": step.reason})
    return (
        entry.act == f"{step.machine}.{step.move}"
        and (entry.kind, entry.subject) == (step.kind, step.subject)
        and any(
            bytes(entry.before or b"") == digest_of(key, owner, before)
            and bytes(entry.after or b"") == digest_of(key, owner, after)
            for key in keys
        )
    )
