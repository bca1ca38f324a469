"""The clocks of servers, workstations and the machines that send to us, and which of their data could not be used."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.models import Source
from core.registry import HealthPart

SERVERS = frozenset({"web", "worker"})
KINDS = ("telephony", "positions", "workstation", *SERVERS)
SHOWN_SECONDS = 2.0  # docs: more than 2 s off is shown
SEEN_WITHIN = timedelta(days=1)
MOST = 100
_COUNTS = ("errors", "implausible", "invalid", "rollovers")


def source_clocks() -> HealthPart:
    """Each exchange and server, and each tracker and workstation with something to say, that was seen in the last day.

    `skew_seconds`: how far its clock is ahead of ours (of a server and a workstation: of the database's), below 0
    behind. A figure, never a fault of this server: its alarms are rules 16 and 19.
    """
    now = clock.now()
    rows = Source.objects.filter(kind__in=KINDS, last_seen_at__gte=now - SEEN_WITHIN).order_by("-last_seen_at")
    shown = []
    totals = dict.fromkeys(_COUNTS, 0)
    for row in rows[:MOST]:
        counts = {name: int(row.figures.get(name, 0)) for name in _COUNTS if row.figures.get(name)}
        for name, count in counts.items():
            totals[name] += count
        off = abs(row.skew_seconds) > SHOWN_SECONDS
        if row.kind == "telephony" or row.kind in SERVERS or off or counts:
            seen = max(0.0, (now - row.last_seen_at).total_seconds()) if row.last_seen_at else None
            error = row.figures.get("last_error") or {}
            shown.append(
                {
                    "kind": row.kind,
                    "name": row.name,
                    "last_seen_seconds": None if seen is None else round(seen, 1),
                    "skew_seconds": round(row.skew_seconds, 1),
                    "off": off,
                    **counts,
                    **({"last_error": error.get("message")} if error else {}),
                }
            )
    return HealthPart(ok=True, figures={"items": shown, **totals})
