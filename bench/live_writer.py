"""Writes facts through a real action at a rate: `python -m bench.live_writer RATE SECONDS INCIDENT ...`.

RATE 0: SECONDS is a number of facts, written as fast as four threads can. Prints one line for each fact: its seq and
the moment (CLOCK_MONOTONIC, seconds) before the log was written and the transaction committed.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from uuid import UUID

import django

django.setup()

from accounts.models import User  # noqa: E402 - Django must be up before its models can be imported
from accounts.queries import actor_of_user  # noqa: E402
from core import events  # noqa: E402
from dispatch.actions.notes import add_note  # noqa: E402

THREADS = 4


def main(rate: float, amount: float, incidents: list[UUID]) -> None:
    """Write, and say what was written when."""
    actor = actor_of_user(User.objects.get(username="dispatcher"))
    total = int(rate * amount) if rate else int(amount)
    turns, begun_at = itertools.count(), time.monotonic()
    written: list[tuple[int, float]] = []

    def write() -> None:
        for turn in turns:
            if turn >= total:
                return
            if rate:
                time.sleep(max(0.0, begun_at + turn / rate - time.monotonic()))
            with events.transaction() as opened:
                add_note(actor=actor, incident=incidents[turn % len(incidents)], text=f"note {turn}")
                before = time.monotonic()
            written.extend((fact.seq or 0, before) for fact in opened.facts)

    threads = [threading.Thread(target=write) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write("".join(f"{seq} {moment:.6f}\n" for seq, moment in sorted(written)))


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), [UUID(word) for word in sys.argv[3:]])
