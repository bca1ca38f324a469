"""The rules that dispatch's conditions answer: incidents without help, unanswered tasks, silent units."""

from dispatch.timers import assignments, incidents, tasks

RULES = (*incidents.RULES, *tasks.RULES, *assignments.RULES)

__all__ = ["RULES"]
