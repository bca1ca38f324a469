"""Incident types with their synonyms, incident dispositions, response plans."""

from plans.models.plans import ALL, IncidentDisposition, IncidentType, PlanNeed, ResponsePlan
from plans.models.synonyms import TypeSynonyms

__all__ = ["ALL", "IncidentDisposition", "IncidentType", "PlanNeed", "ResponsePlan", "TypeSynonyms"]
