"""Whether everything that should live lives, part by part, in a second and from outside the pool."""

from monitoring.health.probe import Probe, readings

__all__ = ["Probe", "readings"]
