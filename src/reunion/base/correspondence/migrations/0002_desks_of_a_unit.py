"""A unit can be a desk again after it was closed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_start")]

    operations = [
        migrations.AlterField(
            "desk",
            "unit",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="desks",
                to="units.unit",
            ),
        ),
        migrations.AddConstraint(
            "desk",
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(("closed_at__isnull", True)),
                name="one_open_desk_of_a_unit",
            ),
        ),
    ]
