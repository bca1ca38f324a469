"""Incidents with their calls, tasks, assignments, notes, people and things; types and response plans."""

from dispatch.models.incidents import Assignment, Incident, IncidentCall, Merge, Note, Task
from dispatch.models.numbers import NumberBlock
from dispatch.models.people import PeopleAtRisk, Person, Vehicle, Vessel, WarningSeen
from dispatch.models.plans import Contact, IncidentDisposition, IncidentType, PlanNeed, ResponsePlan
from dispatch.models.synonyms import TypeSynonyms

__all__ = [
    "Assignment",
    "Contact",
    "Incident",
    "IncidentCall",
    "IncidentDisposition",
    "IncidentType",
    "Merge",
    "Note",
    "NumberBlock",
    "PeopleAtRisk",
    "Person",
    "PlanNeed",
    "ResponsePlan",
    "Task",
    "TypeSynonyms",
    "Vehicle",
    "Vessel",
    "WarningSeen",
]
