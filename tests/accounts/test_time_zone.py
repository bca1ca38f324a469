"""One time zone everywhere, the centre's: set at the first start, later changed on its page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import revise_centre
from accounts.middleware import CentreZone
from accounts.models import Agency, Centre
from accounts.queries import centre_zone
from calls.actions.calls import open_call
from calls.models import Call
from calls.queries import live_kpis
from config import zones
from core import clock
from core.errors import Invalid
from core.models import Event
from places.models import PlaceWarning
from places.queries import today
from tests.config.test_admin import signed_in

pytestmark = pytest.mark.django_db

NEW_YORK = "America/New_York"


@pytest.fixture
def in_new_york(admin):
    """A site that was made in Jakarta and is now in New York."""
    assert centre_zone() == ZoneInfo("Asia/Jakarta")
    revise_centre(actor=admin, changes={"time_zone": NEW_YORK})


def test_the_zone_is_changed_on_the_centres_page_and_the_log_has_it(db):
    centre = Centre.objects.get()
    page = signed_in("admin")
    where = reverse("admin:accounts_centre_change", args=[centre.pk])
    form = page.get(where).context["adminform"].form
    given = {name: form[name].value() for name in form.fields} | {"time_zone": "Asia/Makassar"}
    assert page.post(where, given).status_code == 302
    assert centre_zone() == ZoneInfo("Asia/Makassar")
    fact = Event.objects.latest("seq")
    assert (fact.kind, fact.data["fields"]) == ("centre.changed", ["time_zone"])


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "asia/jakarta", "../etc/passwd", "+07:00", None])
def test_what_is_no_time_zone_is_refused(admin, zone):
    with pytest.raises(Invalid) as raised:
        revise_centre(actor=admin, changes={"time_zone": zone})
    assert raised.value.code == "time_zone_unknown"
    assert centre_zone() == ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("2027-03-14T05:00", "2027-03-14T09:00Z"),  # clocks were put forward at 02:00
        ("2027-03-14T01:59", "2027-03-14T06:59Z"),
        ("2027-03-14T03:00", "2027-03-14T07:00Z"),
        ("2027-11-07T00:59", "2027-11-07T04:59Z"),
        ("2027-11-07T02:00", "2027-11-07T07:00Z"),
        ("2027-03-14T02:30", None),  # no clock shows it
        ("2027-11-07T01:30", None),  # clocks show it twice
    ],
)
def test_a_local_time_that_a_person_types_is_the_centres(in_new_york, typed, right):
    page = signed_in("admin")
    agency = Agency.objects.order_by("code").first()
    given = {
        "kind": "access", "text": "Jembatan rusak", "lat": "-7.0", "lng": "113.9", "radius_metres": "100",
        "review_on": "2027-01-31", "ends_at": typed, "agency": agency.code,
    }  # fmt: skip
    answer = page.post(reverse("admin:places_placewarning_add"), given)
    if right is None:
        assert list(answer.context["adminform"].form.errors) == ["ends_at"]
        assert not PlaceWarning.objects.exists()
    else:
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        assert PlaceWarning.objects.get().ends_at == datetime.fromisoformat(right)


def test_every_page_shows_and_counts_by_the_centres_zone(in_new_york):
    changed = Event.objects.latest("seq")
    page = signed_in("admin")
    shown = changed.at.astimezone(ZoneInfo(NEW_YORK)).strftime("%Y-%m-%d %H:%M:%S")
    centre = Centre.objects.get()
    assert shown in page.get(reverse("admin:accounts_centre_history", args=[centre.pk])).content.decode()
    assert f'data-time-zone="{NEW_YORK}"' in Client().get("/sign-in/").content.decode()
    assert f'data-time-zone="{NEW_YORK}"' in signed_in("dispatcher").get("/board/").content.decode()
    export = page.get(reverse("admin:accounts_agency_export"))
    assert f"{clock.now().astimezone(ZoneInfo(NEW_YORK)):%Y-%m-%d}" in export["Content-Disposition"]
    assert today(datetime(2027, 1, 2, 4, 59, tzinfo=UTC)) == date(2027, 1, 1)
    assert today(datetime(2027, 1, 2, 5, 0, tzinfo=UTC)) == date(2027, 1, 2)


def test_the_calls_of_today_are_those_since_the_centres_midnight(in_new_york, call_taker):
    open_call(actor=call_taker)
    midnight = datetime(2027, 1, 2, 5, tzinfo=UTC)  # noon in Jakarta
    Call.objects.update(started_at=midnight - timedelta(minutes=1))
    assert live_kpis(midnight + timedelta(minutes=1))["calls_today"] == 0
    assert live_kpis(midnight - timedelta(seconds=1))["calls_today"] == 1


def test_a_request_that_shows_no_time_asks_for_no_zone(django_assert_num_queries, db):
    zone = CentreZone()
    with django_assert_num_queries(0), timezone.override(zone):
        pass
    centre_zone()  # its id is remembered
    with django_assert_num_queries(1), timezone.override(zone):
        assert timezone.localtime(datetime(2026, 1, 1, tzinfo=UTC)).hour == 7
        assert timezone.localtime(datetime(2026, 6, 1, tzinfo=UTC)).utcoffset() == timedelta(hours=7)
    assert str(zone) == "Asia/Jakarta"


@pytest.mark.parametrize("moment", ["2027-03-14T06:59", "2027-03-14T07:00", "2027-11-07T05:30", "2027-11-07T06:30"])
def test_the_zone_of_a_request_keeps_summer_time(in_new_york, moment):
    at = datetime.fromisoformat(f"{moment}+00:00")
    shown = at.astimezone(CentreZone())
    assert shown.isoformat() == at.astimezone(ZoneInfo(NEW_YORK)).isoformat()
    assert shown.tzname() == at.astimezone(ZoneInfo(NEW_YORK)).tzname()
    assert shown.astimezone(UTC) == at


@pytest.fixture
def keeps_its_connection(monkeypatch):
    monkeypatch.setattr(zones.connection, "close", lambda: None)
    monkeypatch.setattr(zones.connection, "close_pool", lambda: None)


@pytest.mark.usefixtures("keeps_its_connection")
def test_another_zone_in_the_environment_stops_the_start_with_one_line_that_names_the_page(db, monkeypatch, admin):
    monkeypatch.delenv("TIME_ZONE", raising=False)
    assert zones.problem() is None
    monkeypatch.setenv("TIME_ZONE", "Asia/Jakarta")
    assert zones.problem() is None
    monkeypatch.setenv("TIME_ZONE", NEW_YORK)
    for language, centre in (("C", "centre"), ("id_ID.UTF-8", "pusat")):
        monkeypatch.setenv("LC_ALL", language)
        line = zones.problem()
        assert line is not None
        assert "\n" not in line
        for each in (NEW_YORK, "Asia/Jakarta", reverse("admin:accounts_centre_changelist"), centre):
            assert each in line
    revise_centre(actor=admin, changes={"time_zone": NEW_YORK})
    assert zones.problem() is None
    monkeypatch.setenv("TIME_ZONE", "Asia/Jakarta")
    assert zones.problem() is not None
