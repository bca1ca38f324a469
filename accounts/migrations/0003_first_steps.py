"""The first steps of a training site that a person has tried."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Additive."""

    dependencies = (("accounts", "0002_names"),)
    operations = (
        migrations.AddField(
            "user",
            "first_steps",
            django.contrib.postgres.fields.ArrayField(models.TextField(), default=list),
        ),
    )
