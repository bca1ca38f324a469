"""Plain SQL gives the instances that the ORM gives, and writes what it writes."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import User
from calls.models import Call, CallStep, Operator
from core import clock, sql
from dispatch.models import Assignment, Incident, Note
from tests.contracts import rights_world
from tests.core.databases import sign_in
from tests.core.test_clock_thread import until
from units.models import Unit

WAITS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
OURS = [model for model in apps.get_models() if not model.__module__.startswith(("django.", "allauth."))]


@pytest.fixture(scope="module", autouse=True)
def world(module_database: object) -> None:
    rights_world.build()


def columns_of(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_the_instances_of_a_model_are_those_of_the_orm(model):
    wanted = list(model._base_manager.order_by("pk")[:50])
    found = sql.instances(model, f'ORDER BY t."{model._meta.pk.column}" LIMIT 50')
    assert [columns_of(row) for row in found] == [columns_of(row) for row in wanted]
    assert all(not row._state.adding and row._state.db == "default" for row in found)


@pytest.mark.parametrize(
    ("model", "related"),
    [
        (Incident, ("type", "centre", "owner")),
        (Unit, ("agency", "station")),
        (Call, ("number",)),
        (Operator, ("user",)),
    ],
    ids=lambda given: given.__name__ if isinstance(given, type) else "+".join(given),
)
def test_related_rows_come_with_them_and_none_where_there_is_none(model, related, django_assert_num_queries):
    wanted = list(model.objects.select_related(*related).order_by("pk"))
    with django_assert_num_queries(1):
        found = sql.instances(model, f'ORDER BY t."{model._meta.pk.column}"', related=related)
        loaded = [[getattr(row, name) for name in related] for row in found]
    assert loaded == [[getattr(row, name) for name in related] for row in wanted]
    assert found


def test_a_row_that_was_waited_for_comes_with_what_it_points_to_now():
    row = Incident.objects.exclude(type="M01").order_by("number").first()
    clause = "WHERE t.id = %s::uuid FOR NO KEY UPDATE OF t"

    def lock():
        try:
            with transaction.atomic():
                [found] = sql.instances(Incident, clause, [row.pk], related=("type", "owner"))
                return found.type_id, found.type.code, found.owner_id, found.owner and found.owner.pk
        finally:
            connection.close()

    with sign_in("owner") as other, ThreadPoolExecutor(1) as thread:
        other.execute("BEGIN")
        owner = User.objects.exclude(pk=row.owner_id).order_by("pk").first().pk
        other.execute("UPDATE dispatch_incident SET type_id = 'M01', owner_id = %s WHERE id = %s", [owner, row.pk])
        waiting = thread.submit(lock)
        with sign_in() as watch:
            until(lambda: watch.execute(WAITS).fetchone()[0])
        other.execute("COMMIT")
        assert waiting.result(10) == ("M01", "M01", owner, owner)
    Incident.objects.filter(pk=row.pk).update(type=row.type_id, owner=row.owner_id)


def test_only_a_foreign_key_is_related():
    with pytest.raises(TypeError, match=r"Incident\.number is no foreign key"):
        sql.instances(Incident, "", related=("number",))


def test_an_update_writes_every_field_and_one_that_names_some_these_alone():
    before = Incident.objects.order_by("number").first()
    changed = Incident.objects.get(pk=before.pk)
    changed.location_text, changed.shortfall = "Jl. Trunojoyo 5; --'\"%s", {"needs": 2, "why": None}
    changed.wait_seconds, changed.reopened_at, changed.owner_id = [60, 90], clock.now(), None
    sql.update(changed)
    assert columns_of(Incident.objects.get(pk=before.pk)) == columns_of(changed)
    partly = Incident.objects.get(pk=before.pk)
    partly.location_text, partly.priority = "Pasar Bluto", 5
    sql.update(partly, "location_text")
    now = Incident.objects.get(pk=before.pk)
    assert (now.location_text, now.priority) == ("Pasar Bluto", changed.priority)


def test_an_update_of_a_row_that_is_gone_is_refused():
    unit = Unit.objects.order_by("callsign").first()
    unit.pk = uuid.uuid4()
    with pytest.raises(Unit.DoesNotExist):
        sql.update(unit, "status")


def test_an_insert_writes_every_field_and_brings_the_key_that_the_database_made():
    call, now = Call.objects.order_by("pk").first(), clock.now()
    made = sql.insert(
        CallStep(
            call=call, step="held", at=now, recorded_at=now, actor="system", detail={"desk": "D1", "of": [1, None]}
        )
    )
    assert made.pk is not None
    assert columns_of(CallStep.objects.get(pk=made.pk)) == columns_of(made)
    made.delete()


def test_an_insert_of_a_known_key_is_refused():
    note = Note.objects.order_by("pk").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.insert(note)


def test_json_arrays_and_times_come_as_the_orm_gives_them():
    row = Assignment.objects.order_by("pk").first()
    row.at = clock.now() - timedelta(microseconds=1)
    sql.update(row, "at")
    [found] = sql.instances(Assignment, "WHERE t.id = %s::uuid", [row.pk])
    assert found.at == row.at
    assert found.at.tzinfo is not None
