"""`test`: sees to a browser and the translations, then becomes pytest, in several processes for the whole suite."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from launcher import browser
from launcher.bytecode import keep_bytecode
from launcher.connection import BASE_DIR
from launcher.console_output import say
from launcher.messages import compile_messages

# Set for another command: the root conftest makes the suite's own.
FOREIGN = ("DJANGO_SETTINGS_MODULE", "SIGAP_DB_ROLE")
# Each process has servers of its own, some 300 MB with a browser; more than these would wait for the longest file.
MOST_PROCESSES = 4
# Servers that are given can't be had twice.
GIVEN = ("DATABASE_URL", "REDIS_URL")
# Words by which somebody decides it, or that want the tests in the terminal's own process.
DECIDED = ("-n", "--numprocesses", "--dist", "--tx", "--pdb", "--trace", "-s", "--capture=no", "-p")


def run(options: list[str]) -> NoReturn:
    """Replace this process by pytest with these words; raises LauncherError when no browser can be had."""
    os.chdir(BASE_DIR)
    compile_messages(BASE_DIR)
    os.environ["SIGAP_CHROMIUM"] = browser.ensure(os.environ, say=say)
    for name in FOREIGN:
        os.environ.pop(name, None)
    keep_bytecode(os.environ, BASE_DIR / "var")
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *spread(options, os.environ), *options])


def spread(options: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Return the words that spread these tests over processes, one more than cores: none for a file or two.

    Part of what a process does is waiting, for what must not happen yet or for another program.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    processes = min(cores + 1, MOST_PROCESSES)
    decided = any(option.startswith(DECIDED) for option in options)
    files = [option for option in options if Path(BASE_DIR, option.partition("::")[0]).is_file()]
    if cores < 2 or decided or files or any(environ.get(name) for name in GIVEN):
        return []
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]
