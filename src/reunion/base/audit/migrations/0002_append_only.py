"""The audit trail is append-only: the database itself refuses to change or delete a row."""

from __future__ import annotations

from django.db import migrations

from reunion.base.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_start")]

    operations = [
        append_only("audit_auditentry"),
        append_only("audit_step"),
        append_only("audit_auditseal"),
        append_only("audit_treehead"),
        append_only("audit_witnesssignature"),
    ]
