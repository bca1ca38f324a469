"""Two centres may name their exchanges alike: a call's reference is unique in its centre."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two constraints in place of two."""

    dependencies = [
        ("accounts", "0002_names"),
        ("calls", "0003_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=["centre", "source", "call_ref"],
                condition=models.Q(source__isnull=False),
                name="calls_call_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="callstep",
            constraint=models.UniqueConstraint(
                fields=["call", "source", "step", "told_at"],
                condition=models.Q(source__isnull=False),
                name="calls_step_told_once",
            ),
        ),
        migrations.RemoveConstraint(model_name="call", name="calls_call_ref_once"),
        migrations.RemoveConstraint(model_name="callstep", name="calls_step_once"),
    ]
