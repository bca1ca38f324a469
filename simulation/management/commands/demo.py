"""The `demo` command: plays invented callers, crews and agencies in a training place until stopped."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Centre
from launcher.console_output import words
from launcher.locks import Lock
from simulation.demo.run import RATE, SEED, Play
from simulation.demo.scheduler import DemoEvent

WRONG_WORDS = 2


def positive(most: float) -> Any:
    """A number above 0 and up to `most`."""

    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = 0.0
        if not 0 < found <= most:
            raise ArgumentTypeError(
                words(f"give a number above 0, up to {most:g}", f"beri angka di atas 0, sampai {most:g}")
            )
        return found

    return read


class Command(BaseCommand):
    """Plays until SIGTERM or Ctrl-C; what is open then is taken up by the next run."""

    help = "Play callers, operators, crews and agencies of Sumenep until stopped. Training places only."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the rate, the seed and the speed."""
        parser.add_argument("--rate", type=positive(3600), default=RATE, help="calls an hour; 60")
        parser.add_argument("--seed", type=int, default=SEED, help="the same seed gives the same events")
        parser.add_argument("--speed", type=positive(1000), default=1.0, help="times faster than it would happen")

    def handle(self, *_: Any, rate: float, seed: int, speed: float, **__: Any) -> None:
        """Play. Raises CommandError in a live place, and where a demo plays already."""
        if settings.SIGAP_PLACE != "training":
            raise CommandError(
                words(
                    "This is a live place: the demo plays in a training place only.",
                    "Ini tempat sesungguhnya: demo hanya bermain di tempat latihan.",
                ),
                returncode=WRONG_WORDS,
            )
        centre = Centre.objects.order_by("code").first()
        if centre is None:
            raise CommandError(
                words(
                    "This place is empty: run load_defaults first.",
                    "Tempat ini masih kosong: jalankan load_defaults dulu.",
                ),
                returncode=WRONG_WORDS,
            )
        lock = Lock(Path(settings.SIGAP_HOME) / "run" / "demo.lock")
        if not lock.try_take(patience_seconds=1.0):
            raise CommandError(
                words(
                    "A demo plays here already: ./sigap up starts one; SIGAP_DEMO=0 keeps it from doing so.",
                    "Demo sudah bermain di sini: ./sigap up memulainya; SIGAP_DEMO=0 mencegahnya.",
                ),
                returncode=WRONG_WORDS,
            )
        play = Play(centre, rate=rate, seed=seed, speed=speed, tell=self._tell)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: play.stop())
        play.run()

    def _tell(self, event: DemoEvent) -> None:
        at, what, details = event
        minutes, seconds = divmod(int(abs(at)), 60)
        sign = "-" if at < 0 else " "
        self.stdout.write(f"{sign}{minutes:>4}:{seconds:02} {what} {' '.join(map(str, details))}")
        self.stdout.flush()
