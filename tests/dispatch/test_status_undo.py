from __future__ import annotations

import pytest

from core.errors import Conflict
from core.models import Event
from dispatch.actions.status_undo import undo_status
from dispatch.models import Assignment, Incident
from tests.dispatch.fleet import one_fact, opened, reports, sent, unit

pytestmark = pytest.mark.django_db


def take_back(dispatcher, assignment, status):
    return undo_status(actor=dispatcher.at_desk("D1"), assignment=assignment.id, status=status)


def test_a_status_just_reported_is_taken_back_with_its_stamp_and_the_incident_s_state(dispatcher):
    incident = opened(dispatcher)
    first, second = sent(dispatcher, incident, "DMK1"), sent(dispatcher, incident, "DMK2")
    reports(dispatcher, "DMK1", "en_route")
    take_back(dispatcher, first, "en_route")
    row = Assignment.objects.get(id=first.id)
    assert (row.status, row.en_route_at, unit("DMK1").status) == ("dispatched", None, "dispatched")
    assert Incident.objects.get(pk=incident.pk).state == "assigned"
    one_fact("DMK1")
    take_back(dispatcher, first, "en_route")  # sent again: quietly
    assert Event.objects.filter(kind="assignment.status_undone").count() == 1
    reports(dispatcher, "DMK2", "on_scene")
    reports(dispatcher, "DMK1", "en_route")
    take_back(dispatcher, second, "on_scene")
    assert Incident.objects.get(pk=incident.pk).state == "en_route"
    assert Incident.objects.get(pk=incident.pk).first_on_scene_at is None


def test_nobody_takes_back_what_has_been_gone_on_from_or_is_long_past(dispatcher, clock):
    assignment = sent(dispatcher, opened(dispatcher), "DMK1")
    with pytest.raises(Conflict) as refused:
        take_back(dispatcher, assignment, "dispatched")
    assert refused.value.code == "nothing_to_undo"
    reports(dispatcher, "DMK1", "en_route")
    reports(dispatcher, "DMK1", "on_scene")
    with pytest.raises(Conflict) as refused:
        take_back(dispatcher, assignment, "en_route")
    assert refused.value.code == "moved_on"
    clock.advance(16)
    with pytest.raises(Conflict) as refused:
        take_back(dispatcher, assignment, "on_scene")
    assert refused.value.code == "nothing_to_undo"
    assert unit("DMK1").status == "on_scene"
