"""Positions that trackers without a fix had sent (0,0) are no positions."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("units", "0004_emergencies")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM units_position WHERE abs(lat) < 0.1 AND abs(lng) < 0.1", migrations.RunSQL.noop
        )
    ]
