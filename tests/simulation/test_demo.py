"""The demo: what it draws, that a seed gives the same events, what it leaves to people and never touches again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Centre
from calls.actions.operators import set_operator_state
from calls.models import Call
from core.models import Event
from dispatch.actions.notes import add_note
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE, NOT_OPEN
from places.areas import kecamatan_of, land_mass_of
from simulation.demo.random_events import EMERGENCIES, SEA, Dice, Emergency, Noise, hour_weights, kecamatan_key, record
from simulation.demo.run import Play
from simulation.demo.scheduler import DemoEvent
from tests.api_client import Api
from units.models import Unit
from units.states import FREE

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
MANY = 500


class Playing:
    """A play as fast as it goes, with its events."""

    def __init__(self, *, seed: int = 112, rate: float = 60) -> None:
        self.events: list[DemoEvent] = []
        self.play = Play(Centre.objects.get(), seed=seed, rate=rate, speed=None, begins_at=NOON, tell=self._hear)
        self.begun = False
        self.on_sent: Callable[[], None] = lambda: None

    def until(self, second: float) -> list[DemoEvent]:
        """Go on to a second of the play; the events in all."""
        if self.begun:
            self.play.stage.run(until=second)
        else:
            self.begun = True
            self.play.run(until=second)
        return self.events

    def _hear(self, event: DemoEvent) -> None:
        self.events.append(event)
        if event[1] == "sent":
            self.on_sent()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def free_by_capability() -> Counter[str]:
    units = Unit.objects.filter(active=True, status__in=FREE)
    return Counter(able for unit in units for able in unit.capabilities)


def head() -> int:
    return Event.objects.order_by("-seq").values_list("seq", flat=True)[0]


def demo_events_on(subject: str, after: int) -> list[str]:
    found = Event.objects.filter(subjects__contains=[subject], actor="demo", seq__gt=after)
    return list(found.values_list("kind", flat=True))


def test_nine_calls_in_ten_are_no_emergency_and_the_others_follow_the_record() -> None:
    calls = [Dice(7).call(index) for index in range(MANY)]
    emergencies = [call for call in calls if isinstance(call, Emergency)]
    noise = Counter(call.disposition for call in calls if isinstance(call, Noise))
    assert MANY * EMERGENCIES * 0.6 < len(emergencies) < MANY * EMERGENCIES * 1.4
    assert {"G1", "G3", "J1", "N2"} <= set(noise)
    assert noise["G1"] > noise["N2"] > 0
    assert all(call.number is None or call.number.startswith("+62000") for call in calls)
    drawn = Counter(Dice(7).call(f"more-{index}", None if index % 4 else "KEBAKARAN").__class__ for index in range(8))
    assert drawn[Emergency] >= 2
    many = [call for call in (Dice(7).call(index) for index in range(9 * MANY)) if isinstance(call, Emergency)]
    types, wanted = Counter(call.name for call in many), record()["types"]
    for name in ("KEBAKARAN", "ORANG DENGAN GANGGUAN JIWA (ODGJ)", "PERMINTAAN AMBULAN"):
        assert abs(types[name] / len(many) - wanted[name] / record()["n"]) < 0.06
    town = sum("Kota Sumenep" in call.spot.name for call in many) / len(many)
    assert abs(town - record()["kecamatan"]["Kota Sumenep"] / record()["n"]) < 0.08
    assert abs(sum(hour_weights()) / 24 - 1) < 1e-9
    assert len({call.narrative for call in many}) > 25


def test_land_emergencies_lie_on_land_in_the_kecamatan_they_name_and_boats_at_sea() -> None:
    from core.data_files import document  # noqa: PLC0415 - read once, for this test alone

    codes = {
        kecamatan_key(feature["properties"]["name"]): feature["properties"]["code"]
        for feature in document("sumenep/kecamatan.geojson")["features"]
    }
    for index in range(60):
        drawn = Dice(3).call(f"land-{index}", "KEBAKARAN")
        assert isinstance(drawn, Emergency)
        named = drawn.spot.name.partition("Kec. ")[2]
        assert kecamatan_of(drawn.spot.lat, drawn.spot.lng) == codes[named.lower()]
        assert land_mass_of(drawn.spot.lat, drawn.spot.lng) is not None
        boat = Dice(3).call(f"sea-{index}", SEA)
        assert isinstance(boat, Emergency)
        assert boat.type == "L02"
        assert land_mass_of(boat.spot.lat, boat.spot.lng) is None


def test_the_same_seed_plays_the_same_demo_and_always_leaves_two_of_each_capability_free(db: None) -> None:
    whole = free_by_capability()
    kept: list[bool] = []

    def look() -> None:
        free = free_by_capability()
        kept.append(all(free[able] >= min(2, count) for able, count in whole.items()))

    plays = []
    for _ in range(2):
        with undone():
            playing = Playing(seed=5, rate=300)
            playing.on_sent = look
            plays.append(playing.until(150))
    assert plays[0] == plays[1]
    assert [Dice(5).call(n) for n in range(9)] != [Dice(6).call(n) for n in range(9)]
    assert len(kept) > 8
    assert all(kept)
    assert {what for _, what, _ in plays[0]} >= {"ring", "answer", "filed", "incident", "sent", "on_scene"}


def test_the_board_is_alive_from_the_first_moment_with_incidents_at_different_stages(db: None) -> None:
    Playing().until(0)
    states = set(Incident.objects.values_list("state", flat=True))
    assert {"on_scene", "en_route"} <= states
    assert Call.objects.filter(state="ringing").count() >= 2
    assert Assignment.objects.filter(status__in=ACTIVE).count() >= 4
    assert not Event.objects.filter(kind="alarm.opened", actor="demo").exists()


def test_what_a_person_has_touched_is_left_for_good_with_its_crews(db: None, dispatcher: Actor) -> None:
    playing = Playing()
    playing.until(0)
    assignment = Assignment.objects.filter(status="en_route").select_related("incident", "unit")[0]
    add_note(actor=dispatcher, incident=assignment.incident_id, text="Saya ambil alih")
    touched_at = head()
    playing.until(700)
    assert demo_events_on(f"incident:{assignment.incident_id}", touched_at) == []
    assert demo_events_on(f"unit:{assignment.unit_id}", touched_at) == []
    others = Incident.objects.filter(created_by="demo").exclude(id=assignment.incident_id)
    assert any(demo_events_on(f"incident:{other.id}", touched_at) for other in others)


def test_what_a_key_has_touched_is_left_for_good_call_and_unit_alike(db: None, api: Callable[..., Api]) -> None:
    playing = Playing()
    playing.until(0)
    program = api(scopes=["calls", "incidents", "units"])
    call = Call.objects.filter(state="ringing").order_by("started_at")[0]
    program.post(f"calls/{call.id}/lines", {"text": "Dicatat oleh program"})
    crew = Assignment.objects.filter(status="en_route").select_related("unit")[0]
    program.post(f"units/{crew.unit.callsign}/talk-request", {})
    idle = Unit.objects.filter(status="available_station", callsign="DMK1").get()
    program.post(f"units/{idle.callsign}/status", {"status": "available_mobile"})
    touched_at = head()
    playing.until(700)
    assert demo_events_on(f"call:{call.id}", touched_at) == []
    assert demo_events_on(f"unit:{crew.unit_id}", touched_at) == []
    assert demo_events_on(f"unit:{idle.id}", touched_at) == []


def test_a_ringing_call_is_left_to_a_person_who_is_ready(db: None, call_taker: Actor) -> None:
    set_operator_state(actor=call_taker.at_desk("CT1"), state="ready")
    events = Playing().until(200)
    rang = {details[0]: at for at, what, details in events if what == "ring" and at > 0}
    waited = [at - rang[details[0]] for at, what, details in events if what == "answer" and details[0] in rang]
    assert waited
    assert min(waited) >= 8


def test_a_restarted_demo_takes_up_what_it_left_and_nothing_else(db: None, dispatcher: Actor) -> None:
    Playing().until(5)
    touched = Incident.objects.exclude(state__in=NOT_OPEN).order_by("number")[0]
    add_note(actor=dispatcher, incident=touched.id, text="Punya saya")
    before = set(Incident.objects.values_list("id", flat=True))
    touched_at = head()
    events = Playing().until(1500)
    assert min(at for at, _, _ in events) >= 0
    assert demo_events_on(f"incident:{touched.id}", touched_at) == []
    closed = Incident.objects.filter(id__in=before - {touched.id}, state="closed")
    assert closed.exists()


def test_a_live_place_refuses_in_one_line(settings: pytest.FixtureRequest) -> None:
    settings.SIGAP_PLACE = "live"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="live place"):
        call_command("demo")
