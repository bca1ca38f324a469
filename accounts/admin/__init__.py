"""What the admin pages of every app are made of, and those of desks and keys. Nothing registers on import."""

from accounts.admin.columns import AgencyFilter, InUseFilter, column, flag
from accounts.admin.fields import DegreeField, LinesField, PickField, RowField, SeveralField, WordField, in_use_field
from accounts.admin.forms import SettingsForm
from accounts.admin.settings import SettingsAdmin
from accounts.admin.tables import TableAdmin
from accounts.admin.versions import VersionedAdmin

__all__ = [
    "AgencyFilter",
    "DegreeField",
    "InUseFilter",
    "LinesField",
    "PickField",
    "RowField",
    "SettingsAdmin",
    "SettingsForm",
    "SeveralField",
    "TableAdmin",
    "VersionedAdmin",
    "WordField",
    "column",
    "flag",
    "in_use_field",
]
