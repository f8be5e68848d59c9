from django.db import migrations

from reunion.base.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_start")]

    operations = [append_only("rights_disclosure"), append_only("rights_searchnote")]
