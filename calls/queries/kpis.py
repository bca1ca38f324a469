"""Live figures of the line: who waits, and how many were answered in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from accounts.queries import centre_zone
from calls.models import Call
from calls.queries.shapes import Kpis
from calls.states import WAITING, Disposition
from core import clock

TARGET_SECONDS = 10  # EU/EENA; docs/rules/kpis.md#kpi-2
_EMERGENCIES = (Disposition.E1, Disposition.E2, Disposition.E3)


def live_kpis(now: datetime | None = None) -> Kpis:
    """The figures of the board at a moment (default: now), days by the centre's time zone.

    Service level: answered within 10 s / (answered + hung up after more than 10 s); None of no call
    (docs/rules/kpis.md#kpi-2).
    """
    now = now or clock.now()
    zone = centre_zone()
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    hour_ago = now - timedelta(hours=1)
    hour, today = Q(started_at__gte=hour_ago), Q(started_at__gte=midnight)
    answered = Q(wait_seconds__isnull=False, answered_at__isnull=False)
    in_time = answered & Q(wait_seconds__lte=TARGET_SECONDS)
    counted = answered | Q(wait_seconds__gt=TARGET_SECONDS)
    counts = Call.objects.filter(started_at__gte=min(midnight, hour_ago), started_at__lte=now).aggregate(
        hour_in_time=Count("id", filter=hour & in_time),
        hour_counted=Count("id", filter=hour & counted),
        today_in_time=Count("id", filter=today & in_time),
        today_counted=Count("id", filter=today & counted),
        calls_today=Count("id", filter=today),
        emergencies_today=Count("id", filter=today & Q(disposition__in=_EMERGENCIES)),
    )
    queue = Call.objects.filter(state__in=WAITING).aggregate(waiting=Count("id"), longest_since=Min("started_at"))
    return {
        "waiting": queue["waiting"],
        "longest_since": queue["longest_since"],
        "in_10_s_hour": _share(counts["hour_in_time"], counts["hour_counted"]),
        "in_10_s_today": _share(counts["today_in_time"], counts["today_counted"]),
        "calls_today": counts["calls_today"],
        "emergencies_today": counts["emergencies_today"],
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
