"""What one look into the database shows: clocks, deadlines, messages, signs of life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core import clock
from core.connections import bare_connection
from core.registry import HealthPart

CONNECT_SECONDS = 2
STATEMENT_MILLISECONDS = 1500
OFFSET_SECONDS = 2.0
SILENT_SECONDS = 10.0
OVERDUE_SECONDS = 10.0  # late twice in a row, more than 5 s each time, where no clock lives to say so itself
UNSENT_SECONDS = 60.0

_LOOK = """
SELECT clock_timestamp(),
       (SELECT due_at FROM core_timer WHERE state = 'armed' ORDER BY due_at LIMIT 1),
       (SELECT min(queued_at) FROM core_notification WHERE state = 'queued'),
       (SELECT min(n.queued_at) FROM core_delivery d JOIN core_notification n ON n.id = d.notification_id
         WHERE d.state = 'waiting'),
       (SELECT min(due_at) FROM core_delivery WHERE state = 'waiting' AND attempts = '[]'),
       (SELECT coalesce(max(seq), 0) FROM core_event),
       (SELECT coalesce(json_agg(json_build_array(kind, name, extract(epoch FROM %s - last_seen_at),
                                                  coalesce((figures->>'late')::boolean, false)) ORDER BY name), '[]')
          FROM core_source WHERE kind IN ('worker', 'beat'))
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One look: the database's parts of /healthz, and the last seq."""

    parts: dict[str, HealthPart]
    seq: int


def look() -> Look:
    """Look into the database over a fresh connection; raises psycopg.Error where it can't be reached."""
    now = clock.now()
    asked_at = datetime.now(UTC)
    with bare_connection(
        "sigap health", connect_timeout=CONNECT_SECONDS, options=f"-c statement_timeout={STATEMENT_MILLISECONDS}"
    ) as connection:
        opened_at = datetime.now(UTC)
        rows = connection.execute(_LOOK, [now]).fetchall()
        answered_at = datetime.now(UTC)
    database_at, due_at, queued_at, waiting_at, untried_at, seq, sources = rows[0]
    middle = opened_at + (answered_at - opened_at) / 2
    offset_seconds = (middle - database_at).total_seconds()
    milliseconds = round((answered_at - asked_at) / timedelta(milliseconds=1), 1)
    signs = [(kind, name, float(seconds), bool(late)) for kind, name, seconds, late in sources]
    parts = {
        "database": HealthPart(ok=True, figures={"milliseconds": milliseconds}),
        "worker": _alive(signs, "worker"),
        "beat": _alive(signs, "beat"),
        "timers": _timers(_age(due_at, now), signs),
        "notifications": _notifications(
            _age(min(filter(None, (queued_at, waiting_at)), default=None), now),
            _age(min(filter(None, (queued_at, untried_at)), default=None), now),
        ),
        "clock": HealthPart(
            ok=abs(offset_seconds) <= OFFSET_SECONDS,
            figures={"offset_seconds": round(offset_seconds, 3)},
        ),
    }
    return Look(parts, int(seq))


Sign = tuple[str, str, float, bool]


def _alive(signs: list[Sign], kind: str) -> HealthPart:
    """One that lives is enough: the others' work is done by it."""
    seen = {name: round(seconds, 1) for of, name, seconds, _ in signs if of == kind}
    youngest = min(seen.values(), default=None)
    return HealthPart(
        ok=youngest is not None and youngest <= SILENT_SECONDS,
        figures={"last_seen_seconds": youngest, "alive": sum(age <= SILENT_SECONDS for age in seen.values())},
    )


def _timers(overdue_seconds: float, signs: list[Sign]) -> HealthPart:
    late = any(is_late for kind, _, seconds, is_late in signs if kind == "worker" and seconds <= SILENT_SECONDS)
    return HealthPart(
        ok=not late and overdue_seconds <= OVERDUE_SECONDS,
        figures={"oldest_overdue_seconds": overdue_seconds, "late": late},
    )


def _notifications(unsent_seconds: float, untried_seconds: float) -> HealthPart:
    """Red when nobody tries; what is tried again and again is the receiver's trouble, and a figure."""
    return HealthPart(
        ok=untried_seconds <= UNSENT_SECONDS,
        figures={"oldest_unsent_seconds": unsent_seconds, "oldest_untried_seconds": untried_seconds},
    )


def _age(moment: Any, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, round((now - moment).total_seconds(), 3))
