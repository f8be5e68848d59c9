"""No two units sign the heads of the audit trail with one key."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0001_start")]

    operations = [
        migrations.AlterField(
            "unit", "witness_key", models.BinaryField(max_length=32, null=True, unique=True)
        ),
    ]
