"""The units that an incident's board item names as missing: what its plan requires, less what came or was accepted."""

from __future__ import annotations

import pytest

from core import event_log
from dispatch.actions.edits import edit_incident
from dispatch.actions.shortfall import accept_shortfall
from dispatch.models import Incident
from dispatch.queries.board_items import incident_forms
from dispatch.queries.details import incident_details
from plans.actions.settings import Need, revise_plan
from plans.models import ResponsePlan
from tests.dispatch.caller_texts import form, opened
from tests.dispatch.fleet import reports, sent

pytestmark = pytest.mark.django_db

FIRE = [{"capability": "fire_engine", "count": 2}, {"capability": "ambulance", "count": 1}]


def test_an_incident_names_the_units_that_are_still_missing(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    assert form(row)["missing"] == FIRE
    sent(dispatcher, row, "DMK1")
    assert form(row)["missing"] == [{"capability": "fire_engine", "count": 1}, {"capability": "ambulance", "count": 1}]
    sent(dispatcher, row, "DMK3")  # a tanker: no need of the plan
    sent(dispatcher, row, "DMK2", stacked=True)  # not on its way
    assert form(row)["missing"][0] == {"capability": "fire_engine", "count": 1}
    sent(dispatcher, row, "PSC1")
    assert form(row)["missing"] == [{"capability": "fire_engine", "count": 1}]
    accept_shortfall(actor=dispatcher.at_desk("D1"), incident=row.id, reason="tidak ada mobil lain")
    assert form(row)["missing"] == []
    reports(dispatcher, "PSC1", "available_station", reason="mogok")
    assert form(row)["missing"] == [{"capability": "ambulance", "count": 1}]


def test_a_new_version_of_a_plan_does_not_change_what_running_incidents_lack(call_taker, admin, dispatcher):
    row = opened(call_taker, type="F01")
    old = ResponsePlan.objects.get(type="F01", current=True)
    tanker = Need(agency=None, capability="tanker", count=1)
    revise_plan(actor=admin, type="F01", tasks=["DAMKAR"], needs=[tanker], based_on=old.id)
    assert form(row)["missing"] == FIRE
    assert form(opened(call_taker, type="F01"))["missing"] == [{"capability": "tanker", "count": 1}]
    now = Incident.objects.get(pk=row.pk)
    edit_incident(actor=dispatcher.at_desk("D1"), incident=row.id, version=now.version, changes={"type": "X00"})
    assert form(row)["missing"] == []


def test_only_the_details_of_a_restricted_incident_name_what_it_lacks(call_taker, dispatcher, agency_desk):
    row = opened(call_taker, type="S05")
    assert form(row)["missing"] is None
    (lacks,) = incident_details(dispatcher, row)["missing"]
    assert lacks["count"] > 0
    assert incident_details(agency_desk, row)["missing"] is None
    accept_shortfall(actor=dispatcher.at_desk("D1"), incident=row.id, reason="tidak ada unit lain")
    row.refresh_from_db()
    assert incident_details(dispatcher, row)["missing"] == []


def test_incidents_with_plans_are_read_in_three_statements(call_taker, dispatcher, django_assert_num_queries):
    rows = [opened(call_taker, type=code) for code in ("F01", "M01", "K01")]
    sent(dispatcher, rows[0], "DMK1")
    with django_assert_num_queries(3):
        forms = incident_forms(None)
    assert all(forms[row.id].body["missing"] for row in rows)


def test_the_feed_brings_what_is_missing_with_each_change_of_it(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    for change in (
        lambda: sent(dispatcher, row, "DMK1"),
        lambda: accept_shortfall(actor=dispatcher.at_desk("D1"), incident=row.id, reason="tidak ada"),
        lambda: reports(dispatcher, "DMK1", "available_station", reason="mogok"),
    ):
        before = len(event_log.about(f"incident:{row.id}"))
        change()
        assert len(event_log.about(f"incident:{row.id}")) > before
