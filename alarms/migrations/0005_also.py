"""Further subjects of an alarm's events, so that the timeline of its incident shows each of them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alarms", "0004_silenced")]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="also",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                default=list,
                help_text="further subjects of its events: its incident",
                size=None,
            ),
        ),
    ]
