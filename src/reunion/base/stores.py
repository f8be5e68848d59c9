"""Which database an app lives in: identities, genotypes, published data and the inbox are apart.

No foreign key crosses from one store to another; a uuid does.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Model

STORES = {"published": "published", "inbox": "inbox", "profiles": "dna"}
"""Label of an app and its store; every other app lives in `default`."""


def store_of(app_label: str) -> str:
    """The database alias of an app."""
    return STORES.get(app_label, "default")


class Router:
    """Sends every model to the store of its app, and refuses relations between stores."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        return store_of(model._meta.app_label)

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        return store_of(model._meta.app_label)

    def allow_relation(self, left: Model, right: Model, **hints: object) -> bool:
        return store_of(left._meta.app_label) == store_of(right._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == store_of(app_label) and db in settings.DATABASES
