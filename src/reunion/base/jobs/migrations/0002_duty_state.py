from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def carry_over(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # models that are no more
    """The last period in which each duty came to its end, so that none is done twice."""
    if editor.connection.alias != "default":
        return
    runs = apps.get_model("jobs", "DutyRun").objects.filter(ended_at__isnull=False, fault="")
    last = runs.values("duty").annotate(period=Max("period"), done_at=Max("ended_at"))
    state = apps.get_model("jobs", "DutyState")
    state.objects.bulk_create(state(**row) for row in last)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_start")]

    operations = [
        migrations.CreateModel(
            name="DutyState",
            fields=[
                ("duty", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("period", models.BigIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, max_length=80)),
                ("alive_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=120)),
                ("not_before", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="DutyRun"),
    ]
