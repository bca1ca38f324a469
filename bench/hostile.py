"""Other requests while somebody holds 2,600 connections half open and sends heads of 64 KiB to 30 MB."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from bench.live import Place
from bench.results import Measure, Options, Result, percentile

CONNECTIONS = 2_600
OF_ONE_PROCESS = 650  # so that it works with 1,024 descriptors
SECONDS = 20.0
ASKERS = 2


def run(options: Options) -> Result:
    """Measure; size: how many connections are held half open. seconds: of each part."""
    place = Place(options.url)
    seconds, size = options.seconds or SECONDS, options.size or CONNECTIONS
    quiet, _ = _asked(place, seconds)
    with _at_work("hold", place.url, size):
        held, held_failed = _asked(place, seconds)
    with _at_work("bomb", place.url, 1):
        bombed, bombed_failed = _asked(place, seconds)
    with _at_work("hold", place.url, size), _at_work("bomb", place.url, 1):
        both, both_failed = _asked(place, seconds)
    measures = []
    for name, taken, failed in (
        (f"{size:,} connections held half open", held, held_failed),
        ("heads of 64 KiB to 30 MB, one after the other", bombed, bombed_failed),
        ("both", both, both_failed),
    ):
        p95, limit = percentile(taken, 0.95), percentile(quiet, 0.95)
        measures += [
            Measure(f"{name}: another's request p95", "ms", round(p95, 1), round(limit, 1), "<= 1 s", p95 <= 1000),
            Measure(f"{name}: the longest", "ms", round(max(taken), 1), round(max(quiet), 1)),
            Measure(f"{name}: failed of {len(taken):,}", "", failed, None, "0", failed == 0),
        ]
    return Result("hostile", measures)


def _asked(place: Place, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of each request of two clients that make a connection for each, and how many failed."""
    taken: list[float] = []
    failed: list[str] = []
    ends_at = time.monotonic() + seconds
    address = urlsplit(place.url)

    def ask() -> None:
        while time.monotonic() < ends_at:
            begun_at = time.monotonic()
            client = HTTPConnection(address.hostname or "", address.port, timeout=30)
            try:
                client.request("GET", "/api/v1/board", headers={"Authorization": f"Bearer {place.key}"})
                answer = client.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(str(answer.status))
            except (OSError, HTTPException) as error:
                failed.append(type(error).__name__)
            finally:
                client.close()
            taken.append(1000 * (time.monotonic() - begun_at))
            time.sleep(0.05)

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    return taken, len(failed)


@contextmanager
def _at_work(what: str, url: str, size: int) -> Iterator[None]:
    """Attackers in processes of their own."""
    sizes = [min(OF_ONE_PROCESS, size - begun) for begun in range(0, size, OF_ONE_PROCESS)]
    words = [sys.executable, "-m", "bench.hostile_clients", what, url]
    running = [subprocess.Popen([*words, str(part)], stdout=subprocess.PIPE) for part in sizes]
    try:
        for process in running:
            process.stdout.readline()  # type: ignore[union-attr]  # it has begun
        yield
    finally:
        for process in running:
            process.kill()
            process.communicate()
