"""Since when an item waits: until now, the day on which it came."""

from __future__ import annotations

from datetime import date

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def since_it_came(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    items = apps.get_model("inbox", "Item")
    items._base_manager.using(editor.connection.alias).update(waits_since=F("received_on"))


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_entries")]

    operations = [
        migrations.AddField(
            "item",
            "waits_since",
            models.DateField(default=date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.RunPython(since_it_came, migrations.RunPython.noop),
    ]
