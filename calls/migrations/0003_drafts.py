"""Forms that are being filled in, kept for whoever goes on with them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("calls", "0002_storage"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("body", models.JSONField(null=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("created_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                ("changed_name", models.TextField()),
                ("desk", models.TextField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="calls.call"
                    ),
                ),
                ("centre", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.centre")),
            ],
            options={
                "indexes": [models.Index(fields=["changed_at"], name="calls_draft_age")],
            },
        ),
    ]
