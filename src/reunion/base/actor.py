"""Who acts: a person at a post, under one role, for a stated purpose; or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

FRESH = timedelta(minutes=5)
"""How long a sign-in with both factors is fresh, as the acts that need two people demand it."""

CASE_LENGTH = 80
"""Most characters of the reference of a case or record that a purpose is about."""


def is_fresh(shown: datetime | None, at: datetime) -> bool:
    """Whether a sign-in is fresh; `shown`: when both factors last were, None: never."""
    return shown is not None and timedelta(0) <= at - shown <= FRESH


class Purpose(StrEnum):
    """Why a record is opened. There is no default: whoever opens one says it."""

    OWN_CASE = "own_case"
    SUPERVISION = "supervision"
    INSPECTION = "inspection"
    STATISTICS = "statistics"
    FAMILY_REQUEST = "family_request"
    CORRECTION = "correction"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, with all that decides what they may do.

    Args:
        role: code of the role, from the pack; of the system: the name of the process or duty.
        region: path of the region that the post is for; the scope of everything the actor sees.
        permissions: what the role may do.
        staff: the human being, the same for all accounts and posts of one; None: no person.
        unit: the unit of the post.
        account: the account that was signed in with.
        post: the post under which the actor acts now.
        purpose: why, where it was stated.
        case: reference of the case or record that the purpose is about.
        authenticated_at: when both factors were last shown; None: never in this session.
    """

    role: str
    region: str
    permissions: frozenset[str] = frozenset()
    staff: UUID | None = None
    unit: UUID | None = None
    account: UUID | None = None
    post: UUID | None = None
    purpose: Purpose | None = None
    case: str = ""
    authenticated_at: datetime | None = None

    def may(self, needs: str) -> bool:
        """Whether the role holds a permission, whatever the record."""
        return needs in self.permissions

    def is_fresh(self, at: datetime) -> bool:
        """Whether both factors were shown in the last five minutes."""
        return is_fresh(self.authenticated_at, at)

    def stating(self, purpose: Purpose, case: str = "") -> Actor:
        """The same actor, with a purpose for one act."""
        return replace(self, purpose=purpose, case=case)


def system(name: str, region: str = "") -> Actor:
    """The system itself, in a duty or process of this name."""
    return Actor(role=f"system:{name}", region=region)
