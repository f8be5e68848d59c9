"""Taking what was deleted out of the files of the database."""

from __future__ import annotations

from django.db import OperationalError, connections
from django.db.models import Model

from reunion.base.keys.fields import sealed_fields
from reunion.base.keys.models import PersonKey
from reunion.base.stores import store_of


def scrub() -> None:
    """Rewrite the databases that hold sealed fields, without what was deleted.

    SQLite overwrites deleted content already (secure_delete), but pages that were split keep old
    copies, and so does the write-ahead log: both are made anew. PostgreSQL frees the rows for
    reuse; its files and log lose the bytes later, which docs/keys.md says.

    Raises:
        OperationalError: another connection reads at this moment; `reunion keys scrub` tries again.
    """
    models: list[type[Model]] = [PersonKey, *(model for model, _field in sealed_fields())]
    for alias in {store_of(model._meta.app_label) for model in models}:
        with connections[alias].cursor() as cursor:
            if connections[alias].vendor == "sqlite":
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if cursor.fetchone()[0]:  # a reader holds the old pages: SQLite only says so
                    raise OperationalError("the log could not be cut")
            else:
                tables = {m._meta.db_table for m in models if store_of(m._meta.app_label) == alias}
                cursor.execute(f"VACUUM {', '.join(sorted(tables))}")
