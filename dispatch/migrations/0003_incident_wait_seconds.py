"""The seconds of an incident's dispatch clock stay with it; what is there already takes those of the current policies."""

import django.contrib.postgres.fields
from django.db import migrations, models

RULE_OF = {1: 2, 2: 3, 3: 4}


def take_current(apps, schema_editor):
    Incident, Policy = apps.get_model("dispatch", "Incident"), apps.get_model("alarms", "Policy")
    for priority, rule in RULE_OF.items():
        for policy in Policy.objects.filter(rule=rule, current=True):
            table = policy.definition["after_seconds"]
            seconds = [each for each in table.get(str(priority)) or table.get("any") or [] if each is not None]
            Incident.objects.filter(centre_id=policy.centre_id, priority=priority).update(wait_seconds=seconds)


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0001_initial"),
        ("dispatch", "0002_incident_number"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="wait_seconds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                default=list,
                help_text="to each level of the rule that watches it, as armed",
                size=None,
            ),
        ),
        migrations.RunPython(take_current, migrations.RunPython.noop),
    ]
