"""Synonyms of types; and what the shipped types now say, where a site has left the old text or number as shipped."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Code: the update interval on scene in seconds, where it was the default of 1,200.
INTERVALS = {"S08": 600, "F05": 900, "F06": 900, "U02": 7200}


def follow_the_shipped_types(apps, schema_editor):
    """F07 keeps what burns or smokes outside (F09 has the inside), and four types get their update interval."""
    types = apps.get_model("dispatch", "IncidentType").objects
    types.filter(code="F07", name_id="Kebakaran sampah / asap / bau gas", name_en="Refuse fire, smoke, gas smell").update(
        name_id="Kebakaran sampah / asap di luar", name_en="Refuse fire, smoke outside"
    )
    types.filter(code="F07", apco=["FTRASH", "FSMOKE", "GASLEAK"]).update(apco=["FTRASH", "FSMOKE"])
    for code, seconds in INTERVALS.items():
        types.filter(code=code, on_scene_update_seconds=1200).update(on_scene_update_seconds=seconds)


def texts():
    """A list of texts."""
    return django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0006_incident_point"),
    ]

    operations = [
        migrations.CreateModel(
            name="TypeSynonyms",
            fields=[
                (
                    "type",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="synonyms",
                        serialize=False,
                        to="dispatch.incidenttype",
                    ),
                ),
                ("indonesian", texts()),
                ("english", texts()),
                ("madurese", texts()),
                ("bajo", texts()),
                ("kangean", texts()),
                ("madurese_checked_by", models.TextField(default="")),
                ("bajo_checked_by", models.TextField(default="")),
                ("kangean_checked_by", models.TextField(default="")),
                ("question_id", models.TextField(default="")),
                ("question_en", models.TextField(default="")),
            ],
            options={
                "verbose_name": "synonyms of a type",
                "verbose_name_plural": "synonyms of types",
            },
        ),
        migrations.RunPython(follow_the_shipped_types, migrations.RunPython.noop),
    ]
