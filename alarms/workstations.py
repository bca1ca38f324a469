"""The clocks of workstations: each page that finds its own off reports it, and the database's clock judges it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from accounts.actors import Actor
from accounts.roles import Role
from alarms.sources import RIGHT_SECONDS
from core import clock, events, ratelimits
from core.errors import Refused

KIND = "workstation"

# Both times are real ones, also where a test has moved the clock that the rest of this project reads.
_REPORT = """
INSERT INTO core_source (id, kind, name, last_seen_at, watched, skew_seconds, figures)
VALUES (gen_random_uuid(), %s, %s, %s, false, extract(epoch FROM %s - clock_timestamp()), '{}')
ON CONFLICT (kind, name) DO UPDATE SET last_seen_at = excluded.last_seen_at, skew_seconds = excluded.skew_seconds
RETURNING skew_seconds
"""
_COMPARE = "SELECT extract(epoch FROM %s - clock_timestamp())::float8"


def note_workstation_clock(*, actor: Actor, at: datetime) -> float:
    """Note the time that a person's workstation shows; returns how many seconds it is ahead, below 0 behind.

    A sign of life as those of exchanges are: no event. It is kept under the desk's code, of somebody without a desk
    under the person's reference. Of a crew nothing is kept: its telephone is no workstation.
    Raises Refused to programs, and TooMany.
    """
    if not actor.is_person:
        raise Refused("scope_missing")
    ratelimits.spend(ratelimits.CLOCK, actor.ref)
    with events.transaction(), connection.cursor() as cursor:
        if actor.roles <= {Role.CREW}:
            cursor.execute(_COMPARE, [at])
        else:
            cursor.execute(_REPORT, [KIND, actor.desk or actor.ref, clock.now(), at])
        seconds: float = cursor.fetchone()[0]
        return seconds


def is_off(seconds: float) -> bool:
    """Whether a clock is so far off that its screen shows a warning."""
    return abs(seconds) > RIGHT_SECONDS
