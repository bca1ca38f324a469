"""Clocks that are killed: two processes with the product's own clock, one of them killed every 0.3 s and made anew.

They are forked from one that has loaded everything, since a Celery worker takes longer to start than to be killed here.
Ends with SIGTERM; prints how many it killed.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time

import django

django.setup()

from bench.timers_fixture import REGISTRY  # noqa: E402 - needs the apps
from core.firing import Clock  # noqa: E402

EVERY_SECONDS = 0.3
ALIVE = 2


def born(name: str) -> int:
    """Fork a clock; returns its process id."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Clock(REGISTRY, name=name).start()
    while True:
        signal.pause()


def main() -> None:
    """Kill and replace in turn until SIGTERM."""
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    alive = [born(f"mortal{number}@bench") for number in range(ALIVE)]
    killed = 0
    print("ready", flush=True)
    for turn in itertools.cycle(range(ALIVE)):
        time.sleep(EVERY_SECONDS)
        if ended:
            break
        os.kill(alive[turn], signal.SIGKILL)
        os.waitpid(alive[turn], 0)
        alive[turn] = born(f"mortal{turn}@bench")
        killed += 1
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    print(killed, flush=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
