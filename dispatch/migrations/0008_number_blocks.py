"""Incident numbers that were reserved for paper cards."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Additive."""

    dependencies = (("accounts", "0002_names"), ("dispatch", "0007_type_synonyms"))
    operations = (
        migrations.CreateModel(
            name="NumberBlock",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("numbers", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("made_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("author_name", models.TextField()),
                (
                    "centre",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.centre"),
                ),
            ],
        ),
    )
