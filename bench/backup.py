"""How long a backup and a restore take at 100,000 incidents, and what people who write meanwhile notice of it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.board_rows import World, _superuser
from bench.events import BenchEvent
from bench.results import Measure, Options, Result, percentile
from core import event_log, events
from core.models import Event
from launcher import connection as launcher
from launcher import sandbox
from launcher.backup import folder, making, tools

NEEDS = "database"
SIZE = 100_000
CALM_SECONDS = 10.0
WRITES_PER_SECOND = 25
BACKUP_AIM, RESTORE_AIM = 120.0, 900.0


def run(options: Options) -> Result:
    """Measure; size: how many incidents. Other ways of copying are measured beside ours, each as it would be used."""
    call_command("load_defaults", verbosity=0)
    size = options.size or SIZE
    World().grow(size)
    _chain()
    environ = {**os.environ, "SIGAP_DB_ROLE": "owner"}
    with tempfile.TemporaryDirectory(prefix="sigap-bench-backup-") as place:
        kept = Path(place)
        with _writing() as calm:
            time.sleep(CALM_SECONDS)
        bare = _seconds(lambda: _dump(environ, "none", None))
        with _writing() as meanwhile:
            ours = _seconds(lambda: making.make(environ, kept / "ours", say=lambda _: None))
        dumped = (kept / "ours" / folder.DUMP).stat().st_size / 1e6
        harder = _seconds(lambda: _dump(environ, "gzip:6", kept / "harder"))
        base = _seconds(lambda: _base_backup(kept / "base"))
        based = sum(path.stat().st_size for path in (kept / "base").rglob("*") if path.is_file()) / 1e6
        restored = _seconds(lambda: _restore(kept / "ours", kept / "home"))
    database = _database_size(environ) / 1e6
    return Result(
        "backup",
        [
            Measure(f"backup, {size:,} incidents", "s", ours, bare, f"<= {BACKUP_AIM:.0f} s", ours <= BACKUP_AIM),
            Measure(
                "restore, checks included", "s", restored, None, f"<= {RESTORE_AIM:.0f} s", restored <= RESTORE_AIM
            ),
            Measure("size of the dump; limit: the database", "MB", dumped, database),
            Measure("pg_dump with gzip:6", "s", harder, bare),
            Measure("pg_basebackup with its WAL, gzip:1", "s", base, bare),
            Measure("size of it", "MB", based, database),
            Measure("a write meanwhile, p50", "ms", percentile(meanwhile, 0.5), percentile(calm, 0.5)),
            Measure("a write meanwhile, p99", "ms", percentile(meanwhile, 0.99), percentile(calm, 0.99)),
        ],
    )


def _chain() -> None:
    """Give the copied facts bodies and hashes of their own: a restore walks the chain."""
    seq, previous = 0, event_log.GENESIS
    with _superuser() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("CREATE TEMPORARY TABLE chained (seq bigint PRIMARY KEY, body text, hash bytea)")
        while rows := Event.objects.filter(seq__gt=seq).order_by("seq")[:5000]:
            with cursor.copy("COPY chained FROM STDIN") as copy:
                for row in rows:
                    body = json.dumps(event_log.columns_of(row), ensure_ascii=False)
                    previous, seq = hashlib.sha256(previous + body.encode()).digest(), row.seq
                    copy.write_row((seq, body, previous))
        cursor.execute("UPDATE core_event e SET body = c.body, hash = c.hash FROM chained c WHERE c.seq = e.seq")
        cursor.execute("VACUUM (FULL, ANALYZE) core_event")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


@contextmanager
def _writing() -> Iterator[list[float]]:
    """Append facts at an even rate for the length of the block; the list holds how long each took, in milliseconds."""
    taken: list[float] = []
    ended = threading.Event()

    def write() -> None:
        while not ended.wait(1 / WRITES_PER_SECOND):
            begun = time.monotonic()
            with events.transaction():
                events.append(BenchEvent.BENCH_WRITTEN, actor="system:bench", subjects=["centre:1"])
            taken.append((time.monotonic() - begun) * 1000)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield taken
    finally:
        ended.set()
        thread.join()


def _dump(environ: dict[str, str], compression: str, target: Path | None) -> None:
    command: list[str | Path] = [tools.program("pg_dump"), "--format=custom", f"--compress={compression}"]
    command += [f"--file={target}"] if target else []  # else to standard output, which is thrown away
    tools.run(environ, [*command, f"--dbname={tools.conninfo(environ)}"])


def _base_backup(target: Path) -> None:
    """The whole cluster, as the superuser."""
    state = launcher.home(os.environ)
    password = launcher.secret_path(state, "postgres").read_text(encoding="ascii").strip()
    command: list[str | Path] = [tools.program("pg_basebackup"), "--format=tar", "--compress=gzip:1"]
    command += ["--wal-method=stream", "--checkpoint=fast", "--username=postgres", f"--pgdata={target}"]
    command.append(f"--host={launcher.socket_folder(state, 'postgres')}")
    subprocess.run(command, check=True, env={**os.environ, "PGPASSWORD": password}, stdin=subprocess.DEVNULL)


def _restore(source: Path, home: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in sandbox.FOREIGN}
    home.mkdir()
    for path in (home.parent, home):
        path.chmod(0o755)  # where PostgreSQL runs under another account it must come through
    command = [sys.executable, str(launcher.BASE_DIR / "manage.py"), "restore", str(source)]
    subprocess.run(command, check=True, env={**kept, "SIGAP_HOME": str(home)}, stdin=subprocess.DEVNULL)


def _database_size(environ: dict[str, str]) -> int:
    with tools.session(environ) as owner:
        row = owner.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0
