"""Whatever is reported, in whatever order and with whatever times: the unit and its assignment stay one fact."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction as django_transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock as time
from core.errors import DomainError
from dispatch.actions.assignments import assign_unit, cancel_assignment, send_stacked
from dispatch.domain.timestamps import stamp_of
from dispatch.models import Assignment
from dispatch.states import STAMP_OF
from tests.dispatch.fleet import one_fact, opened, reports
from units.states import UnitStatus

WORDS = [*UnitStatus.values, *"12345678", "cancelled", "0"]
step = st.one_of(
    st.tuples(st.just("report"), st.sampled_from(WORDS), st.booleans()),
    st.tuples(st.just("assign"), st.integers(0, 2), st.sampled_from(["", "divert", "stacked"])),
    st.tuples(st.sampled_from(["cancel", "send"]), st.integers(0, 5), st.just(None)),
)
walk = st.lists(st.tuples(step, st.sampled_from([None, None, 0, 30, 90, 400]), st.integers(0, 120)), max_size=25)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk)
def test_a_unit_and_its_assignment_stay_one_fact(dispatcher, supervisor, clock, steps):
    with django_transaction.atomic():
        incidents = [opened(dispatcher, type="M01") for _ in range(3)]
        for (act, what, how), back, later in steps:
            clock.set(clock.seconds + later)
            at = None if back is None else time.now() - timedelta(seconds=back)
            try:
                with django_transaction.atomic():
                    _do(dispatcher, supervisor, incidents, act, what, how, at)
            except DomainError:
                pass
            one_fact("PSC1")
            for assignment in Assignment.objects.filter(unit__callsign="PSC1"):
                stamps = [moment for status in STAMP_OF if (moment := stamp_of(assignment, status))]
                stamps += [assignment.cleared_at] if assignment.cleared_at else []
                assert all(one <= other for one, other in pairwise(stamps))
        django_transaction.set_rollback(True)
    clock.set(0)


def _do(dispatcher, supervisor, incidents, act, what, how, at):
    if act == "report":
        actor = supervisor if how else dispatcher
        reports(actor, "PSC1", what, force=how, reason="sebab" if how else None, at=at)
    elif act == "assign":
        assign_unit(
            actor=dispatcher.at_desk("D1"),
            incident=incidents[what].id,
            unit="PSC1",
            divert=how == "divert",
            stacked=how == "stacked",
            at=at,
        )
    else:
        rows = list(Assignment.objects.filter(unit__callsign="PSC1").order_by("made_at", "id"))
        if rows:
            verb = cancel_assignment if act == "cancel" else send_stacked
            verb(actor=dispatcher.at_desk("D1"), assignment=rows[what % len(rows)].id, at=at)
