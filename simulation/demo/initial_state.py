"""How a play begins: with what an earlier one has left, else with a scene that is under way already."""

from __future__ import annotations

from functools import partial

from accounts.actors import DEMO
from calls.models import Call
from calls.states import OPEN as CALL_OPEN
from calls.states import CallState
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE, NOT_OPEN
from simulation.demo.callers import SOURCE, Callers
from simulation.demo.crews import Crews
from simulation.demo.human_activity import touched
from simulation.demo.incidents import Incidents
from simulation.demo.random_events import Dice
from simulation.demo.scheduler import Stage
from units.models import Unit
from units.states import UnitStatus

# Seconds before the beginning at which these rang: on scene, with a patient aboard, on the way, just reported.
BEFORE: tuple[tuple[float, str], ...] = (
    (-840, "POHON TUMBANG"),
    (-660, "PERMINTAAN AMBULAN"),
    (-420, "KEAMANAN DAN KETERTIBAN MASYARAKAT"),
    (-240, "EVAKUASI HEWAN LIAR/BUAS"),
    (-70, "KECELAKAAN LALU LINTAS"),
)
# Calls that wait when somebody first looks: when they rang, and for how long the demo lets them.
WAITING: tuple[tuple[float, float], ...] = ((-5, 14), (-2, 19), (3, 9))
ENOUGH = 2


def begin(stage: Stage, callers: Callers, incidents: Incidents, crews: Crews) -> bool:
    """Take up what is left of an earlier play; set the scene where there is little. True where a scene was set."""
    left = _take_up(callers, incidents, crews)
    if left >= ENOUGH:
        return False
    _set_scene(stage, callers)
    return True


def _set_scene(stage: Stage, callers: Callers) -> None:
    """What happened before the beginning is a late entry, as when a centre takes over a shift from paper."""
    stage.now = min(at for at, _ in BEFORE)
    start = stage.now
    for number, (at, name) in enumerate(BEFORE):
        drawn = stage.dice.call(f"scene-{number}", name)
        wait = stage.dice.between(3, 8, "scene-answer", number)
        stage.after(at - start, partial(callers.ring, f"scene-{number}", drawn, wait_seconds=wait))
    for number, (at, wait) in enumerate(WAITING):
        drawn = stage.dice.call(_answered(stage.dice, number))
        stage.after(at - start, partial(callers.ring, f"waiting-{number}", drawn, wait_seconds=wait))


def _answered(dice: Dice, number: int) -> str:
    """A draw that isn't a caller who hangs up at once."""
    for turn in range(100):
        name = f"waiting-{number}-{turn}"
        if getattr(dice.call(name), "disposition", None) != "D2":
            return name
    return f"waiting-{number}"


def _take_up(callers: Callers, incidents: Incidents, crews: Crews) -> int:
    """Go on with the demo's own open things that nobody has touched; returns how many incidents."""
    for call in Call.objects.filter(source=SOURCE, state__in=CALL_OPEN).exclude(state=CallState.ABANDONED):
        if not touched(f"call:{call.id}"):
            callers.resume(call)
    found = 0
    for incident in Incident.objects.filter(created_by=DEMO).exclude(state__in=NOT_OPEN).order_by("number"):
        if touched(f"incident:{incident.id}"):
            continue
        found += 1
        incidents.resume(incident)
        rows = Assignment.objects.filter(incident=incident, created_by=DEMO, status__in=ACTIVE)
        for assignment in rows.select_related("unit", "unit__station").order_by("made_at", "id"):
            crews.resume(assignment)
    for unit in Unit.objects.filter(status=UnitStatus.RETURNING).select_related("station"):
        if (
            Assignment.objects.filter(unit=unit).order_by("-made_at").values_list("created_by", flat=True).first()
            == DEMO
        ):
            crews.come_home_later(unit)
    return found
