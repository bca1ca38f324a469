"""Unit statuses and the steps between them, with their FMS digits (docs/rules/unit-states.md)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Steps


class UnitStatus(models.TextChoices):
    """What a unit is doing."""

    OFF_DUTY = "off_duty", _("Off duty")
    AVAILABLE_STATION = "available_station", _("Available at station")
    AVAILABLE_MOBILE = "available_mobile", _("Available in the field")
    COND_AVAILABLE = "cond_available", _("Conditionally available")
    DISPATCHED = "dispatched", _("Dispatched (not yet acknowledged)")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    EN_ROUTE = "en_route", _("En route")
    STAGING = "staging", _("Staging")
    ON_SCENE = "on_scene", _("On scene")
    TRANSPORTING = "transporting", _("Transporting")
    AT_DESTINATION = "at_destination", _("At destination")
    RETURNING = "returning", _("Returning, can be sent")
    OUT_OF_SERVICE = "out_of_service", _("Out of service")


S = UnitStatus
AVAILABLE = (S.AVAILABLE_STATION, S.AVAILABLE_MOBILE)
# Those a dispatcher may send without diverting anybody.
FREE = frozenset({S.AVAILABLE_STATION, S.AVAILABLE_MOBILE, S.COND_AVAILABLE, S.RETURNING})
# Those that are one fact with an active assignment's status.
ASSIGNED = (S.DISPATCHED, S.ACKNOWLEDGED, S.EN_ROUTE, S.STAGING, S.ON_SCENE, S.TRANSPORTING, S.AT_DESTINATION)
# Those that end an active assignment.
RELEASING = frozenset({S.RETURNING, *AVAILABLE, S.COND_AVAILABLE, S.OUT_OF_SERVICE, S.OFF_DUTY})

STEPS = Steps(
    {
        S.OFF_DUTY: (S.AVAILABLE_STATION, S.OUT_OF_SERVICE),
        S.AVAILABLE_STATION: (
            S.AVAILABLE_MOBILE, S.DISPATCHED, S.COND_AVAILABLE, S.OUT_OF_SERVICE, S.OFF_DUTY,
        ),
        S.AVAILABLE_MOBILE: (
            S.AVAILABLE_STATION, S.DISPATCHED, S.ON_SCENE, S.COND_AVAILABLE, S.OUT_OF_SERVICE, S.OFF_DUTY,
        ),
        S.COND_AVAILABLE: (*AVAILABLE, S.DISPATCHED, S.OUT_OF_SERVICE),
        S.DISPATCHED: (S.ACKNOWLEDGED, S.EN_ROUTE, S.ON_SCENE, *AVAILABLE),
        S.ACKNOWLEDGED: (S.EN_ROUTE, S.STAGING, S.ON_SCENE, *AVAILABLE),
        S.EN_ROUTE: (S.STAGING, S.ON_SCENE, S.TRANSPORTING, *AVAILABLE, S.DISPATCHED),
        S.STAGING: (S.ON_SCENE, S.RETURNING, *AVAILABLE, S.DISPATCHED),
        S.ON_SCENE: (S.TRANSPORTING, S.RETURNING, *AVAILABLE, S.OUT_OF_SERVICE),
        S.TRANSPORTING: (S.AT_DESTINATION, S.RETURNING, *AVAILABLE),
        S.AT_DESTINATION: (S.RETURNING, *AVAILABLE, S.OUT_OF_SERVICE),
        S.RETURNING: (*AVAILABLE, S.DISPATCHED, S.OUT_OF_SERVICE, S.OFF_DUTY),
        S.OUT_OF_SERVICE: (S.AVAILABLE_STATION, S.OFF_DUTY),
    }
)  # fmt: skip

FMS: dict[str, str | None] = {
    S.OFF_DUTY: "6",
    S.AVAILABLE_STATION: "2",
    S.AVAILABLE_MOBILE: "1",
    S.COND_AVAILABLE: "8F",
    S.DISPATCHED: "C",
    S.ACKNOWLEDGED: None,
    S.EN_ROUTE: "3",
    S.STAGING: None,
    S.ON_SCENE: "4",
    S.TRANSPORTING: "7",
    S.AT_DESTINATION: "8",
    S.RETURNING: "1",
    S.OUT_OF_SERVICE: "6",
}
