"""The event log holds: by order, by rights, by triggers, and by a chain that shows every change."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from core import event_log, events, housekeeping
from core.models import Event
from tests.core.databases import sign_in
from tests.sample_events import SampleEvent
from tests.statements import record_statements

PARTITION = 1_000_000


def say(number=1):
    facts = []
    for _ in range(number):
        with events.transaction():
            facts.append(
                events.append(SampleEvent.TEST_SAID, actor="system:test", subjects=["centre:1"], data={"n": 1})
            )
    return facts


def as_superuser(statement, *parameters):
    """Change the log as only a superuser of the database can: past triggers and rights."""
    with sign_in("postgres") as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(statement, parameters)


# Order


@pytest.fixture
def wide_pool(fresh_database):
    options = connections["default"].settings_dict["OPTIONS"]["pool"]
    usual = options["max_size"]
    connections["default"].close()
    connections["default"].close_pool()
    options["max_size"] = 20
    yield
    connections["default"].close()
    connections["default"].close_pool()
    options["max_size"] = usual


def write(each):
    try:
        for number in range(each):
            with events.transaction():
                events.append(SampleEvent.TEST_SAID, actor="system:test", subjects=["centre:1"])
                if number % 3 == 0:
                    events.append(SampleEvent.TEST_SAID, actor="system:test", subjects=["centre:2"])
    finally:
        connection.close()


def follow(last, done, seen):
    """Read what comes after `last` again and again, as the feed does; the last look is after the last commit."""
    with sign_in() as reader:
        finished = False
        while not finished:
            finished = done.is_set()
            rows = reader.execute("SELECT seq FROM core_event WHERE seq > %s ORDER BY seq", [last]).fetchall()
            seen += [seq for (seq,) in rows]
            last = seen[-1] if seen else last


def test_seq_follows_commit_order_under_twelve_writers(fresh_database, wide_pool):
    start, each, writers = event_log.last_seq(), 40, 12
    done, seen = threading.Event(), [[], [], []]
    readers = [threading.Thread(target=follow, args=[start, done, one]) for one in seen]
    threads = [threading.Thread(target=write, args=[each]) for _ in range(writers)]
    for thread in readers + threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    written = writers * (each + len(range(0, each, 3)))
    assert seen == [list(range(start + 1, start + 1 + written))] * 3
    assert event_log.verify().bad is None


def test_a_long_snapshot_neither_stops_nor_sees_later_facts(fresh_database):
    before = event_log.last_seq()
    with sign_in() as backup:
        backup.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        backup.execute("SELECT count(*) FROM core_event")
        say(5)
        assert event_log.last_seq() == before + 5
        assert backup.execute("SELECT coalesce(max(seq), 0) FROM core_event").fetchone() == (before,)
        backup.execute("COMMIT")
        assert backup.execute("SELECT max(seq) FROM core_event").fetchone() == (before + 5,)


def test_the_bell_rings_with_the_commit_and_names_the_last_seq(fresh_database):
    with sign_in() as listener:
        listener.execute("LISTEN sigap_events")
        with events.transaction():
            for _ in range(3):
                fact = events.append(SampleEvent.TEST_SAID, actor="system:test", subjects=["centre:1"])
        heard = [notify.payload for notify in listener.notifies(timeout=5, stop_after=1)]
    assert heard == [str(fact.seq)]


# Rights


REFUSED = [
    "UPDATE core_event SET kind = 'x'",
    "DELETE FROM core_event",
    "TRUNCATE core_event",
    "TRUNCATE core_event_000000",
    "UPDATE core_event_000000 SET kind = 'x'",
    "DELETE FROM core_event_000000",
    "INSERT INTO core_checkpoint (seq, hash, made_at) VALUES (9, '', now())",
]


def test_the_application_may_not_change_the_log(fresh_database):
    say()
    with sign_in("app") as app:
        for statement in (*REFUSED, "DROP TABLE core_event", "ALTER TABLE core_event DISABLE TRIGGER ALL"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


def test_not_even_the_owner_changes_the_log_by_a_plain_statement(fresh_database):
    say()
    with sign_in("owner") as owner:
        for statement in REFUSED[:-1]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(statement)


def test_a_new_partition_is_guarded_like_the_first(fresh_database):
    assert housekeeping.make_partitions() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT sigap_make_event_partitions(4)")
        assert cursor.fetchone() == (2,)
    with sign_in("owner") as owner:
        for statement in ("TRUNCATE core_event_000004", "TRUNCATE core_event_000003"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                owner.execute(statement)
    with sign_in("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("DELETE FROM core_event_000004")


def test_partitions_are_made_while_a_backup_reads(fresh_database):
    with sign_in() as backup:
        backup.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        backup.execute("SELECT count(*) FROM core_event")
        with connection.cursor() as cursor:
            cursor.execute("SELECT sigap_make_event_partitions(3)")
            assert cursor.fetchone() == (1,)
        say()


# The chain


def test_a_whole_log_verifies(fresh_database):
    say(3)
    verdict = event_log.verify()
    assert verdict.bad is None
    assert verdict.last == verdict.checked == event_log.last_seq()


CHANGES = {
    "a column": ("UPDATE core_event SET actor = 'user:other' WHERE seq = %s", 0),
    "a subject": ("UPDATE core_event SET subjects = array_append(subjects, 'unit:9') WHERE seq = %s", 0),
    "the time": ("UPDATE core_event SET at = at - interval '1 second' WHERE seq = %s", 0),
    "the data": ("UPDATE core_event SET data = '{\"n\": 2}' WHERE seq = %s", 0),
    "the body": ("UPDATE core_event SET body = replace(body, 'said', 'sung') WHERE seq = %s", 0),
    "the hash": ("UPDATE core_event SET hash = sha256('x') WHERE seq = %s", 0),
    "its being": ("DELETE FROM core_event WHERE seq = %s", 0),
    "body and hash alike": (
        """UPDATE core_event SET kind = 'test.sung', body = replace(body, 'said', 'sung'),
             hash = sha256((SELECT hash FROM core_event p WHERE p.seq = core_event.seq - 1)
                           || convert_to(replace(body, 'said', 'sung'), 'UTF8')) WHERE seq = %s""",
        1,  # the row itself fits; the next one gives it away
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_verify_log_names_the_seq_of_a_change(fresh_database, what, capsys):
    changed = [fact.seq for fact in say(5)][2]
    statement, further = CHANGES[what]
    as_superuser(statement, changed)
    assert event_log.verify().bad == changed + further
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log")
    assert ended.value.code == 1
    assert str(changed + further) in capsys.readouterr().err


def test_from_begins_later_and_believes_the_hash_before(fresh_database):
    facts = say(5)
    as_superuser("DELETE FROM core_event WHERE seq = %s", facts[0].seq)
    assert event_log.verify(start=facts[2].seq).bad is None
    assert event_log.verify().bad == facts[0].seq


def test_a_rewritten_chain_is_caught_by_an_anchor(fresh_database):
    facts = say(4)
    anchor = housekeeping.note_log_head()
    as_superuser(
        """DO $$ DECLARE row record; previous bytea; line text; BEGIN
             SELECT hash INTO previous FROM core_event WHERE seq = %s - 1;
             FOR row IN SELECT * FROM core_event WHERE seq >= %s ORDER BY seq LOOP
               line := replace(row.body, 'said', 'sung');
               previous := sha256(previous || convert_to(line, 'UTF8'));
               UPDATE core_event SET kind = 'test.sung', body = line, hash = previous WHERE seq = row.seq;
             END LOOP; END $$""".replace("%s", str(facts[1].seq))
    )
    assert event_log.verify().bad is None
    for start in (None, facts[3].seq):
        seq, digest = anchor.split(":")
        assert event_log.verify(start=start, anchor=(int(seq), bytes.fromhex(digest))).bad == facts[3].seq
    with pytest.raises(SystemExit):
        call_command("verify_log", "--anchor", anchor)


def test_a_shortened_log_is_caught_by_an_anchor(fresh_database):
    facts = say(4)
    anchor = housekeeping.note_log_head()
    as_superuser("DELETE FROM core_event WHERE seq >= %s", facts[2].seq)
    assert event_log.verify().bad is None
    seq, digest = anchor.split(":")
    assert event_log.verify(anchor=(int(seq), bytes.fromhex(digest))).bad == facts[2].seq


def test_an_anchor_before_the_walk_is_looked_up(fresh_database):
    facts = say(4)
    seq = facts[1].seq
    true = bytes(Event.objects.get(seq=seq).hash)
    assert event_log.verify(start=facts[3].seq, anchor=(seq, true)).bad is None
    assert event_log.verify(start=facts[3].seq, anchor=(seq, b"x" * 32)).bad == seq


def test_verify_log_shows_how_far_it_got(fresh_database):
    say(2)
    out = StringIO()
    call_command("verify_log", stdout=out)
    assert out.getvalue().strip().endswith(housekeeping.note_log_head())


@pytest.mark.parametrize("words", [["--anchor", "12"], ["--anchor", "x:00"], ["--anchor", "1:zz"], ["--from", "0"]])
def test_verify_log_refuses_words_that_make_no_sense(fresh_database, words):
    with pytest.raises((SystemExit, Exception), match=r"SEQ|1 or more"):
        call_command("verify_log", *words)


def test_after_retention_the_chain_begins_at_the_checkpoint(fresh_database):
    say(2)
    last = Event.objects.order_by("-seq").first()
    with sign_in("owner") as owner:
        owner.execute(
            "INSERT INTO core_checkpoint (seq, hash, made_at) VALUES (%s, %s, now())", [last.seq, bytes(last.hash)]
        )
        owner.execute("ALTER TABLE core_event DETACH PARTITION core_event_000000")
    assert event_log.last_seq() == last.seq
    verdict = event_log.verify(anchor=(last.seq, bytes(last.hash)))
    assert (verdict.checked, verdict.bad, verdict.last) == (0, None, last.seq)


def test_the_chain_goes_on_over_the_edge_of_a_partition_and_the_next_are_made(fresh_database):
    with sign_in("owner") as owner:
        owner.execute(
            "INSERT INTO core_checkpoint (seq, hash, made_at) VALUES (%s, %s, now())", [PARTITION - 2, b"x" * 32]
        )
    as_superuser("DELETE FROM core_event")
    facts = say(4)
    assert [fact.seq for fact in facts] == [PARTITION - 1, PARTITION, PARTITION + 1, PARTITION + 2]
    assert event_log.verify().bad is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('core_event_000003') IS NOT NULL")
        assert cursor.fetchone() == (True,)


def test_the_fact_that_was_the_last_at_a_moment_is_found_without_reading_the_log(fresh_database):
    facts = [fact for _ in range(9) for fact in say()]
    stored = {fact.seq: fact.recorded_at for fact in Event.objects.filter(seq__gte=facts[0].seq)}
    first, last = min(Event.objects.values_list("seq", flat=True)), event_log.last_seq()
    for seq, recorded_at in stored.items():
        with record_statements() as statements:
            assert event_log.seq_at(recorded_at) == seq
        assert not any("WHERE" in each and "recorded_at" in each.split("WHERE")[1] for each in statements.seen)
        assert event_log.seq_at(recorded_at - timedelta(microseconds=1)) == seq - 1
    assert event_log.seq_at(stored[last] + timedelta(hours=1)) == last
    assert event_log.seq_at(stored[last] - timedelta(days=4000)) == first - 1
    with sign_in("owner") as owner:
        owner.execute("INSERT INTO core_checkpoint (seq, hash, made_at) VALUES (%s, %s, now())", [last, b"x" * 32])
        owner.execute("ALTER TABLE core_event DETACH PARTITION core_event_000000")
    assert event_log.seq_at(stored[last]) == last
