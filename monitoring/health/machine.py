"""The state of this machine: the free space where the state lies, and how old the last backup is."""

from __future__ import annotations

import shutil
import time

from django.conf import settings

from core.registry import HealthPart
from launcher.backup.schedule import status

MEGABYTE = 1_000_000
# A backup that is older than so many intervals was missed.
INTERVALS = 2


def disk() -> HealthPart:
    """The free space of the disk that holds SIGAP_HOME; not ok below the larger of the two bounds of the settings."""
    try:
        usage = shutil.disk_usage(settings.SIGAP_HOME)
    except OSError as error:
        return HealthPart(ok=False, figures={"message": f"SIGAP_HOME can't be read: {error.strerror}"})
    free_percent = round(100 * usage.free / usage.total, 1) if usage.total else 0.0
    least = max(settings.DISK_FREE_MB * MEGABYTE, usage.total * settings.DISK_FREE_PERCENT / 100)
    figures: dict[str, object] = {"free_mb": usage.free // MEGABYTE, "free_percent": free_percent}
    if usage.free < least:
        figures["message"] = (
            f"{usage.free // MEGABYTE} MB ({free_percent} %) free where SIGAP_HOME lies, less than "
            f"{round(least / MEGABYTE)} MB: make room before PostgreSQL stops"
        )
    return HealthPart(ok=usage.free >= least, figures=figures)


def backup() -> HealthPart:
    """The age of the last scheduled backup of this machine; not ok past twice the interval."""
    if not settings.BACKUP_DIR:
        return HealthPart(ok=True, figures={"scheduled": False})
    found, now, every = status(settings.SIGAP_HOME), time.time(), settings.BACKUP_EVERY * 3600
    done_at = found.done_at if found else None
    age = None if done_at is None else max(0.0, now - done_at)
    waited = age if age is not None else (now - found.since if found else 0.0)
    figures: dict[str, object] = {
        "scheduled": True,
        "every_seconds": every,
        "last_success_seconds": None if age is None else round(age),
        "failed_since": bool(found and found.failed_at),
    }
    if waited > INTERVALS * every:
        last = "none has been made" if age is None else f"the last is {age / 3600:.1f} h old"
        figures["message"] = f"backups are due every {settings.BACKUP_EVERY} h and {last}: see log/backup.log"
    return HealthPart(ok=waited <= INTERVALS * every, figures=figures)
