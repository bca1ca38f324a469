"""What stands on a settings page beside its fields: examples, names of codes, where a row is used, its last changes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from plans.actions.settings import put_type
from units.models import Capability, Station

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def settings_page(admin) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(User.objects.get(username="admin"), BACKEND)
    return client


def page(client: Client, kind: str, row) -> str:
    answer = client.get(reverse(f"admin:{kind}_change", args=[row.pk]), headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_each_coordinate_has_an_example_of_its_own_and_names_its_axis_for_the_map(settings_page):
    form = settings_page.get(reverse("admin:units_station_add")).context["adminform"].form
    assert "-7.0153" in str(form.fields["lat"].help_text)
    assert "113.8671" in str(form.fields["lng"].help_text)
    assert [form.fields[name].widget.attrs["data-axis"] for name in ("lat", "lng")] == ["lat", "lng"]
    assert settings_page.get("/api/v1/places/map.json").status_code == 200


def test_codes_are_chosen_with_their_names_beside(settings_page):
    form = settings_page.get(reverse("admin:units_unit_add")).context["adminform"].form
    assert any(label.startswith("DAMKAR - ") for _code, label in form.fields["agency"].choices)
    assert any(label.startswith("fire_engine - ") for _code, label in form.fields["capabilities"].choices)
    offers = settings_page.get(reverse("admin:units_unit_add")).context["offers"]
    assert any(code == "ambulance" and label.startswith("ambulance - ") for code, label in offers["kind"])
    types = settings_page.get(reverse("admin:plans_incidenttype_change", args=["F01"])).context["offers"]
    assert {"lead", "support"} <= types.keys()


def test_a_page_lists_what_uses_its_row_with_links(settings_page):
    agency = Agency.objects.get(code="DAMKAR")
    text = page(settings_page, "accounts_agency", agency)
    station = Station.objects.filter(agency=agency).order_by("code").first()
    assert reverse("admin:units_station_change", args=[station.pk]) in text
    assert reverse("admin:plans_incidenttype_change", args=["F01"]) in text
    uses = settings_page.get(
        reverse("admin:units_capability_change", args=[Capability.objects.get(code="welfare").pk])
    ).context["uses"]
    assert {use.count > 0 for use in uses} == {True}
    unused = Station.objects.create(centre=agency.centre, code="NEW-1", name="x", agency=agency, lat=-7.0, lng=113.9)
    assert settings_page.get(reverse("admin:units_station_change", args=[unused.pk])).context["uses"] == []


def test_a_page_shows_the_last_changes_of_its_row_and_who_made_them(settings_page, admin):
    put_type(actor=admin.at_desk("S1"), code="H02", changes={"priority": 2})
    answer = settings_page.get(reverse("admin:plans_incidenttype_change", args=["H02"]))
    last = answer.context["changes"][0]
    assert "priority" in str(last["what"])
    assert last["by"] == User.objects.get(username="admin").name
    assert last["desk"] == "S1"
