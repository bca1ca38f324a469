"""`up`: one place, prepared where something changed, then web, worker and beat until it is stopped."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from launcher import build_stamp, checks, connection, instance, programs
from launcher.backup import schedule
from launcher.console_output import LauncherError, say, words
from launcher.modes import keep_private, tighten
from launcher.processes import Program, Supervisor, bound_to_this_process
from launcher.servers import Lease

READY_SECONDS = 60
# With fewer cores than processes those that a first screen needs start first.
LATER_SECONDS = 1.5
# The play begins when the board can be opened.
DEMO_AFTER_SECONDS = 2.0
DEMO_PEOPLE = ("calltaker", "dispatcher", "supervisor", "admin", "damkar", "crew", "auditor")


def run(environ: Mapping[str, str]) -> int:
    """Run the place that the environment describes until a signal ends it; return the exit code.

    Raises LauncherError, one clear line, when it can't start.
    """
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    state = connection.home(environ)
    keep_private()
    checks.refuse(checks.problems_at_start(environ))
    host, port = instance.address(environ)
    count = instance.web_processes(environ)
    with instance.only_one(state), instance.listen(host, port) as listener:
        tighten(state)
        lease = Lease(environ, say=say)
        try:
            lease.join()
            named = connection.value(environ, "TIME_ZONE")  # the database has the centre's, which may be another
            if named or not instance.is_loopback(host) or not build_stamp.unchanged(environ):
                if code := _prepare(environ):
                    return code
                build_stamp.remember(environ)
            _serve(environ, lease, listener, host, count)
        finally:
            lease.leave(wait=True)
    return 0


def _end(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _prepare(environ: Mapping[str, str]) -> int:
    """Bring the place up to date in a process that signs in as the owner; return its exit code."""
    command = (sys.executable, str(connection.BASE_DIR / "manage.py"), "up", "--prepare-only")
    done = subprocess.run(
        command,
        check=False,
        env={**environ, "SIGAP_DB_ROLE": "owner"},
        stdin=subprocess.DEVNULL,
        preexec_fn=bound_to_this_process(signal.SIGTERM),
    )
    return done.returncode


def _serve(environ: Mapping[str, str], lease: Lease, listener: socket.socket, host: str, count: int) -> None:
    state, tls = connection.home(environ), instance.tls(environ)
    this = instance.Instance(os.getpid(), instance.url(listener, host, secure=tls), connection.place(environ))

    def changed(pids: dict[str, int]) -> None:
        this.children = pids
        this.record(state)

    supervisor = Supervisor(_programs(environ, count, listener), say=say, changed=changed)
    supervisor.listen_to_signals()
    _keep_guard(supervisor, lease)
    try:
        supervisor.start()
        if _wait_until_ready(supervisor, listener, host, tls=tls):
            this.ready = True
            changed(supervisor.pids())
            _greet(this)
            supervisor.run()
    finally:
        say(words("stopping", "menghentikan"))
        supervisor.end()


def _programs(environ: Mapping[str, str], count: int, listener: socket.socket) -> list[Program]:
    own = {**environ, "SIGAP_PLACE": connection.place(environ), "SIGAP_HOME": str(connection.home(environ))}
    later = LATER_SECONDS if (os.cpu_count() or 1) < count + 2 else 0.0
    web = [programs.web(number, listener.fileno(), own, later if number > 1 else 0) for number in range(1, count + 1)]
    played = [programs.demo(own, DEMO_AFTER_SECONDS)] if instance.demo(own) else []
    kept = [programs.backup(own)] if schedule.wanted(own) else []
    return [*web, programs.worker(own), programs.beat(own, later), *played, *kept]


def _keep_guard(supervisor: Supervisor, lease: Lease) -> None:
    """Have the guard of the embedded servers started again when it is killed."""
    pid = lease.guard_pid()
    if pid is None or not hasattr(os, "pidfd_open"):
        return

    def gone() -> None:
        os.close(descriptor)
        if not supervisor.stopping:
            say(words("the servers' guard ended; starting it again", "penjaga server berhenti; dijalankan lagi"))
            lease.join()
            _keep_guard(supervisor, lease)

    descriptor = os.pidfd_open(pid)
    supervisor.watch(descriptor, gone)


def _wait_until_ready(supervisor: Supervisor, listener: socket.socket, host: str, *, tls: bool) -> bool:
    """Turn the supervisor until a web process answers; False when the end was asked for meanwhile."""
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping:
        if _answers(host, listener.getsockname()[1], tls=tls):
            return True
        if program := supervisor.failing():
            last = _last_line(program.log)
            raise LauncherError(
                words(
                    f"{program.name} does not start: {last} (see {program.log})",
                    f"{program.name} tidak mulai: {last} (lihat {program.log})",
                )
            )
        if time.monotonic() > deadline:
            log = supervisor.programs[0].log
            raise LauncherError(
                words(f"no web process answers: see {log}.", f"tidak ada proses web yang menjawab: lihat {log}.")
            )
        supervisor.turn(0.05)
    return False


def _greet(this: instance.Instance) -> None:
    lines = [
        words(
            f"Sigap runs at {this.url}  ({this.place} place; Ctrl-C ends it)",
            f"Sigap berjalan di {this.url}  (tempat {this.place}; Ctrl-C menghentikannya)",
        )
    ]
    if this.place == "training":
        people = ", ".join(DEMO_PEOPLE)
        lines.append(words(f"Sign in as {people}; password sigap-demo", f"Masuk sebagai {people}; sandi sigap-demo"))
    else:
        lines.append(
            words(
                "One machine is for training and for a small centre that accepts it in writing; live 112 is two "
                "machines, a replica and a UPS.",
                "Satu mesin hanya untuk latihan dan pusat kecil yang menerimanya secara tertulis; 112 sesungguhnya "
                "adalah dua mesin, satu replika, dan UPS.",
            )
        )
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    sys.stdout.flush()


def _answers(host: str, port: int, *, tls: bool) -> bool:
    """Say whether a web process answers at all; the request waits in the listening socket until one accepts."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    client = (
        HTTPSConnection(target, port, timeout=1, context=ssl._create_unverified_context())  # noqa: S323
        if tls
        else HTTPConnection(target, port, timeout=1)
    )
    try:
        client.request("GET", "/healthz", headers={"Host": "localhost"})
        client.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        client.close()
    return True


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
