"""The rules of dispatch: incidents without units or arrival, unanswered tasks, silent units, callers on hold."""

from dispatch.timers import arrivals, assignments, holds, incidents, tasks

RULES = (*incidents.RULES, *arrivals.RULES, *tasks.RULES, *assignments.RULES, *holds.RULES)

__all__ = ["RULES"]
