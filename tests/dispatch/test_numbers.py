"""Numbers that are reserved for blank cards: never given to others, typed in afterwards, once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.errors import Invalid, Refused
from dispatch.actions.incidents import open_incident
from dispatch.actions.numbers import reserve_numbers
from dispatch.domain.location import Location
from dispatch.models import Incident, NumberBlock
from tests.accounts.test_pages import signed_in

pytestmark = pytest.mark.django_db
PLACE = Location(text="Desa Gedungan")


def test_a_reserved_number_is_given_to_nobody_else_and_entered_late_once(api, supervisor, dispatcher):
    block = reserve_numbers(actor=supervisor.at_desk("S1"), count=3)
    first = block.numbers[0]
    others = [open_incident(actor=dispatcher.at_desk("D1"), location=PLACE)[0].number for _ in range(3)]
    assert set(others).isdisjoint(block.numbers)
    body = {"number": str(first), "type": "F01", "location": {"text": "Desa Gedungan"}}
    body["at"] = (clock.now() - timedelta(hours=2)).isoformat()
    answer = api(dispatcher).post("incidents", body)
    assert (answer.status_code, answer.json()["number"], answer.json()["late"]) == (201, str(first), True)
    again = api(dispatcher).post("incidents", body)
    assert (again.status_code, again.json()["code"]) == (409, "number_taken")
    assert str(first) in again.json()["detail"]
    for wrong in (str(others[0]), str(max(others) + 1000), "abc", "-3", "9" * 18):
        refused = api(dispatcher).post("incidents", body | {"number": wrong})
        assert refused.status_code == 422, wrong
        assert refused.json()["errors"][0]["field"] == "number"


def test_only_a_supervisor_reserves_and_only_a_number_that_can_be_printed(supervisor, dispatcher):
    with pytest.raises(Refused):
        reserve_numbers(actor=dispatcher, count=5)
    for count in (0, 201):
        with pytest.raises(Invalid):
            reserve_numbers(actor=supervisor, count=count)


def test_a_supervisor_prints_cards_and_a_desk_types_them_in(settings):
    client = signed_in("supervisor")
    made = client.post("/cards/", {"act": "reserve", "count": "4"})
    block = NumberBlock.objects.get()
    assert made["Location"] == f"/cards/{block.id}/print/"
    paper = client.get(f"/cards/{block.id}/print/?size=a4", headers={"Accept-Language": "en"}).content.decode()
    assert paper.count('class="blank-card"') == 4
    assert all(f">{number}<" in paper for number in block.numbers)
    assert "LATIHAN" in paper
    assert client.post("/cards/", {"act": "reserve", "count": "9999"}).status_code == 400
    desk = signed_in("calltaker")
    assert 'value="reserve"' not in desk.get("/cards/").content.decode()
    assert desk.post("/cards/", {"act": "reserve", "count": "4"}).status_code == 400
    at = (clock.now() - timedelta(hours=1)).astimezone(ZoneInfo("Asia/Jakarta"))
    card = {
        "act": "enter",
        "number": str(block.numbers[1]),
        "at": f"{at:%Y-%m-%dT%H:%M}",
        "type": "F01",
        "place": "Pasar Anom",
        "words": "Api di kios",
    }
    assert desk.post("/cards/", card)["Location"] == f"/cards/?entered={block.numbers[1]}"
    entered = Incident.objects.get(number=block.numbers[1])
    assert (entered.late, entered.narrative) == (True, "Api di kios")
    assert abs(entered.created_at - at) < timedelta(minutes=1)
    twice = desk.post("/cards/", card)
    assert twice.status_code == 400
    assert "wrong" in twice.content.decode()
    assert desk.post("/cards/", card | {"number": "77777"}).status_code == 400
    assert signed_in("crew").get("/cards/").status_code == 403
    settings.SIGAP_PLACE = "live"
    assert "LATIHAN" not in client.get(f"/cards/{block.id}/print/").content.decode()
