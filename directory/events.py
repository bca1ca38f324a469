"""The events of the directory of contacts."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_noop as _

from core.event_kinds import EventKind, Fields

_CONTACT: Fields = {"kind": str, "active": bool, "agency": UUID, "fields": list}


class ContactEvent(EventKind):
    """What happens to contacts."""

    CONTACT_MADE = "contact.made", _("Contact written down."), _CONTACT
    CONTACT_EDITED = "contact.edited", _("Contact changed: %(fields)s."), _CONTACT
