"""Keys of persons, the escrow that recovers them, tokens to search by, and destructions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from reunion.base.keys.rules import Kind
from reunion.base.records import Record, one_of


class PersonKey(models.Model):
    """The data key of one person, wrapped twice: by a key of the keyring, and for the escrow.

    A destroyed key leaves its row, so that nobody makes a new one for the person by mistake.
    """

    subject = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)
    kek = models.PositiveIntegerField()  # the version that `wrapped` is under
    staged = models.BinaryField(null=True)  # the next `wrapped`, until it was read back
    escrow = models.ForeignKey("Escrow", null=True, on_delete=models.PROTECT, related_name="+")
    escrowed = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | Q(
                    destroyed_at__isnull=False,
                    wrapped__isnull=True,
                    staged__isnull=True,
                    escrowed__isnull=True,
                ),
                name="destroyed_key_is_gone",
            ),
            models.CheckConstraint(
                condition=Q(escrowed__isnull=True) | Q(escrow__isnull=False),
                name="escrowed_for_a_known_escrow",
            ),
        )
        # A rotation takes the oldest ones, some hundred at a time, in one order for all.
        indexes = (models.Index(fields=("kek", "subject"), name="key_rotation"),)


class Escrow(models.Model):
    """A public key whose private one three custodians hold, so that any two of them open it."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    public = models.BinaryField()
    sheet = models.TextField()  # JSON: whom the shares are sealed to, and the shares
    created_at = models.DateTimeField()


class SearchToken(models.Model):
    """A keyed hash that one person is found by. It says nothing without the key of the index."""

    subject = models.UUIDField()
    kind = models.CharField(max_length=20)
    token = models.BinaryField(max_length=16)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "kind", "token"), name="token_once"),
            one_of("kind", Kind, name="token_kind"),
        )
        indexes = (models.Index(fields=("token", "subject"), name="token_search"),)


class Destruction(Record):
    """That the key of a person was destroyed, by two officers of two units, with its certificate.

    Append-only.
    """

    subject = models.UUIDField(unique=True)
    pseudonym = models.CharField(max_length=32, unique=True)  # what the certificate calls them
    proposed_by = models.UUIDField()
    proposed_unit = models.UUIDField()
    approved_by = models.UUIDField()
    approved_unit = models.UUIDField()
    at = models.DateTimeField()
    certificate = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="destroyed_by_two_officers"
            ),
            models.CheckConstraint(
                condition=~Q(approved_unit=F("proposed_unit")), name="destroyed_by_two_units"
            ),
        )
