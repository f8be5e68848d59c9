"""The model field for what identifies a person: sealed in the database, and sealed in Python."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from reunion.base.keys.envelope import SHORT

if TYPE_CHECKING:
    _Field = models.Field["Sealed | None", "Sealed | None"]
else:  # at run time Django's own class takes no types
    _Field = models.Field


class Sealed:
    """An envelope. Nothing that shows it, such as a template or a log, shows more than <sealed>."""

    __slots__ = ("envelope",)

    def __init__(self, envelope: bytes) -> None:
        self.envelope = envelope

    def __repr__(self) -> str:
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.envelope == other.envelope

    def __hash__(self) -> int:
        return hash(self.envelope)


class SealedField(_Field):
    """Holds an envelope. `keys.actions` seals what goes in and reveals it; nothing else reads it.

    Args:
        of: path to the id of the person whose key seals it, as in id, person_id or case__person_id.
            When that key is destroyed, the field is emptied in every row of the person, so that it
            does not belong in an append-only table.
        block: the text is padded to a multiple of so many bytes; envelope.LONG for bodies.
    """

    empty_values = (None,)

    def __init__(
        self,
        *args: Any,  # as Django has it
        of: str = "id",
        block: int = SHORT,
        **kwargs: Any,
    ) -> None:
        self.of = of
        self.block = block
        super().__init__(*args, **kwargs | {"editable": False})  # in no form, in no admin page

    def subject_of(self, record: models.Model) -> UUID:
        """The id of the person whom the value of a record is about."""
        found: Any = record  # each step of the path is of another model
        for step in self.of.split("__"):
            found = getattr(found, step)
        return UUID(str(found))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:  # Any: as Django has it
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, list(args), kwargs | {"of": self.of, "block": self.block}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(
        self, value: bytes | memoryview | None, expression: object, connection: object
    ) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: Sealed | str | None) -> Sealed | None:
        """Of the text that `value_to_string` made; a plain text cannot get in this way."""
        return Sealed(base64.b64decode(value)) if isinstance(value, str) else value

    def get_prep_value(self, value: object) -> bytes | None:
        """The envelope; a plain text is refused, so that none is stored by mistake.

        Raises:
            TypeError: the value is not sealed.
        """
        if value is None or isinstance(value, Sealed):
            return value.envelope if value else None
        raise TypeError(f"{self.model._meta.label_lower}.{self.name} takes what is sealed only")

    def get_db_prep_value(
        self, value: object, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> object:
        plain = value if prepared else self.get_prep_value(value)
        return None if plain is None else connection.Database.Binary(plain)  # type: ignore[attr-defined]  # the stubs lack it

    def value_to_string(self, obj: models.Model) -> str:
        value: Sealed | None = self.value_from_object(obj)
        return base64.b64encode(value.envelope).decode() if value else ""


def sealed_field(model: type[models.Model], name: str) -> SealedField:
    """The field; anything else under this name is a fault of our own code."""
    field = model._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{model._meta.label_lower}.{name} is not a sealed field")
    return field


def sealed_fields() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Every sealed field of the product, with its model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field
