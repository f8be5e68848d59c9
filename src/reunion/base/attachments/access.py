"""The way from a request to an attachment: through the record that it belongs to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from reunion.base.actor import Actor
from reunion.base.attachments.models import Attachment, AttachmentQuerySet
from reunion.base.attachments.owners import OWNERS
from reunion.base.errors import NotFound
from reunion.base.permissions.decide import require
from reunion.base.records import Record

SEE = "attachments.see"


def attachment_for(actor: Actor, pk: UUID, at: datetime) -> Attachment:
    """One attachment of a record that this actor may see, or NotFound."""
    found = Attachment.objects.filter(pk=pk).first() if actor.may(SEE) else None
    fetch = OWNERS.get(found.owner_kind) if found else None
    if found is None or fetch is None:
        raise NotFound(kind="attachment")
    try:
        fetch(actor, found.owner, at)
    except NotFound as error:  # told as if the attachment were missing, not the record
        raise NotFound(kind="attachment") from error
    return found


def attachments_of(actor: Actor, owner: Record) -> AttachmentQuerySet:
    """All attachments of a record that was fetched for this actor."""
    require(actor, SEE)
    return Attachment.objects.of(owner)
