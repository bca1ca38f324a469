"""Who waits for a row that somebody else changes gets it as it is then, with what it points to then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from calls.models import Call, Number
from calls.queries.calls import call_for
from core import events
from dispatch.models import Incident
from dispatch.queries.incidents import incident_for
from places.models import PlaceWarning
from places.queries import warning_for
from tests.conftest import person
from tests.contracts import rights_world
from tests.core.databases import sign_in
from tests.core.test_clock_thread import until

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def world(fresh_database: Any) -> dict[str, str]:
    return rights_world.build()


def locked_meanwhile(statement: str, parameters: list[Any], read: Any) -> Any:
    """What `read` gives in a transaction that waits for the one of a statement."""

    def wait() -> Any:
        try:
            with events.transaction():
                return read()
        finally:
            connection.close()

    with sign_in("owner") as other, sign_in() as watch, ThreadPoolExecutor(1) as thread:
        other.execute("BEGIN")
        other.execute(statement, parameters)
        waiting = thread.submit(wait)
        until(lambda: watch.execute(WAITS).fetchone()[0])
        other.execute("COMMIT")
        return waiting.result(10)


@pytest.mark.parametrize("who", ["dispatcher", "damkar"])
def test_an_incident_whose_type_is_changed_meanwhile(world, who):
    incident = Incident.objects.get(pk=world["own"])
    assert incident.type_id != "M01"
    found = locked_meanwhile(
        "UPDATE dispatch_incident SET type_id = 'M01' WHERE id = %s",
        [incident.pk],
        lambda: incident_for(person(who).at_desk("D1"), incident.pk, lock=True).type.code,
    )
    assert found == "M01"


def test_a_call_whose_exchange_sends_its_number_meanwhile(world):
    call = Call.objects.get(pk=world["waiting"])
    other = Number.objects.exclude(pk=call.number_id).order_by("pk").first()
    found = locked_meanwhile(
        "UPDATE calls_call SET number_id = %s WHERE id = %s",
        [other.pk, call.pk],
        lambda: call_for(person("calltaker").at_desk("D1"), call.pk, lock=True).number,
    )
    assert found == other


def test_a_warning_that_is_approved_meanwhile(world):
    warning = PlaceWarning.objects.order_by("pk").first()
    assert warning.approver_id is None
    approver = person("supervisor").user
    found = locked_meanwhile(
        "UPDATE places_placewarning SET approver_id = %s, approved_at = now() WHERE id = %s",
        [approver, warning.pk],
        lambda: warning_for(person("supervisor").at_desk("D1"), UUID(str(warning.pk)), lock=True).approver,
    )
    assert found is not None
    assert found.pk == approver
