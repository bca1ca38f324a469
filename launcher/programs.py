"""The processes of a running place: web, worker, beat, a training place's demo, and how each is run.

`python -m launcher.programs web|worker|beat|demo|backup` becomes one of them, for machines that keep processes in their
way (containers, systemd).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from launcher import checks, connection, instance, variables
from launcher.backup import schedule
from launcher.console_output import LauncherError, say, words
from launcher.modes import keep_private
from launcher.processes import Program, bound_to_this_process

# Frames of a feed are short and many: each is written once for all, and compressing it costs more than it saves.
WEB_SOCKETS = "feed.protocol:FeedProtocol"
TLS_LOOP = "http_server.loop:Loop"
HTTP = "http_server.protocol:LimitedProtocol"
GRACE_SECONDS = 2


def web(number: int, socket: int, environ: Mapping[str, str], after_seconds: float = 0) -> Program:
    """Return one web process: a single-process uvicorn that accepts from the listening socket it inherits."""
    return _program(
        f"web-{number}",
        [*_uvicorn(environ), "--fd", str(socket)],
        environ,
        pass_fds=(socket,),
        after_seconds=after_seconds,
    )


def worker(environ: Mapping[str, str]) -> Program:
    """Return the worker: threads, since a forked child that closes the inherited pool kills its parent's connection."""
    command = [
        *_celery(),
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        "4",
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
        "--hostname",
        "worker@%h",
    ]
    return _program("worker", command, {**environ, "SIGAP_POOL_MAX": "6"})


def beat(environ: Mapping[str, str], after_seconds: float = 0) -> Program:
    """Return the beat; its schedule file lies in the state folder."""
    schedule = connection.home(environ) / "beat" / "schedule"
    schedule.parent.mkdir(parents=True, exist_ok=True)
    command = [*_celery(), "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
    return _program("beat", command, environ, after_seconds=after_seconds)


def demo(environ: Mapping[str, str], after_seconds: float = 0) -> Program:
    """Return the demo: the command of that name."""
    command = [sys.executable, "-P", str(connection.BASE_DIR / "manage.py"), "demo"]
    return _program("demo", command, environ, after_seconds=after_seconds)


def backup(environ: Mapping[str, str]) -> Program:
    """Return the scheduled backup: it signs in as the owner, ends by itself and is started again when one is due."""
    command = [sys.executable, "-P", str(connection.BASE_DIR / "manage.py"), "backup", "--scheduled"]
    schedule.begin(environ)

    def until_due() -> float:
        return schedule.seconds_until_due(environ)

    made = _program("backup", command, environ, after_seconds=until_due())
    return replace(made, environ={**made.environ, "SIGAP_DB_ROLE": "owner"}, again_seconds=until_due)


def main(name: str, environ: Mapping[str, str]) -> None:
    """Become the process of that name; web listens on HOST and PORT itself. Raises LauncherError, OSError."""
    keep_private()
    checks.refuse(checks.problems(environ))
    if name == "backup":
        _back_up_by_the_hour(environ)
    host, port = instance.address(environ)
    alone = _program("web", [*_uvicorn(environ), "--host", host, "--port", str(port)], environ)
    chosen = {"web": alone, "worker": worker(environ), "beat": beat(environ), "demo": demo(environ)}[name]
    os.execve(chosen.command[0], chosen.command, chosen.environ)


def _back_up_by_the_hour(environ: Mapping[str, str]) -> NoReturn:
    """Make a backup whenever one is due, as `up` does. Raises LauncherError where BACKUP_DIR is not set."""
    if schedule.wanted(environ) is None:
        raise LauncherError(words("BACKUP_DIR is not set: set it.", "BACKUP_DIR belum diisi: isi."))
    due = backup(environ)
    while True:
        time.sleep(schedule.seconds_until_due(environ))
        subprocess.run(
            due.command,
            env=due.environ,
            stdin=subprocess.DEVNULL,
            check=False,  # a failure is noted for /healthz, and tried again
            preexec_fn=bound_to_this_process(signal.SIGTERM),
        )


def _uvicorn(environ: Mapping[str, str]) -> list[str]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--app-dir",
        str(connection.BASE_DIR),
        "--ws",
        WEB_SOCKETS,
        "--ws-per-message-deflate",
        "false",
        "--ws-max-size",
        "4096",
        # The address that a client states is believed only where a proxy stands in front.
        "--proxy-headers" if variables.get(environ, "SIGAP_PROXIES") else "--no-proxy-headers",
        "--http",
        HTTP,
        "--lifespan",
        "on",
        "--no-server-header",
        "--no-access-log",
        "--timeout-graceful-shutdown",
        str(GRACE_SECONDS),
        "--log-level",
        "warning",
    ]
    if instance.tls(environ):
        command += [
            "--loop",
            TLS_LOOP,
            "--ssl-certfile",
            environ["SIGAP_TLS_CERT"],
            "--ssl-keyfile",
            environ["SIGAP_TLS_KEY"],
        ]
    return command


def _celery() -> list[str]:
    return [sys.executable, "-P", "-m", "celery", "-A", "config.celery"]


def _program(
    name: str,
    command: list[str],
    environ: Mapping[str, str],
    pass_fds: tuple[int, ...] = (),
    after_seconds: float = 0,
) -> Program:
    log: Path = connection.home(environ) / "log" / f"{name}.log"
    own = {
        **environ,
        "SIGAP_DB_ROLE": "app",
        "SIGAP_LOGGED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(connection.BASE_DIR),
    }
    return Program(name, tuple(command), log, own, pass_fds=pass_fds, after_seconds=after_seconds)


if __name__ == "__main__":
    try:
        main(sys.argv[1], os.environ)
    except LauncherError as error:
        say(str(error))
        sys.exit(2)
