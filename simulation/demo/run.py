"""A whole play: the stage with everybody on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.actors import demo_actor
from accounts.models import Centre
from simulation.demo.callers import Callers
from simulation.demo.crews import Crews
from simulation.demo.fleet import Fleet
from simulation.demo.human_activity import Others
from simulation.demo.incidents import Incidents
from simulation.demo.initial_state import begin
from simulation.demo.random_events import Dice
from simulation.demo.scheduler import DemoEvent, Stage

RATE = 60.0
SEED = 112
FIRST_CALL_SECONDS = 20.0


class Play:
    """Callers, operators, agencies and crews of one play.

    rate: calls an hour. seed: the same one gives the same events. speed: see Stage. begins_at: which time of the day
    the play begins with, now if None. tell: gets each event.
    """

    def __init__(
        self,
        centre: Centre,
        *,
        rate: float = RATE,
        seed: int = SEED,
        speed: float | None = 1.0,
        begins_at: datetime | None = None,
        tell: Callable[[DemoEvent], None] = lambda _event: None,
    ) -> None:
        actor, zone = demo_actor(centre.id), ZoneInfo(centre.time_zone)
        self.stage = Stage(actor, Dice(seed), speed=speed, begins_at=begins_at, zone=zone, tell=tell)
        self._fleet = Fleet(self.stage, Others())
        self._crews = Crews(self.stage, self._fleet)
        self._incidents = Incidents(self.stage, self._fleet, self._crews)
        # Another run's calls are others, whatever its seed.
        run = f"{self.stage.begun_at:%Y%m%dT%H%M%S%f}"
        self._callers = Callers(self.stage, self._incidents, run=run, rate=rate)

    def run(self, *, until: float | None = None) -> None:
        """Play until stopped, or until a second of the play."""
        self.stage.after(0, self._begin)
        self.stage.run(until=until)

    def stop(self) -> None:
        """End after the step that is under way."""
        self.stage.stop()

    def _begin(self) -> None:
        begin(self.stage, self._callers, self._incidents, self._crews)
        before = -self.stage.now
        self.stage.after(before, self._fleet.tell_places)
        self.stage.after(before, self._first_call)

    def _first_call(self) -> None:
        self._callers.next(0, at_most=FIRST_CALL_SECONDS)
