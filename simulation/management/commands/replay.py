"""The `replay` command: plays a real CAD log into a training place, through its HTTP API."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import make_key, revoke_key
from accounts.actors import system_actor
from accounts.queries import default_centre
from accounts.roles import Scope
from core import clock
from launcher import connection, instance
from launcher.console_output import say, words
from simulation.replay import london, reporting, san_francisco
from simulation.replay.cad_log import CadLog
from simulation.replay.http_client import ApiClient, Stopped, place_of
from simulation.replay.reading import BadFile
from simulation.replay.runner import SCOPES, Play

WRONG_WORDS = 2
FORMATS = ("sf-fire", "lfb")
TELL_EVERY_SECONDS = 5.0


def speed(text: str) -> float:
    """How many times faster than it happened; raises ArgumentTypeError."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1e9:
        raise ArgumentTypeError(words("give a number above 0", "beri angka di atas 0"))
    return found


class Command(BaseCommand):
    """Reads the whole file before anything is made, so that a bad one leaves nothing behind."""

    help = "Play a real CAD log through the HTTP API, as an outside client would. Training places only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and where to play it."""
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, plain or gzip")
        parser.add_argument("--format", required=True, choices=FORMATS, help="whose columns the file has")
        parser.add_argument("--mobilisations", type=Path, metavar="FILE2", help="lfb: the file of mobilised pumps")
        parser.add_argument("--url", help="the place to play into; left out: the one that runs here")
        parser.add_argument("--key", help=f"a key with the scopes {', '.join(SCOPES)}; left out: made and revoked")
        parser.add_argument("--speed", type=speed, metavar="X", help="times faster than it happened; left out: at once")
        parser.add_argument("--report", type=Path, metavar="OUT.json", help="where to write what became of the rows")

    def handle(self, *_: Any, **options: Any) -> None:
        """Play, and print what became of the rows."""
        try:
            cad_log = _read_log(options)
            _require_writable(options["report"])
            url, verify = _address(options["url"])
            _require_training(url, verify=verify)
            with _ended_by_sigterm(), _secret(options["key"], hours=None if options["speed"] else 24) as secret:
                self._play(cad_log, ApiClient(url, secret, verify=verify), options)
        except BadFile as error:
            raise CommandError(str(error), returncode=WRONG_WORDS) from error
        except Stopped as error:
            raise CommandError(str(error), returncode=1) from error

    def _play(self, cad_log: CadLog, client: ApiClient, options: dict[str, Any]) -> None:
        play = Play(cad_log, client)
        begun = time.monotonic()
        try:
            play.run(speed=options["speed"], progress=_Progress(begun))
        finally:
            client.close()
            files = [str(path.name) for path in (options["file"], options["mobilisations"]) if path]
            seconds = time.monotonic() - begun
            report = reporting.report(cad_log, play.counts, client, files=files, seconds=seconds)
            if options["report"]:
                reporting.write(report, options["report"])
        self.stdout.write(_summary(report))


class _Progress:
    """Prints every few seconds how far it is and how long it will take."""

    def __init__(self, begun: float) -> None:
        self._begun = self._reported_at = begun

    def __call__(self, played: int, rows: int) -> None:
        now = time.monotonic()
        if now - self._reported_at < TELL_EVERY_SECONDS or not played:
            return
        self._reported_at = now
        left = (now - self._begun) * (rows - played) / played
        say(
            words(
                f"{played:,} of {rows:,} rows, about {left:,.0f} s left",
                f"{played:,} dari {rows:,} baris, kira-kira {left:,.0f} d lagi",
            )
        )


def _read_log(options: dict[str, Any]) -> CadLog:
    if options["format"] == "lfb":
        return london.read_log(options["file"], options["mobilisations"])
    if options["mobilisations"]:
        raise BadFile(
            words(
                "--mobilisations belongs to --format lfb: leave it out.",
                "--mobilisations hanya untuk --format lfb: hilangkan.",
            )
        )
    return san_francisco.read_log(options["file"])


def _require_writable(report: Path | None) -> None:
    """Check before an hour's play, not after it."""
    if report and (report.is_dir() or not os.access(report if report.exists() else report.parent, os.W_OK)):
        raise BadFile(words(f"--report {report}: can't be written.", f"--report {report}: tidak dapat ditulis."))


def _address(given: str | None) -> tuple[str, bool]:
    """Where to play, and whether its certificate is checked: this machine's own place may have signed its own."""
    if given:
        if urlsplit(given).scheme not in {"http", "https"} or not urlsplit(given).netloc:
            raise BadFile(
                words(
                    f"--url {given!r}: give an address such as http://127.0.0.1:8112.",
                    f"--url {given!r}: beri alamat seperti http://127.0.0.1:8112.",
                )
            )
        return given, True
    at_work = instance.running(connection.home(os.environ))
    if at_work is None:
        raise Stopped(
            words(
                "no place runs here: start ./sigap up in another terminal, or name one by --url.",
                "tidak ada tempat yang berjalan: jalankan ./sigap up di terminal lain, atau sebut dengan --url.",
            )
        )
    return at_work.url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:"), False


def _require_training(url: str, *, verify: bool) -> None:
    place = place_of(url, verify=verify)
    if place == "training":
        return
    if place is None:
        raise Stopped(
            words(
                f"{url} does not say what place it is: is it a Sigap place?",
                f"{url} tidak menyebut jenis tempatnya: apakah itu tempat Sigap?",
            )
        )
    raise Stopped(
        words(
            f"{url} is a {place} place: a log is played into a training place only.",
            f"{url} adalah tempat {place}: log hanya diputar di tempat latihan.",
        )
    )


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the play as Ctrl-C does, so that the key is revoked and the report written."""

    def end(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _secret(given: str | None, *, hours: int | None) -> Iterator[str]:
    """The key given; else one made for this play, and revoked whatever happens.

    hours: after these it ends by itself, should this process be killed.
    """
    if given:
        yield given
        return
    actor = system_actor(default_centre().id, "command")
    expires_at = clock.now() + timedelta(hours=hours) if hours else None
    scopes = [Scope(scope) for scope in SCOPES]
    key, secret = make_key(actor=actor, name="replay", scopes=scopes, expires_at=expires_at)
    try:
        yield secret
    finally:
        revoke_key(actor=actor, key=key.id)


def _summary(report: dict[str, Any]) -> str:
    lines = [
        words(
            f"{report['rows']:,} rows: {report['accepted']:,} accepted, {report['repaired']:,} repaired, "
            f"{report['refused']:,} refused; {report['calls']:,} calls, {report['incidents']:,} incidents, "
            f"{report['requests']:,} requests in {report['seconds']:,.0f} s",
            f"{report['rows']:,} baris: {report['accepted']:,} diterima, {report['repaired']:,} diperbaiki, "
            f"{report['refused']:,} ditolak; {report['calls']:,} panggilan, {report['incidents']:,} kejadian, "
            f"{report['requests']:,} permintaan dalam {report['seconds']:,.0f} d",
        )
    ]
    lines += [f"  {count:>6,}  {reason}" for reason, count in report["reasons"].items()]
    return "\n".join(lines)
