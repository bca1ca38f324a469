"""How calls are offered to call-takers, by centre."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_first_steps")]

    operations = [
        migrations.AddField(
            "centre",
            "ring_all_below",
            models.PositiveSmallIntegerField(
                default=7, help_text="with fewer call-takers on duty a call rings at all of them; 0: never"
            ),
        ),
        migrations.AddField(
            "centre",
            "offer_seconds",
            models.PositiveSmallIntegerField(
                default=8, help_text="how long a call rings at one call-taker before the next"
            ),
        ),
    ]
