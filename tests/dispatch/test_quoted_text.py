"""Text of people beside other text: cleaned when it comes in, standing for itself where it is shown."""

from __future__ import annotations

import base64
import json
import subprocess

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, Desk, User
from dispatch.models import Incident
from tests.conftest import ROOT
from units.models import Unit

pytestmark = pytest.mark.django_db

ARABIC = "مسجد الجامع"  # a mosque, written from right to left


def page_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_override_of_direction_in_a_place_is_left_out_when_it_comes_in(api, dispatcher):
    client = api(dispatcher)
    given = {
        "location": {"text": "Pasar \u202eAnom\n12"},
        "narrative": "\u2067Api besar\u200b\r\ndi dapur\x00", "type": "F01",
    }  # fmt: skip
    made = client.post("incidents", given)
    assert made.status_code == 201, made.content
    incident = Incident.objects.get(id=made.json()["id"])
    assert incident.location_text == "Pasar Anom 12"
    assert incident.narrative == "Api besar\ndi dapur"
    noted = client.post(
        f"incidents/{incident.id}/notes", {"text": "Korban \u200fdua\u202e\n\tlantai 2 \U0001f469\u200d\U0001f692"}
    )
    assert noted.json()["text"] == "Korban dua\n\tlantai 2 \U0001f469\u200d\U0001f692"


def test_the_name_of_a_desk_a_person_and_a_unit_has_no_newline_and_no_character_without_width(api):
    """As typed on a form, and as sent by a program."""
    page = page_of("admin")
    page.post(reverse("admin:accounts_desk_add"), {"code": "M1\u200b", "name": "Meja\u200b1\n", "active": "on"})
    assert Desk.objects.get(code="M1").name == "Meja1"
    person = {"username": "ani\u200e", "name": "An\u200di\r\nSusanti\t", "roles": ["call_taker"], "language": "id"}
    page.post(reverse("admin:accounts_user_add"), person | {"is_active": "on"})
    assert User.objects.get(username="ani").name == "Ani Susanti"
    client = api(scopes=["admin"])
    unit = {"agency": "DAMKAR", "kind": "fire\u200b_engine", "capabilities": ["fire_engine\ufeff"]}
    assert client.put("units/DMK%E2%80%8B77", unit).status_code in {201, 422}
    assert not Unit.objects.exclude(callsign__regex="^[A-Z0-9-]+$").exists()
    assert client.put("units/DMK78", unit).status_code == 201
    assert Unit.objects.get(callsign="DMK78").kind == "fire_engine"


def test_telephony_events_are_cleaned_and_never_refused_for_it(api):
    line = api(scopes=["telephony"])
    event = {
        "source": "pbx\u200b",
        "call_ref": "\ufeff77\u202e",
        "event": "ringing",
        "caller": "\u202a+62812\x003456789\u202c",
    }
    assert line.post("telephony/events", event).status_code in {200, 201, 202}
    again = event | {"source": "pbx", "call_ref": "77", "caller": "+628123456789"}
    assert line.post("telephony/events", again).json()["call"]


def test_quoted_text_stands_for_itself_on_paper(api, dispatcher, tmp_path):
    client = api(dispatcher)
    given = {"location": {"text": f"{ARABIC} 12"}, "narrative": f"Api di {ARABIC}", "type": "F01"}
    incident = Incident.objects.get(id=client.post("incidents", given).json()["id"])
    client.post(f"incidents/{incident.id}/notes", {"text": f"2 {ARABIC}"})
    Agency.objects.filter(tasks__incident=incident).update(name=f"PMI {ARABIC}")
    paper = page_of("dispatcher").get(f"/incidents/{incident.number}/print/").content.decode()
    assert paper.count(f"<bdi>{ARABIC} 12</bdi>") == 2
    assert f"<bdi>2 {ARABIC}</bdi>" in paper
    assert f"<bdi>PMI {ARABIC}</bdi>: " in paper
    file = tmp_path / "snapshot.html"
    call_command("snapshot", str(file))
    snapshot = file.read_text(encoding="utf-8")
    assert f"<bdi>{ARABIC} 12</bdi>" in snapshot
    assert f"<bdi>2 {ARABIC}</bdi>" in snapshot


def test_a_text_from_right_to_left_is_isolated_in_the_sentences_of_the_screens():
    source = base64.b64encode((ROOT / "static/js/core/words.js").read_bytes()).decode()
    program = f"""
        globalThis.document = {{ getElementById: () => null }};
        const {{ fill, isolated }} = await import("data:text/javascript;base64,{source}");
        const shown = [fill("{{place}}, 12", {{ place: "{ARABIC}" }}), fill("{{place}}, 12", {{ place: "Pasar Anom" }}),
          isolated("{ARABIC}"), isolated("Pasar Anom"), isolated(7),
          fill("{{count}} one|{{count}} two", {{ count: 1 }})];
        process.stdout.write(JSON.stringify(shown));
    """
    done = subprocess.run(["node", "--input-type=module", "-e", program], capture_output=True, check=True)
    alone = f"\u2068{ARABIC}\u2069"
    assert json.loads(done.stdout) == [f"{alone}, 12", "Pasar Anom, 12", alone, "Pasar Anom", "7", "1 one"]


def test_elements_within_a_line_isolate_their_text():
    rule = next(
        line
        for line in (ROOT / "static/css/frame.css").read_text(encoding="utf-8").splitlines()
        if "unicode-bidi: isolate" in line
    )
    assert {"span", "b", "bdi", "small", "td", "a", "button"} <= {
        name.strip() for name in rule.split("{")[0].split(",")
    }
