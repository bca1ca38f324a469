"""From a fresh clone to a site that answers, and a second start: with empty caches, and with those of the first clone.

There is no limit beside it: the time is unpacking, creating a database and starting processes. The servers that a
bench has rest meanwhile.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.results import Measure, Options, Result
from launcher import instance, sandbox
from launcher.connection import BASE_DIR

NEEDS = "database"
FRESH_AIM, SECOND_AIM = 60, 5
MOST_SECONDS = 600.0
PAUSE_SECONDS = 0.1


def run(options: Options) -> Result:  # noqa: ARG001 - as every bench
    """Measure. Raises RuntimeError where a site does not answer within MOST_SECONDS."""
    with tempfile.TemporaryDirectory(prefix="sigap-bench-start-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        root.chmod(0o755)  # where PostgreSQL runs under another account it must come through
        home = root / "home"
        home.mkdir()
        first, second = _clone(root / "first"), _clone(root / "second")
        with _started(first, home) as empty_caches:
            pass
        with _started(second, home) as warm_caches:
            pass
        with _started(second, home) as again:
            ended_at = time.monotonic()
        ended = time.monotonic() - ended_at
    return Result(
        "start",
        [
            _measure("fresh clone to /healthz, caches of the first clone", warm_caches, FRESH_AIM),
            _measure("fresh clone to /healthz, empty caches", empty_caches, FRESH_AIM),
            _measure("second start to /healthz", again, SECOND_AIM),
            _measure("SIGTERM to the end of all", ended),
        ],
    )


def _measure(name: str, seconds: float, aim: int | None = None) -> Measure:
    return Measure(name, "s", round(seconds, 1), None, f"<= {aim}" if aim else "", seconds <= aim if aim else None)


def _clone(into: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(BASE_DIR), str(into)], check=True)
    return into


@contextmanager
def _started(checkout: Path, home: Path) -> Iterator[float]:
    """A site of a checkout, started as in the README; gives the seconds until it answered."""
    environ = {name: value for name, value in os.environ.items() if name not in sandbox.FOREIGN}
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "XDG_CACHE_HOME", "UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache"):
        environ.pop(name, None)
    state = checkout / "var"
    environ |= {"HOME": str(home), "PORT": "0", "SIGAP_DEMO": "0", "SIGAP_HOME": str(state), "SIGAP_PLACE": "training"}
    begun_at = time.monotonic()
    with (checkout.parent / f"{checkout.name}.log").open("ab") as log:
        site = subprocess.Popen(
            ["./sigap", "up"], cwd=checkout, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        while not _answers(state):
            if site.poll() is not None or time.monotonic() - begun_at > MOST_SECONDS:
                raise RuntimeError((checkout.parent / f"{checkout.name}.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(PAUSE_SECONDS)
        yield time.monotonic() - begun_at
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(timeout=60)


def _answers(state: Path) -> bool:
    at_work = instance.running(state)
    if at_work is None or not at_work.ready:
        return False
    try:
        with urllib.request.urlopen(f"{at_work.url.rstrip('/')}/healthz", timeout=2) as answer:  # noqa: S310 - its own
            return bool(answer.status == 200)
    except OSError:
        return False
