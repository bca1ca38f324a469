"""The admin pages of what dispatch keeps, and of what hangs on several apps: people and agencies."""

from dispatch.admin.agencies import AgencyAdmin
from dispatch.admin.directory import ContactAdmin
from dispatch.admin.people import PersonAdmin
from dispatch.admin.plans import PlanAdmin
from dispatch.admin.synonyms import SynonymsAdmin
from dispatch.admin.types import TypeAdmin
from dispatch.admin.warnings import WarningAdmin

__all__ = ["AgencyAdmin", "ContactAdmin", "PersonAdmin", "PlanAdmin", "SynonymsAdmin", "TypeAdmin", "WarningAdmin"]
