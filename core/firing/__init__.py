"""The clock that fires timers: a thread in each worker, any number of them, each timer exactly once."""

from core.firing.rounds import FiringResult, fire_due
from core.firing.thread import Clock

__all__ = ["Clock", "FiringResult", "fire_due"]
