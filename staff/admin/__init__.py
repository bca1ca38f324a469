"""The settings pages of people and agencies."""

from staff.admin.agencies import AgencyAdmin
from staff.admin.people import PersonAdmin

__all__ = ["AgencyAdmin", "PersonAdmin"]
