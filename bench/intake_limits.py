"""What opening an incident is measured beside: the same rows in raw SQL, and a view that asks no database."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from bench.intake_calls import Line
from core.connections import bare_connection

# What an opening writes, as texts: its own row, its tasks, the messages about them, the deadlines of all, its facts.
_INCIDENT = "SELECT json_agg(t)::text, array_agg(id::text), min(number) FROM dispatch_incident t WHERE id = %s"
_TASKS = "SELECT json_agg(t)::text, array_agg(id::text) FROM dispatch_task t WHERE incident_id = %s"
_MESSAGES = """
SELECT json_agg(t)::text, array_agg(id::text) FROM core_notification t WHERE split_part(cause, ':', 2) = ANY(%s)
"""
_TIMERS = """
SELECT json_agg(t)::text FROM core_timer t WHERE state = 'armed' AND split_part(subject, ':', 2) = ANY(%s)
"""
_FACTS = """
SELECT at, actor, desk, kind, to_json(subjects)::text, data::text FROM core_event WHERE subjects @> %s ORDER BY seq
"""
_WRITE: tuple[LiteralString, ...] = (
    "INSERT INTO dispatch_incident SELECT * FROM json_populate_recordset(NULL::dispatch_incident, %s)",
    "INSERT INTO dispatch_task SELECT * FROM json_populate_recordset(NULL::dispatch_task, %s)",
    "INSERT INTO core_notification SELECT * FROM json_populate_recordset(NULL::core_notification, %s)",
    """
    INSERT INTO core_timer (kind, subject, due_at, data, state, attempts)
    SELECT kind, subject, due_at, data, state, attempts FROM json_populate_recordset(NULL::core_timer, %s)
    """,
)
_APPEND = "SELECT sigap_append(%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], 0)"


class Rows:
    """The rows of one opened incident as texts, to be written again under other names."""

    def __init__(self, connection: psycopg.Connection[Any], incident: UUID) -> None:
        self.connection = connection
        itself, own, self.number = self._one(_INCIDENT, incident)
        tasks, of_tasks = self._one(_TASKS, incident)
        messages, of_messages = self._one(_MESSAGES, of_tasks)
        (timers,) = self._one(_TIMERS, [*own, *of_tasks])
        self.names = [*own, *of_tasks, *(of_messages or ())]
        self.texts = [text or "[]" for text in (itself, tasks, messages, timers)]
        self.facts = connection.execute(_FACTS, [[f"incident:{incident}"]]).fetchall()

    def write(self) -> None:
        """Write them anew in one transaction: a statement for each table, and the append."""
        fresh = {name: str(uuid.uuid4()) for name in self.names}
        with self.connection.transaction():
            (number,) = self._one("SELECT nextval('dispatch_incident_number')")
            fresh[f'"number":{self.number},'] = f'"number":{number},'
            for statement, text in zip(_WRITE, self.texts, strict=True):
                self.connection.execute(statement, [_renamed(text, fresh)])
            columns = [list(column) for column in zip(*self.facts, strict=True)]
            columns[4:] = [[_renamed(text, fresh) for text in column] for column in columns[4:]]
            self.connection.execute(_APPEND, columns)

    def _one(self, statement: LiteralString, *parameters: Any) -> Any:
        return self.connection.execute(statement, parameters).fetchone()


def raw_milliseconds(incident: UUID, times: int) -> list[float]:
    """How long the database takes for an opening's rows, so many times."""
    with bare_connection("sigap bench") as connection:
        rows = Rows(connection, incident)
        return [timed(rows.write) for _ in range(times)]


def bare_view_milliseconds(line: Line, body: Any, times: int) -> list[float]:
    """How long an address of the API takes that nothing is at: all middleware, a JSON answer, no statement."""
    return [timed(lambda: line.ask("POST", "nothing", "", body)) for _ in range(times)]


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds it took."""
    begun_at = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun_at)


def _renamed(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(old, new)
    return text
