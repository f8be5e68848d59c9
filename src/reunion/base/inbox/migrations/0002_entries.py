"""Entries are append-only; the signer sees them once their day is over."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reunion.base.triggers import append_only

_NOW = {"sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')", "postgresql": "now()"}


def create_view(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    now = _NOW[editor.connection.vendor]
    editor.execute(
        f"CREATE VIEW inbox_settledentry AS SELECT * FROM inbox_inboxentry WHERE at <= {now}",  # noqa: S608 # names of our own tables
        params=None,
    )


def drop_view(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP VIEW inbox_settledentry")


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_start")]

    operations = [
        append_only("inbox_inboxentry"),
        migrations.RunPython(create_view, drop_view),
    ]
