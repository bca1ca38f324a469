"""The append-only event log: partitions by seq, the append function, and the guards."""

from django.db import migrations

FORWARD = r"""
CREATE TABLE core_event (
    seq bigint NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    desk text,
    kind text NOT NULL,
    subjects text[] NOT NULL,
    data jsonb NOT NULL,
    body text NOT NULL,
    hash bytea NOT NULL
) PARTITION BY RANGE (seq);
CREATE INDEX core_event_subjects ON core_event USING gin (subjects);
CREATE INDEX core_event_kind_at ON core_event (kind, at);

CREATE FUNCTION sigap_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the event log is append-only: % refused on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_event_frozen BEFORE UPDATE OR DELETE ON core_event
    FOR EACH ROW EXECUTE FUNCTION sigap_refuse_change();
CREATE TRIGGER core_event_not_emptied BEFORE TRUNCATE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION sigap_refuse_change();

-- Partitions are made ahead, each as a table of its own that is then attached: CREATE ... PARTITION OF would lock out
-- every reader and writer, and wait for the oldest of them. Rights of the owner, callable by the application.
CREATE FUNCTION sigap_make_event_partitions(ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    size CONSTANT bigint := 1000000;
    head bigint;
    number bigint;
    name text;
    made integer := 0;
BEGIN
    SELECT greatest((SELECT seq FROM core_event ORDER BY seq DESC LIMIT 1),
                    (SELECT seq FROM core_checkpoint ORDER BY seq DESC LIMIT 1), 0) INTO head;
    FOR number IN head / size .. head / size + least(ahead, 100) LOOP
        name := 'core_event_' || lpad(number::text, 6, '0');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtext('sigap_make_event_partitions'));
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE core_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
        EXECUTE format('ALTER TABLE core_event ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       name, number * size, (number + 1) * size);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                       'EXECUTE FUNCTION sigap_refuse_change()', name || '_not_emptied', name);
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_app') THEN
            EXECUTE format('REVOKE ALL ON %I FROM sigap_app', name);
            EXECUTE format('GRANT SELECT, INSERT ON %I TO sigap_app', name);
        END IF;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- seq follows commit order: the lock is let go only after the commit is visible, so whoever reads "after n"
-- misses nothing. The body is the canonical JSON text; its keys stand in sorted order.
CREATE FUNCTION sigap_append(ats timestamptz[], actors text[], desks text[], kinds text[],
                             subject_lists text[], datas text[], offset_seconds double precision)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    last bigint;
    previous bytea;
    before timestamptz;
    stamp timestamptz;
    line text;
    digest bytea;
    form CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
BEGIN
    -- Foreign keys are deferred: looked at here, not at the commit, where they would wait for rows with the log's
    -- lock in hand.
    SET CONSTRAINTS ALL IMMEDIATE;
    PERFORM pg_advisory_xact_lock(1121121121);
    SELECT seq, hash, recorded_at INTO last, previous, before FROM core_event ORDER BY seq DESC LIMIT 1;
    IF last IS NULL THEN
        SELECT seq, hash, made_at INTO last, previous, before FROM core_checkpoint ORDER BY seq DESC LIMIT 1;
    END IF;
    last := coalesce(last, 0);
    first := last;
    previous := coalesce(previous, ''::bytea);
    stamp := greatest(clock_timestamp() + make_interval(secs => offset_seconds), before);
    FOR i IN 1 .. array_length(kinds, 1) LOOP
        last := last + 1;
        line := '{"actor":' || to_json(actors[i])::text
             || ',"at":"' || to_char(ats[i] AT TIME ZONE 'UTC', form)
             || '","data":' || datas[i]
             || ',"desk":' || coalesce(to_json(desks[i])::text, 'null')
             || ',"kind":' || to_json(kinds[i])::text
             || ',"recorded_at":"' || to_char(stamp AT TIME ZONE 'UTC', form)
             || '","seq":' || last
             || ',"subjects":' || subject_lists[i] || '}';
        digest := sha256(previous || convert_to(line, 'UTF8'));
        INSERT INTO core_event (seq, at, recorded_at, actor, desk, kind, subjects, data, body, hash)
        VALUES (last, ats[i], stamp, actors[i], desks[i], kinds[i],
                ARRAY(SELECT json_array_elements_text(subject_lists[i]::json)), datas[i]::jsonb, line, digest);
        previous := digest;
    END LOOP;
    -- Every quarter of a partition somebody sees to the next ones, should all that does so by the clock be dead.
    IF first / 250000 <> last / 250000 THEN
        PERFORM sigap_make_event_partitions();
    END IF;
    PERFORM pg_notify('sigap_events', last::text);
    RETURN last;
END $$;

SELECT sigap_make_event_partitions();

-- Timers come and go all day: their partial indexes stay small only if dead rows are swept early.
ALTER TABLE core_timer SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
                            autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 500);

DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sigap_app') THEN
        REVOKE ALL ON core_event FROM sigap_app;
        GRANT SELECT, INSERT ON core_event TO sigap_app;
        REVOKE ALL ON core_checkpoint FROM sigap_app;
        GRANT SELECT ON core_checkpoint TO sigap_app;
    END IF;
END $$;
"""

BACKWARD = r"""
DROP FUNCTION sigap_append(timestamptz[], text[], text[], text[], text[], text[], double precision);
DROP FUNCTION sigap_make_event_partitions(integer);
DROP TABLE core_event CASCADE;
DROP FUNCTION sigap_refuse_change();
"""


class Migration(migrations.Migration):
    """The table itself is not Django's to make: it is partitioned and guarded."""

    dependencies = (("core", "0001_initial"),)
    operations = (migrations.RunSQL(FORWARD, BACKWARD),)
