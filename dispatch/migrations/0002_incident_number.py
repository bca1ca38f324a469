"""Incident numbers: a sequence, never reset, gaps allowed."""

from django.db import migrations


class Migration(migrations.Migration):
    """A sequence of its own, so that the action knows the number before it writes the row."""

    dependencies = (("dispatch", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            "CREATE SEQUENCE dispatch_incident_number START 1;"
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_app') THEN "
            "GRANT USAGE ON SEQUENCE dispatch_incident_number TO sigap_app; END IF; END $$;",
            "DROP SEQUENCE dispatch_incident_number;",
        ),
    )
