"""Stations, units and where they are. A unit's status with an active assignment is dispatch's to change."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from units.states import UnitStatus


class Capability(models.Model):
    """What a unit can do: fire_engine, ambulance_als, boat ..."""

    code = models.TextField(primary_key=True)
    name_id = models.TextField()
    name_en = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")

    def __str__(self) -> str:
        return self.code


class Station(models.Model):
    """Where units stand by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT)
    code = models.TextField()
    name = models.TextField()
    lat = models.FloatField()
    lng = models.FloatField()
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        constraints = (models.UniqueConstraint(fields=["centre", "code"], name="units_station_code"),)

    def __str__(self) -> str:
        return self.code


class Unit(models.Model):
    """A vehicle, boat or team that can be sent. Callsigns have no blanks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT)
    station = models.ForeignKey(Station, models.PROTECT, null=True)
    callsign = models.TextField()
    kind = models.TextField()
    capabilities = ArrayField(models.TextField(), default=list)
    status = models.TextField(choices=UnitStatus.choices, default=UnitStatus.OFF_DUTY)
    status_at = models.DateTimeField()
    status_reason = models.TextField(null=True)
    talk_request_at = models.DateTimeField(null=True)
    emergency_at = models.DateTimeField(null=True)
    emergency_withdrawn_at = models.DateTimeField(
        null=True, help_text="when the crew took its emergency back; it stands until somebody has spoken with the crew"
    )
    phone = models.TextField(null=True, help_text="the telephone number of the crew on duty")
    crew = models.PositiveSmallIntegerField(null=True)
    active = models.BooleanField(default=True)
    created_by = models.TextField()
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = (models.UniqueConstraint(fields=["centre", "callsign"], name="units_unit_callsign"),)
        indexes = (
            models.Index(fields=["agency", "status"], condition=models.Q(active=True), name="units_unit_agency"),
            GinIndex(fields=["capabilities"], name="units_unit_capabilities"),
        )

    def __str__(self) -> str:
        return self.callsign


class StatusReason(models.Model):
    """Why a unit changed its status, in somebody's words; the log keeps the row's id and the words' digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="status_reasons")
    at = models.DateTimeField()
    text = models.TextField()
    salt = models.TextField()
    created_by = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class EmergencyContact(models.Model):
    """The voice contact that ended a crew's emergency; the log keeps the row's id and the digest of the name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="emergency_contacts")
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    spoken_with = models.TextField(help_text="the name of the crew member")
    salt = models.TextField()
    created_by = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class Position(models.Model):
    """The latest known place of a unit. Not an event: a row of its own, upserted in bulk.

    Where it has been is in `units_track`, partitioned by day (migration 0002).
    """

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="position")
    lat = models.FloatField()
    lng = models.FloatField()
    heading = models.FloatField(null=True)
    speed = models.FloatField(null=True, help_text="metres per second")
    accuracy_metres = models.FloatField(null=True)
    fix_at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    track_lat = models.FloatField(help_text="the last place the track keeps: less than 10 m from it is no move")
    track_lng = models.FloatField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.lat} {self.lng}"
