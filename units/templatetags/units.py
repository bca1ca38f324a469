"""Units in templates."""

from __future__ import annotations

from uuid import UUID

from django import template

from units.models import Unit

register = template.Library()


@register.filter
def callsign(unit: UUID | None) -> str:
    """The callsign of a unit's id; nothing where there is none."""
    found = Unit.objects.filter(pk=unit) if unit else Unit.objects.none()
    return found.values_list("callsign", flat=True).first() or ""
