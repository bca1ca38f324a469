"""Contact safety in three values, call references that are used again, and to whom a call is offered."""

from __future__ import annotations

from django.db import migrations, models

SAFETY = [("unknown", "not asked yet"), ("safe", "safe"), ("unsafe", "unsafe")]


class Migration(migrations.Migration):
    dependencies = [("calls", "0004_calls_once_in_a_centre")]

    operations = [
        migrations.AddField("number", "contact_safety", models.TextField(choices=SAFETY, default="unknown")),
        migrations.AddField(
            "number",
            "safety_cause",
            models.TextField(help_text="the call or incident that made it unsafe; null: a person did", null=True),
        ),
        migrations.AddField("number", "safety_before", models.TextField(help_text="what it was before that", null=True)),
        # Nobody was asked where the old column says true: that is unknown, not safe.
        migrations.RunSQL(
            "UPDATE calls_number SET contact_safety = 'unsafe' WHERE NOT safe_to_call_back", migrations.RunSQL.noop
        ),
        # The old column stays in the table: this migration only adds.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("number", "safe_to_call_back")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE calls_number ALTER COLUMN safe_to_call_back SET DEFAULT true",
                    "ALTER TABLE calls_number ALTER COLUMN safe_to_call_back DROP DEFAULT",
                )
            ],
        ),
        migrations.AddField("callstep", "at_text", models.TextField(null=True)),
        migrations.AddField(
            "call",
            "offered_to",
            models.JSONField(help_text="whom it rings while it waits: calls.actions.offering", null=True),
        ),
        migrations.AddField(
            "call",
            "ref_use",
            models.PositiveIntegerField(default=0, help_text="how often its exchange used the call_ref before"),
        ),
        migrations.RemoveConstraint("call", "calls_call_once"),
        migrations.AddConstraint(
            "call",
            models.UniqueConstraint(
                condition=models.Q(("source__isnull", False)),
                fields=("centre", "source", "call_ref", "ref_use"),
                name="calls_call_once_per_use",
            ),
        ),
    ]
