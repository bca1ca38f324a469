"""How calls are stored: rows that change often leave room beside themselves and are swept early."""

from django.db import migrations

FORWARD = """
ALTER TABLE calls_call SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05,
                            autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE calls_operator SET (fillfactor = 70, autovacuum_vacuum_threshold = 100);
"""
BACKWARD = """
ALTER TABLE calls_call RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor);
ALTER TABLE calls_operator RESET (fillfactor, autovacuum_vacuum_threshold);
"""


class Migration(migrations.Migration):
    """Settings of storage only."""

    dependencies = (("calls", "0001_initial"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
