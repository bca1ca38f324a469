"""Who rides on which unit: a crew signs on and off itself, its desk does it for it, everybody reads who it is."""

from __future__ import annotations

from collections.abc import Callable

from accounts.actors import Actor
from accounts.models import User
from core.models import Event
from tests.api_client import Api
from tests.conftest import person
from units.models import Unit

Client = Callable[..., Api]


def riders(api: Api, callsign: str) -> list[str]:
    items = api.get("crews").json()["items"]
    return next([one["name"] for one in item["people"]] for item in items if item["callsign"] == callsign)


def test_a_crew_changes_to_another_unit_of_its_agency_and_leaves_it(
    api: Client, crew: Actor, dispatcher: Actor
) -> None:
    client = api(crew)
    offered = client.get("crews").json()["items"]
    assert {item["agency"] for item in offered} == {"DAMKAR"}
    assert riders(api(dispatcher), "DMK1") == [crew.name]

    assert client.post("crews/sign-on", {"unit": "DMK2"}).status_code == 200
    assert (riders(api(dispatcher), "DMK1"), riders(api(dispatcher), "DMK2")) == ([], [crew.name])
    assert User.objects.get(username="crew").unit_id == Unit.objects.get(callsign="DMK2").id

    kinds = ("unit.crew_left", "unit.crew_joined")
    assert [event.kind for event in Event.objects.filter(kind__in=kinds).order_by("seq")] == list(kinds)
    client = api(person("crew"))
    assert [client.post("crews/sign-off").status_code for _ in range(2)] == [200, 200]
    assert riders(api(dispatcher), "DMK2") == []
    assert Event.objects.filter(kind__in=kinds).count() == 3


def test_a_crew_rides_on_no_unit_of_another_agency_and_moves_nobody_else(api: Client, crew: Actor) -> None:
    assert api(crew).post("crews/sign-on", {"unit": "PSC1"}).json()["code"] == "unit_unknown"
    other = api(crew).post("crews/sign-off", {"user": str(person("calltaker").user)})
    assert (other.status_code, other.json()["code"]) == (404, "user_unknown")


def test_a_desk_signs_its_own_crews_on_and_no_other_and_nobody_who_is_no_crew(
    api: Client, crew: Actor, agency_desk: Actor, outsider: Actor
) -> None:
    client = api(agency_desk)
    assert str(crew.user) in [one["id"] for one in client.get("crews").json()["members"]]
    assert client.post("crews/sign-on", {"unit": "DMK2", "user": str(crew.user)}).status_code == 200
    assert riders(client, "DMK2") == [crew.name]
    assert api(outsider).post("crews/sign-on", {"unit": "PLN1", "user": str(crew.user)}).status_code == 404
    assert client.post("crews/sign-on", {"unit": "DMK2"}).json()["errors"][0]["code"] == "not_crew"
