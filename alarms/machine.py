"""Rule 16 for this machine: a disk that is nearly full, and scheduled backups that stay out."""

from __future__ import annotations

from alarms.system_faults import raise_trouble, standing_trouble
from core import clock, events
from core.firing.heartbeat import give_sign
from core.registry import HealthPart, SystemFault
from monitoring.health import machine

KIND = "machine"


def watch_machine() -> None:
    """Open and end rule 16 by the health of the disk and of the backups; called every two seconds."""
    disk, backup = machine.disk(), machine.backup()
    free = disk.figures.get("free_mb")  # not known where SIGAP_HOME can't be read
    _watch("disk", "disk.low", disk, "disk" if free is None else f"disk {free} MB")
    _watch("backup", "backup.late", backup, "backup")


def _watch(name: str, trouble: str, part: HealthPart, shown: str) -> None:
    if part.ok != standing_trouble(trouble):
        return
    with events.transaction():
        now = clock.now()
        source, _ = give_sign(KIND, name)
        figures = {} if part.ok else {"source": shown}
        raise_trouble(SystemFault(trouble, f"source:{source}", now, standing=not part.ok, figures=figures))
