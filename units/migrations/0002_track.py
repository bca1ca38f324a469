"""Where units have been: one row a move, partitioned by the day it reached us, so that retention drops whole days."""

from django.db import migrations

FORWARD = r"""
CREATE TABLE units_track (
    unit_id uuid NOT NULL,
    fix_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    lat double precision NOT NULL,
    lng double precision NOT NULL,
    heading double precision,
    speed double precision,
    accuracy_metres double precision
) PARTITION BY RANGE (received_at);
CREATE INDEX units_track_unit ON units_track (unit_id, fix_at);

-- Made ahead by whoever brings the day's first position; rights of the owner, callable by the application.
CREATE FUNCTION sigap_make_track_partitions(first date, ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date;
    name text;
    made integer := 0;
BEGIN
    FOR day IN SELECT generate_series(first, first + ahead, interval '1 day')::date LOOP
        name := 'units_track_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtext('sigap_make_track_partitions'));
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I PARTITION OF units_track FOR VALUES FROM (%L) TO (%L)',
                       name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_app') THEN
            EXECUTE format('REVOKE ALL ON %I FROM sigap_app', name);
            EXECUTE format('GRANT SELECT, INSERT ON %I TO sigap_app', name);
        END IF;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

SELECT sigap_make_track_partitions((now() AT TIME ZONE 'UTC')::date);

DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_app') THEN
        REVOKE ALL ON units_track FROM sigap_app;
        GRANT SELECT, INSERT ON units_track TO sigap_app;
    END IF;
END $$;
"""

BACKWARD = r"""
DROP FUNCTION sigap_make_track_partitions(date, integer);
DROP TABLE units_track;
"""


class Migration(migrations.Migration):
    """The table itself is not Django's to make: it is partitioned."""

    dependencies = (("units", "0001_initial"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
