"""Incidents with their calls, tasks, assignments, notes, people and things."""

from dispatch.models.incidents import Assignment, Incident, IncidentCall, Merge, Note, Task
from dispatch.models.numbers import NumberBlock
from dispatch.models.people import PeopleAtRisk, Person, Vehicle, Vessel, WarningSeen

__all__ = [
    "Assignment",
    "Incident",
    "IncidentCall",
    "Merge",
    "Note",
    "NumberBlock",
    "PeopleAtRisk",
    "Person",
    "Task",
    "Vehicle",
    "Vessel",
    "WarningSeen",
]
