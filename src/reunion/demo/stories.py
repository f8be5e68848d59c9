"""What has happened in the demonstration: each story by the acts of those who would do them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from reunion.base.attachments.actions import attach
from reunion.base.emergency.actions import break_glass, review
from reunion.base.emergency.rules import Finding
from reunion.base.jobs.actions import ask_for
from reunion.base.notices.actions import mark_read
from reunion.base.notices.models import Notice
from reunion.base.publication.actions import publish
from reunion.demo import letters, proposals, tasks
from reunion.demo.actions import open_practice_case
from reunion.demo.files import note, picture
from reunion.demo.models import PracticeCase
from reunion.demo.rights import tell_of_rights
from reunion.demo.work import INVENTORY
from reunion.demo.world import World

ANNOUNCEMENTS = (
    (
        "blood",
        "nation-police",
        {"title": "合成公告：免费采血点", "text": "本公告为合成数据，仅供演示。"},
        {"title": "Synthetic notice: free blood collection", "text": "Made up for practice."},
    ),
    (
        "safety",
        "province-police",
        {"title": "合成公告：防拐宣传", "text": "本公告为合成数据，仅供演示。"},
        {"title": "Synthetic notice: keep children safe", "text": "Made up for practice."},
    ),
)


def tell(world: World) -> str:
    """Write all stories; the receipt of a message that a desk has answered."""
    cases = _cases(world)
    persons = _persons(world, len(cases))
    tasks.tell(world)
    receipt = letters.tell(world)
    tell_of_rights(world, cases, persons)
    _files(world, cases["street"], persons[0])
    proposals.tell(world, cases)
    _emergencies(world, cases["far"])
    _announcements(world)
    _notices(world)
    ask_for(actor=world.actor("secretariat", world.at), kind=INVENTORY, values={}, at=world.at)
    return receipt


def _cases(world: World) -> dict[str, PracticeCase]:
    at = world.before(days=50)
    by = world.actor("secretariat", at)
    return {
        key: open_practice_case(
            actor=by, number=f"合成-{number:04}", title=case.title, region=case.region, at=at
        )
        for number, (key, case) in enumerate(world.cast.cases.items(), 1)
    }


def _persons(world: World, count: int) -> list[UUID]:
    """Ids of invented people, of whom nothing else is kept."""
    chance = world.random()
    return [UUID(int=chance.getrandbits(128), version=4) for _ in range(count)]


def _files(world: World, case: PracticeCase, person: UUID) -> None:
    at = world.before(days=15)
    by = world.actor("case-officer", at)
    for data in (picture(), note()):
        attach(actor=by, owner=case, subject=person, data=data, at=at)


def _emergencies(world: World, case: PracticeCase) -> None:
    """One opening that was reviewed, and one that waits for its review."""
    reason = "合成理由：孩子可能在邻省 / Synthetic: the child may be in the next province"
    kind = case._meta.label_lower
    for login, days, is_reviewed in (("case-officer", 20, True), ("case-officer-3", 0.2, False)):
        at = world.before(days=days)
        by = world.actor(login, at)
        opened = break_glass(
            actor=by, kind=kind, subject_id=case.pk, case=case.number, reason=reason, at=at
        )
        if is_reviewed:
            later = at + timedelta(days=1)
            review(
                actor=world.actor("supervisor-2", later),
                opening_id=opened.pk,
                version=opened.version,
                finding=Finding.JUSTIFIED,
                remark="",
                at=later,
            )


def _announcements(world: World) -> None:
    at = world.before(days=9)
    by = world.actor("publication-officer", at)
    for key, unit, chinese, english in ANNOUNCEMENTS:
        body = {"zh-hans": chinese, "en": english}
        region = world.units[unit].region
        publish(actor=by, kind="announcement", key=f"demo-{key}", region=region, body=body, at=at)


def _notices(world: World) -> None:
    """Somebody has read what is older than a week."""
    at = world.before(days=7)
    by = world.actor("case-officer", at)
    for notice in Notice.objects.to(by).filter(at__lt=at):
        mark_read(actor=by, notice_id=notice.pk, at=at)
