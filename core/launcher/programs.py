"""The processes of a running place: web, worker and beat, and how each is run."""

import sys
from collections.abc import Mapping
from pathlib import Path

from core.launcher import connection
from core.launcher.processes import Program

# Frames of a feed are short and many: compressing each costs more than it saves.
WEB_SOCKETS = "websockets-sansio"
GRACE_SECONDS = 2


def web(number: int, socket: int, environ: Mapping[str, str]) -> Program:
    """Return one web process: a single-process uvicorn that accepts from the listening socket it inherits."""
    command = [sys.executable, "-P", "-m", "uvicorn", "config.asgi:application", "--fd", str(socket),
               "--app-dir", str(connection.BASE_DIR), "--ws", WEB_SOCKETS, "--ws-per-message-deflate", "false",
               "--http", "httptools", "--lifespan", "on", "--no-server-header", "--no-access-log",
               "--timeout-graceful-shutdown", str(GRACE_SECONDS), "--log-level", "warning"]
    certificate, key = environ.get("SIGAP_TLS_CERT"), environ.get("SIGAP_TLS_KEY")
    if certificate and key:
        command += ["--ssl-certfile", certificate, "--ssl-keyfile", key]
    return _program(f"web-{number}", command, environ, pass_fds=(socket,))


def worker(environ: Mapping[str, str]) -> Program:
    """Return the worker: threads, since a forked child that closes the inherited pool kills its parent's connection."""
    command = [*_celery(), "worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING",
               "--without-gossip", "--without-mingle", "--hostname", "worker@%h"]
    return _program("worker", command, {**environ, "SIGAP_POOL_MAX": "6"})


def beat(environ: Mapping[str, str]) -> Program:
    """Return the beat; its schedule file lies in the state folder."""
    schedule = connection.home(environ) / "beat" / "schedule"
    schedule.parent.mkdir(parents=True, exist_ok=True)
    command = [*_celery(), "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
    return _program("beat", command, environ)


def _celery() -> list[str]:
    return [sys.executable, "-P", "-m", "celery", "-A", "config.celery"]


def _program(name: str, command: list[str], environ: Mapping[str, str], pass_fds: tuple[int, ...] = ()) -> Program:
    log: Path = connection.home(environ) / "log" / f"{name}.log"
    own = {**environ, "SIGAP_DB_ROLE": "app", "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1",
           "PYTHONPATH": str(connection.BASE_DIR)}
    return Program(name=name, command=tuple(command), log=log, environ=own, pass_fds=pass_fds)
