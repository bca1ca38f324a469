"""The `up` command: brings the place up to date and runs web, worker and beat until told to stop."""

import os
import socket
import ssl
import time
from argparse import ArgumentParser
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from core.launcher import instance, place, programs, servers
from core.launcher.processes import Program, Supervisor
from core.launcher.words import LauncherError, say, words

READY_SECONDS = 60
DEMO_PEOPLE = ("calltaker", "dispatcher", "supervisor", "admin", "damkar", "crew", "auditor")


class Command(BaseCommand):
    """Starts everything and keeps it running."""

    help = "Start the place: embedded servers unless URLs are given, web, worker and beat; Ctrl-C ends all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --live, which manage.py has already turned into SIGAP_PLACE, and --prepare-only."""
        parser.add_argument("--live", action="store_true", help="the live place: own database, no demo")
        parser.add_argument("--prepare-only", action="store_true",
                            help="bring schema, defaults and static files up to date, start nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run until a signal ends it; a start that can't be is one clear line."""
        try:
            if options["prepare_only"]:
                place.prepare(say=say)
                self._first_admin()
            else:
                with instance.only_one(settings.SIGAP_HOME):
                    self._run()
        except LauncherError as error:
            raise CommandError(str(error)) from error

    def _run(self) -> None:
        host, port = instance.address(os.environ)
        count = instance.web_processes(os.environ)
        place.prepare(say=say)
        self._refuse_exposure(host)
        with instance.listen(host, port) as listener:
            tls = bool(os.environ.get("SIGAP_TLS_CERT"))
            this = instance.Instance(os.getpid(), instance.url(listener, host, tls=tls), settings.SIGAP_PLACE)

            def changed(pids: dict[str, int]) -> None:
                this.children = pids
                this.record(settings.SIGAP_HOME)

            supervisor = Supervisor(self._programs(count, listener), say=say, changed=changed)
            supervisor.listen_to_signals()
            lease = servers.Lease(os.environ, say=say)
            lease.join()
            _keep_guard(supervisor, lease)
            try:
                supervisor.start()
                if self._wait_until_ready(supervisor, listener, host, tls=tls):
                    this.ready = True
                    changed(supervisor.pids())
                    self._greet(this)
                    supervisor.run()
            finally:
                say(words("stopping", "menghentikan"))
                supervisor.end()
                lease.leave(wait=False)

    def _programs(self, count: int, listener: socket.socket) -> list[Program]:
        environ = {**os.environ, "SIGAP_PLACE": settings.SIGAP_PLACE, "SIGAP_HOME": str(settings.SIGAP_HOME)}
        web = [programs.web(number, listener.fileno(), environ) for number in range(1, count + 1)]
        return [*web, programs.worker(environ), programs.beat(environ)]

    def _refuse_exposure(self, host: str) -> None:
        """Ask the check that settings name whether this place may be reached from beyond this machine."""
        if instance.is_loopback(host):
            return
        check: Callable[[], str | None] = import_string(settings.SIGAP_EXPOSURE_CHECK)
        if reason := check():
            raise LauncherError(reason)

    def _wait_until_ready(self, supervisor: Supervisor, listener: socket.socket, host: str, *, tls: bool) -> bool:
        """Turn the supervisor until a web process answers; False when the end was asked for meanwhile."""
        deadline = time.monotonic() + READY_SECONDS
        while not supervisor.stopping:
            if _answers(host, listener.getsockname()[1], tls=tls):
                return True
            if time.monotonic() > deadline:
                log = settings.SIGAP_HOME / "log" / "web-1.log"
                raise LauncherError(words(f"no web process answers: see {log}.",
                                          f"tidak ada proses web yang menjawab: lihat {log}."))
            supervisor.turn(0.05)
        return False

    def _greet(self, this: instance.Instance) -> None:
        self.stdout.write(words(f"\nSigap runs at {this.url}  ({this.place} place; Ctrl-C ends it)",
                                f"\nSigap berjalan di {this.url}  (tempat {this.place}; Ctrl-C menghentikannya)"))
        if this.place == "training":
            self.stdout.write(words(f"Sign in as {', '.join(DEMO_PEOPLE)}; password sigap-demo",
                                    f"Masuk sebagai {', '.join(DEMO_PEOPLE)}; sandi sigap-demo"))
        else:
            self.stdout.write(words(
                "One machine is for training and for a small centre that accepts it in writing; live 112 is two "
                "machines, a replica and a UPS.",
                "Satu mesin hanya untuk latihan dan pusat kecil yang menerimanya secara tertulis; 112 sesungguhnya "
                "adalah dua mesin, satu replika, dan UPS."))
            self._first_admin()
        self.stdout.flush()

    def _first_admin(self) -> None:
        """In a live place without an admin, make one and print its one-time password."""
        if settings.SIGAP_PLACE == "live":
            call_command("create_first_admin", stdout=self.stdout)


def _keep_guard(supervisor: Supervisor, lease: servers.Lease) -> None:
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


def _answers(host: str, port: int, *, tls: bool) -> bool:
    """Say whether a web process answers at all; the request waits in the listening socket until one accepts."""
    target = _reached_at(host)
    client: HTTPConnection = (HTTPSConnection(target, port, timeout=1, context=ssl._create_unverified_context())  # noqa: S323
                              if tls else HTTPConnection(target, port, timeout=1))
    try:
        client.request("GET", "/healthz", headers={"Host": "localhost"})
        client.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        client.close()
    return True


def _reached_at(host: str) -> str:
    """Return the address at which this machine reaches a listener on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
