"""The `bench` command: runs a measurement on an instance of its own and keeps what it found."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from launcher.console_output import LauncherError
from launcher.leftovers import ended_with_this_process


class Command(BaseCommand):
    """Measures one thing beside its limit."""

    help = "Run a measurement on an instance of its own; prints a table and writes JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the bench's name, how large and how long, and where to write."""
        parser.add_argument("name", choices=names(), metavar="NAME", help=", ".join(names()))
        parser.add_argument("--size", type=int, help="how many; each bench has its own default")
        parser.add_argument("--seconds", type=float, help="how long; each bench has its own default")
        parser.add_argument("--json", type=Path, help="where to write; by default bench/NAME.json in SIGAP_HOME")

    def handle(self, *_: Any, **options: Any) -> None:
        """Start the instance, measure in a process of its own, print and write."""
        before = os.getloadavg()[0]
        try:
            result = self._measure(options)
        except (LauncherError, subprocess.CalledProcessError) as error:
            raise CommandError(str(error)) from error
        path: Path = options["json"] or settings.SIGAP_HOME / "bench" / f"{options['name']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        load = import_module("bench.results").Load(before, os.getloadavg()[0], os.cpu_count() or 1)
        kept = result.as_json(commit=commit(), cpu=cpu()) | {"load": asdict(load) | {"quiet": load.quiet}}
        path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        head = f"{kept['name']}  {kept['commit'] or 'no commit'}  {kept['cpu']}"
        self.stdout.write(f"{head}\n{load.line()}\n{result.table()}\n{path}")

    def _measure(self, options: dict[str, Any]) -> Any:
        """Run `bench.NAME` where its NEEDS asks for: in a whole site, or beside a database alone."""
        places, results = import_module("bench.places"), import_module("bench.results")
        needs = needs_of(options["name"])
        instance: AbstractContextManager[Any] = places.PLACES[needs]()
        with tempfile.TemporaryDirectory() as folder, instance as (environ, url):
            out = Path(folder) / "result.json"
            words = [sys.executable, "-m", "bench", options["name"], "--out", str(out), "--url", url]
            for name in ("size", "seconds"):
                words += [f"--{name}", str(options[name])] if options[name] is not None else []
            inside = {**environ, "DJANGO_SETTINGS_MODULE": "config.settings", "SIGAP_DB_ROLE": "app"}
            with ended_with_this_process(Path(environ["SIGAP_HOME"])) as end_with_us:
                _run(words, inside, end_with_us)
            return results.result_of(json.loads(out.read_text(encoding="utf-8")))


def _run(words: list[str], environ: dict[str, str], end_with_us: Callable[[int], None]) -> None:
    """Run the measuring process in a group of its own; raises CalledProcessError."""
    with subprocess.Popen(
        words, cwd=settings.BASE_DIR, env=environ, stdin=subprocess.DEVNULL, start_new_session=True
    ) as process:
        end_with_us(process.pid)
        try:
            code = process.wait()
        except BaseException:
            process.kill()
            raise
    if code:
        raise subprocess.CalledProcessError(code, words)


def names() -> list[str]:
    """The benches there are: modules of the package that have a `run`."""
    folder = Path(settings.BASE_DIR) / "bench"
    return sorted(path.stem for path in folder.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8"))


def needs_of(name: str) -> str:
    """What a bench needs, from its line `NEEDS = "database"`; a whole place where it has none.

    Read, not imported: here the settings are of another place than the one to measure.
    """
    spec = find_spec(f"bench.{name}")
    source = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
    return "database" if '\nNEEDS = "database"\n' in source else "place"


def commit() -> str | None:
    """The commit that is measured, with a plus where files differ from it; None outside a checkout."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*", "--abbrev=12"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or None if described.returncode == 0 else None


def cpu() -> str:
    """The processor's name and how many of it this process may use."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model or platform.machine()} x {usable}"
