from django.db import migrations

from reunion.base.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("assignments", "0001_start")]

    operations = [append_only("assignments_progressreport"), append_only("assignments_escalation")]
