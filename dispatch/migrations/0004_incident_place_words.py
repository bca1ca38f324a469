"""Incidents are found by words of their place: three letters and more are looked up in an index."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_incident_wait_seconds"),
        ("places", "0002_gazetteer"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("location_text"), name="gin_trgm_ops"
                ),
                name="dispatch_incident_place",
            ),
        ),
    ]
