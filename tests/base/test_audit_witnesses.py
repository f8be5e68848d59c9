"""Anyone can check an exported trail, and a witness signs only what continues what it saw."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from reunion.base.audit.access import text_of, trail
from reunion.base.audit.actions import countersign
from reunion.base.audit.findings import Fault
from reunion.base.audit.heads import Signature, public_key_of, sign_head
from reunion.base.audit.models import WitnessSignature
from reunion.base.audit.trail import (
    BadTrail,
    Held,
    Trail,
    check_trail,
    read_heads,
    read_trail,
    write_trail,
)
from reunion.base.audit.tree import leaf_of, root_of
from reunion.base.audit.witness import WitnessRefuses, seed_of, witness
from reunion.base.errors import NotFound, RuleBroken
from tests.base.sealing import entries, keys, seal_all
from tests.cast import NOW, administrator

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T12")]


class Witness:
    """A member unit with its own key and its own memory."""

    def __init__(self, folder: Path, name: str) -> None:
        self.unit = uuid4().hex
        self.seed = seed_of(folder / f"{name}.key")
        self.seen = folder / f"{name}.seen"

    @property
    def key(self) -> bytes:
        return public_key_of(self.seed)

    def sign(self, offered: Trail) -> Signature:
        return witness(offered, unit=self.unit, seed=self.seed, seen_file=self.seen)


def three(folder: Path) -> list[Witness]:
    return [Witness(folder, name) for name in ("health", "civil-affairs", "women")]


def witnessed(folder: Path) -> tuple[Trail, list[Witness]]:
    """A trail of six entries whose head three units signed."""
    entries(6)
    seal_all(folder)
    units = three(folder)
    known = {unit.unit: unit.key for unit in units}
    for unit in units:
        signature = unit.sign(trail({}))
        countersign(actor=administrator(), signature=signature, keys=known, at=NOW)
    return trail(known), units


def test_a_file_says_all_that_the_database_says(tmp_path: Path) -> None:
    made, _ = witnessed(tmp_path)
    write_trail(tmp_path / "trail", made)
    assert read_trail(tmp_path / "trail") == made
    verdict = check_trail(made, Held())
    assert (verdict.findings, verdict.size, verdict.witnessed) == ((), 6, 6)


def test_fewer_witnesses_than_needed_are_said(tmp_path: Path) -> None:
    made, _ = witnessed(tmp_path)
    (found,) = check_trail(made, Held(needed=4)).findings
    assert found.fault is Fault.NOT_WITNESSED
    made.signatures.append(made.signatures[0])
    assert check_trail(made, Held(needed=4)).witnessed == 0


def test_a_signature_of_an_unknown_or_another_witness_counts_for_nothing(tmp_path: Path) -> None:
    made, units = witnessed(tmp_path)
    stranger = Witness(tmp_path, "stranger")
    made.signatures.append(stranger.sign(made))
    made.signatures.append(replace(made.signatures[0], unit=units[1].unit))
    found = check_trail(made, Held()).findings
    assert [f.fault for f in found] == [Fault.WITNESS_INVALID] * 2


def test_a_truncation_before_the_witnessed_head_is_found(tmp_path: Path) -> None:
    made, units = witnessed(tmp_path)
    head = read_heads([units[0].seen])
    made.leaves, made.entries, made.heads, made.signatures = (
        made.leaves[:4], made.entries[:4], [], [],
    )  # fmt: skip
    found = check_trail(made, Held(heads=head, needed=0)).findings
    assert [(f.fault, f.position, f.until) for f in found if f.fault is Fault.TRUNCATED] == [
        (Fault.TRUNCATED, 4, 6)
    ]


def test_a_history_made_anew_with_every_key_of_the_signer_is_found(tmp_path: Path) -> None:
    made, units = witnessed(tmp_path)
    before = trail({})
    made.leaves[2] = leaf_of(b"something else")
    seed = keys(tmp_path).key("head", 1)
    made.heads = [sign_head(replace(made.heads[0], root=root_of(made.leaves)), seed)]
    made.signatures = []
    assert not check_trail(made, Held(needed=0)).findings
    kept = read_heads([units[0].seen])
    (found,) = check_trail(made, Held(heads=kept, needed=0)).findings
    assert (found.fault, found.position, found.until) == (Fault.HISTORY_CHANGED, 0, 6)
    (found,) = check_trail(made, Held(earlier=before, needed=0)).findings
    assert (found.fault, found.position, found.entry) == (
        Fault.HISTORY_CHANGED, 2, before.entries[2],
    )  # fmt: skip
    with pytest.raises(WitnessRefuses) as refused:
        units[0].sign(made)
    assert refused.value.reason == "history_changed"
    assert read_heads([units[0].seen]) == kept


def test_a_witness_goes_on_from_head_to_head(tmp_path: Path) -> None:
    _, units = witnessed(tmp_path)
    entries(5)
    keys(tmp_path).add("head")
    seal_all(tmp_path)
    entries(1)
    seal_all(tmp_path)
    signature = units[0].sign(trail({}))
    assert signature.head == trail({}).heads[-1].digest()
    assert read_heads([units[0].seen])[0].size == 15  # three acts of the witnesses among them


@pytest.mark.parametrize(
    "reason",
    ["shorter_than_seen", "key_not_announced", "root_differs", "leaves_missing", "not_signed",
     "no_head"],
)  # fmt: skip
def test_a_witness_refuses_what_does_not_fit(tmp_path: Path, reason: str) -> None:
    made, units = witnessed(tmp_path)
    seed, head = keys(tmp_path).key("head", 1), made.heads[0]
    other = bytes(range(32))
    made.heads = {
        "shorter_than_seen": [
            sign_head(replace(head, size=3, root=root_of(made.leaves[:3])), seed)
        ],
        "key_not_announced": [sign_head(replace(head, public_key=public_key_of(other)), other)],
        "root_differs": [sign_head(replace(head, root=bytes(32)), seed)],
        "leaves_missing": [sign_head(replace(head, size=7), seed)],
        "not_signed": [replace(head, at=head.at + 1)],
        "no_head": [],
    }[reason]
    with pytest.raises(WitnessRefuses) as refused:
        units[0].sign(made)
    assert refused.value.reason == reason


def test_a_family_finds_its_entry_in_the_trail(tmp_path: Path) -> None:
    made, units = witnessed(tmp_path)
    known = {unit.unit: unit.key for unit in units}
    (later,) = entries(1)
    text = text_of(entries(1)[0].uuid)
    (found,) = check_trail(made, Held(entry=text)).findings
    assert found.fault is Fault.NOT_INCLUDED
    seal_all(tmp_path)
    verdict = check_trail(trail(known), Held(entry=text_of(later.uuid)))
    assert (verdict.findings, verdict.position) == ((), 9)  # after those of the witnesses
    assert json.loads(text)["role"] == "administrator"
    with pytest.raises(NotFound):
        text_of(uuid4())


def test_a_signature_is_added_once_and_from_a_known_witness_only(tmp_path: Path) -> None:
    made, units = witnessed(tmp_path)
    known = {unit.unit: unit.key for unit in units}
    for signature in (made.signatures[0], Witness(tmp_path, "stranger").sign(made)):
        with pytest.raises(RuleBroken):
            countersign(actor=administrator(), signature=signature, keys=known, at=NOW)
    assert WitnessSignature.objects.count() == 3


@pytest.mark.parametrize("line", [0, 1, -1])
def test_a_file_that_was_cut_or_is_something_else_is_refused(tmp_path: Path, line: int) -> None:
    made, _ = witnessed(tmp_path)
    file = tmp_path / "trail"
    write_trail(file, made)
    lines = file.read_text().splitlines()
    lines[line] = lines[line][:-5]
    file.write_text("\n".join(lines))
    with pytest.raises(BadTrail, match="line"):
        read_trail(file)
    file.write_text("")
    with pytest.raises(BadTrail):
        read_trail(file)
    with pytest.raises(BadTrail):
        read_heads([file])
