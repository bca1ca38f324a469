"""Years of work for the board bench: a few things made by real actions, multiplied in the database.

Copies take over every column of the row they are made from, so that they keep the shape of what the actions write.
"""

from __future__ import annotations

import itertools
import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from accounts.models import User
from accounts.queries import actor_of_user, default_centre
from calls.actions.call_control import end_call
from calls.actions.calls import open_call
from calls.models import Call
from core import clock
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.notes import add_note
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Incident
from launcher import connection
from places.gazetteer import settle
from places.models import Place
from units.models import Unit

KOTA = Location("Jalan Trunojoyo", -7.0099, 113.8769)
REGULAR = "+6281333000111"  # has called more often than anybody
EVENTS_EACH = 5
OPEN = 300
UNITS = 6_300
PLACES = 100_000

# A copy n of a row: its own id, made of its kind and n; older with n.
_ID = "md5('{kind}' || n)::uuid"
_AGE = "now() - n * interval '40 seconds' - interval '2 hours'"


class World:
    """The work of a centre: one closed incident with all that hangs on it, one that is open, and their copies."""

    def __init__(self, open_ones: int = OPEN) -> None:
        self.centre = default_centre()
        self.dispatcher = actor_of_user(User.objects.get(username="dispatcher"))
        self.call_taker = actor_of_user(User.objects.get(username="calltaker"))
        self.supervisor = actor_of_user(User.objects.get(username="supervisor"))
        self.call, self.closed = self._whole_life()
        self.open, _ = open_incident(actor=self.call_taker.at_desk("CT1"), type="F01", location=KOTA)
        self.loaded = 0
        self._load_open(open_ones - 1)

    def _whole_life(self) -> tuple[Call, Incident]:
        call, _ = open_call(actor=self.call_taker.at_desk("CT1"), number=REGULAR)
        incident, _ = open_incident(actor=self.call_taker.at_desk("CT1"), call=call.id, type="F01", location=KOTA)
        add_note(actor=self.dispatcher.at_desk("D1"), incident=incident.id, text="api di dapur, dua orang keluar")
        assign_unit(actor=self.dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1")
        for status in ("en_route", "on_scene", "available_mobile"):
            report_status(actor=self.dispatcher.at_desk("D1"), unit="DMK1", status=status)
        end_call(actor=self.call_taker.at_desk("CT1"), call=call.id)
        change_state(
            actor=self.supervisor.at_desk("S1"), incident=incident.id, state="closed", disposition="handled", force=True
        )
        Call.objects.filter(pk=call.pk).update(state="closed", closed_at=clock.now())
        return Call.objects.get(pk=call.pk), Incident.objects.get(pk=incident.pk)

    def grow(self, size: int) -> None:
        """Have so many closed incidents, each with a call, its tasks, its unit, a note and its facts."""
        first, last = self.loaded + 1, size
        with _superuser() as cursor:
            cursor.execute("SET session_replication_role = replica")  # what is copied was checked when it was made
            for statement in _statements(self, first, last):
                cursor.execute(statement)
            cursor.execute("RESET session_replication_role")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
        self.loaded = size

    def _load_open(self, more: int) -> None:
        """So many more open incidents all over the regency, opened within the last hours, with their tasks."""
        fields = {
            "id": _ID.format(kind="open"),
            "number": "1000000000 + n",
            "lat": "-7.2 + (n::bigint * 7919 % 300) / 1000.0",
            "lng": "113.5 + (n::bigint * 104729 % 500) / 1000.0",
            "created_at": "now() - n * interval '90 seconds'",
            "waiting_since": "now() - n * interval '90 seconds'",
            "priority": "1 + n % 4",
        }
        tasks = {"id": "md5('task' || made.id || n)::uuid", "incident_id": _ID.format(kind="open")}
        with _superuser() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(_copy("dispatch_incident", f"id = '{self.open.id}'", 1, more, fields))
            cursor.execute(_copy("dispatch_task", f"incident_id = '{self.open.id}'", 1, more, tasks))

    def load_places(self) -> None:
        """As many names as a large regency has shops, schools, mosques and junctions."""
        chance = random.Random(112)
        what = ("Toko", "Masjid", "Mushola", "SDN", "Warung", "Bengkel", "Pasar", "Simpang", "Gudang", "Balai")
        first = ("Sumber", "Karang", "Tanjung", "Batu", "Kali", "Ganding", "Paba", "Lengkong", "Bata", "Saron")
        second = ("anyar", "tengah", "duwak", "rampak", "sari", "jaya", "barokah", "sejahtera", "indah", "agung")
        names = [" ".join(words) for words in itertools.product(what, (a + b for a in first for b in second))]
        rows = (
            settle(
                Place(
                    id=uuid.uuid4(), centre=self.centre, code=f"B{number}", kind=Place.Kind.LANDMARK, source="bench",
                    name=f"{names[number % len(names)]} {number // len(names) + 1}",
                    lat=chance.uniform(-7.2, -6.9), lng=chance.uniform(113.4, 114.1),
                )
            )
            for number in range(PLACES)
        )  # fmt: skip
        while batch := list(itertools.islice(rows, 5_000)):
            Place.objects.bulk_create(batch)
        with _superuser() as cursor:
            cursor.execute("VACUUM ANALYZE places_place")


def load_units(count: int = UNITS) -> None:
    """A state's fleet: so many units more, of every kind the regency has, all over it."""
    fields = {
        "id": "md5('unit' || made.id || n)::uuid",
        "callsign": "made.callsign || '-' || n",
        "status": "(ARRAY['available_station', 'available_mobile', 'off_duty'])[1 + n % 3]",
    }
    kinds = Unit.objects.count()
    position = """
        INSERT INTO units_position (unit_id, lat, lng, fix_at, received_at, track_lat, track_lng)
        SELECT id, lat, lng, now(), now(), lat, lng FROM
            (SELECT id, -7.2 + random() * 0.3 AS lat, 113.4 + random() * 0.8 AS lng FROM units_unit) AS unit
        ON CONFLICT (unit_id) DO UPDATE SET lat = excluded.lat, lng = excluded.lng, fix_at = now()
    """
    with _superuser() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_copy("units_unit", "true", 1, count // kinds, fields))
        cursor.execute(position)
        cursor.execute("VACUUM ANALYZE units_unit, units_position")


def _statements(world: World, first: int, last: int) -> list[str]:
    incident, call = f"'{world.closed.id}'", f"'{world.call.id}'"
    of_incident, of_call, of_number = (_ID.format(kind=kind) for kind in ("incident", "call", "number"))
    number = f"(CASE WHEN n % 1000 = 0 THEN '{world.call.number_id}'::uuid ELSE md5('number' || n / 4)::uuid END)"
    telephone = "'+62820' || lpad(n::text, 9, '0')"
    numbers = _copy("calls_number", f"id = '{world.call.number_id}'", first // 4, last // 4,
                    {"id": of_number, "e164": telephone}) + "ON CONFLICT DO NOTHING"  # fmt: skip
    copies = [
        _copy("calls_call", f"id = {call}", first, last,
              {"id": of_call, "number_id": number, "started_at": _AGE, "source": "'bench'", "call_ref": "n::text"}),
        _copy("dispatch_incident", f"id = {incident}", first, last,
              {"id": of_incident, "number": "1000 + n", "created_at": _AGE,
               "lat": "-7.2 + (n::bigint * 7919 % 300) / 1000.0",
               "lng": "113.5 + (n::bigint * 104729 % 500) / 1000.0"}),
        _copy("dispatch_incidentcall", f"incident_id = {incident}", first, last,
              {"call_id": of_call, "incident_id": of_incident}),
        *(
            _copy(table, f"incident_id = {incident}", first, last,
                  {"id": "md5(made.id::text || n)::uuid", "incident_id": of_incident})
            for table in ("dispatch_task", "dispatch_assignment", "dispatch_note")
        ),
    ]  # fmt: skip
    return [numbers, *copies, *_facts(world, first, last)]


def _facts(world: World, first: int, last: int) -> list[str]:
    """Partitions for them, and each incident's facts: those of the first, with another's id and that of its call."""
    head = "(SELECT coalesce(max(seq), 0) FROM core_event)"
    most = (last - first + 1) * EVENTS_EACH // 1_000_000 + 2
    subjects, body = "subjects", "body"
    for kind, key in (("incident", world.closed.id), ("call", world.call.id)):
        named, name = f"'{kind}:{key}'", f"('{kind}:' || {_ID.format(kind=kind)})"
        subjects, body = f"array_replace({subjects}, {named}, {name})", f"replace({body}, {named}, {name})"
    copies = f"""
        INSERT INTO core_event (seq, at, recorded_at, actor, desk, kind, subjects, data, body, hash)
        SELECT head.seq + row_number() OVER (ORDER BY n, made.seq), {_AGE}, {_AGE}, actor, desk, kind,
               {subjects}, data, {body}, hash
          FROM (SELECT * FROM core_event WHERE subjects @> ARRAY['incident:{world.closed.id}']
                 ORDER BY seq LIMIT {EVENTS_EACH}) AS made,
               generate_series({first}, {last}) AS n, (SELECT {head} AS seq) AS head
    """
    return [f"SELECT sigap_make_event_partitions({most})", copies]


def _copy(table: str, where: str, first: int, last: int, fields: dict[str, str]) -> str:
    pairs = ", ".join(f"'{column}', {value}" for column, value in fields.items())
    return f"""
        INSERT INTO {table} SELECT copy.* FROM (SELECT * FROM {table} WHERE {where}) AS made,
            generate_series({first}, {last}) AS n,
            LATERAL jsonb_populate_record(made::{table}, jsonb_build_object({pairs})) AS copy
    """


@contextmanager
def _superuser() -> Iterator[psycopg.Cursor[Any]]:
    """A session of the instance's own superuser: it alone may lay the checks aside while copies are made."""
    pieces = connection.database(os.environ, "owner")
    password = connection.secret_path(connection.home(os.environ), "postgres").read_text(encoding="utf-8").strip()
    with (
        psycopg.connect(
            dbname=pieces["NAME"], user="postgres", password=password, host=pieces["HOST"], port=pieces["PORT"],
            autocommit=True,
        ) as connected,
        connected.cursor() as cursor,
    ):  # fmt: skip
        yield cursor
