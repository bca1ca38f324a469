"""An agency's desk in a browser, a fire that it is asked to take, and what is seen of both."""

from __future__ import annotations

import pytest

from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Assignment, Task
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, signed_in
from tests.dispatch.consoles import leave_nothing_open


@pytest.fixture
def desk(browser, web):
    with signed_in(browser, web, "damkar", "/agency/", **DESK) as page:
        yield page


@pytest.fixture(autouse=True)
def _clean(web):
    yield
    leave_nothing_open()


def fire(text, type="F01"):  # noqa: A002 - the model's word
    """A fire, which DAMKAR is offered."""
    incident, _ = open_incident(
        actor=person("dispatcher").at_desk("D1"),
        location=Location(text=text, lat=-7.01, lng=113.86),
        type=type,
        narrative=f"flames at {text}",
    )
    return incident, Task.objects.get(incident=incident, agency__code="DAMKAR")


def state_of(task):
    return Task.objects.get(pk=task.pk).state


def row_of(page, incident):
    return page.locator(".task-row", has_text=incident.location_text)


def ticked(page):
    return {text.split()[0] for text in page.locator(".fleet-row.ticked .unit").all_inner_texts()}


def sent_to(incident):
    return set(
        Assignment.objects.filter(incident=incident)
        .exclude(status__in=("cancelled", "cleared"))
        .values_list("unit__callsign", flat=True)
    )


def focused(page):
    """The unit that has the focus."""
    return page.evaluate("document.activeElement.dataset.unit")
