"""The settings pages of incident types, their synonyms and response plans."""

from plans.admin.plans import PlanAdmin
from plans.admin.synonyms import SynonymsAdmin
from plans.admin.types import TypeAdmin

__all__ = ["PlanAdmin", "SynonymsAdmin", "TypeAdmin"]
