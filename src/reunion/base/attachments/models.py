"""What is known of an attachment; the files themselves lie sealed in a folder."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reunion.base.actor import Actor
from reunion.base.attachments.rules import ORIGINAL, SUFFIX, Kind, OriginalState
from reunion.base.records import Record, one_of
from reunion.base.transitions import Machine


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Questions about attachments."""

    def of(self, owner: Record) -> AttachmentQuerySet:
        """Those of a record, in the order in which they were added."""
        kind = owner._meta.label_lower
        return self.filter(owner_kind=kind, owner=owner.pk).order_by("added_at", "pk")


class Attachment(Record):
    """A file that belongs to a record, such as a photograph: the clean one, and the original.

    No name of a file is kept, as names tell of people and devices.
    """

    owner_kind = models.CharField(max_length=80)
    owner = models.UUIDField()
    subject = models.UUIDField(db_index=True)  # whose key seals both files
    source = models.CharField(max_length=20)  # what was handed in
    kind = models.CharField(max_length=20)  # what the clean file is
    notes = models.JSONField(default=list)  # values of Note
    stored = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 # unique
    sha256 = models.BinaryField(max_length=32, null=True)
    size_bucket = models.PositiveBigIntegerField()
    state = models.CharField(max_length=20, default=OriginalState.SEALED)
    original = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 # unique
    original_key = models.UUIDField(null=True)  # a second key, of the original alone
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = (
            one_of("kind", Kind, name="attachment_kind"),
            one_of("source", Kind, name="attachment_source"),
            one_of("state", OriginalState, name="attachment_state"),
            models.CheckConstraint(
                condition=Q(stored__isnull=True, sha256__isnull=True)
                | Q(stored__isnull=False, sha256__isnull=False),
                name="clean_file_with_its_digest",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=OriginalState.SEALED,
                    original__isnull=False,
                    original_key__isnull=False,
                )
                | Q(
                    state=OriginalState.DESTROYED,
                    original__isnull=True,
                    original_key__isnull=True,
                ),
                name="destroyed_original_is_gone",
            ),
        )
        indexes = (models.Index(fields=["owner", "owner_kind"], name="attachments_of_owner"),)

    @property
    def machine(self) -> Machine[OriginalState]:
        """The table that the original moves by."""
        return ORIGINAL

    @property
    def download_name(self) -> str:
        """The name of a download; it tells nothing but the kind."""
        return f"attachment-{self.pk.hex[:8]}.{SUFFIX.get(Kind(self.kind), 'bin')}"

    def may_move(self, actor: Actor, move: str) -> bool:
        """Whoever may see the record that it belongs to, with the permission of the move."""
        return True
