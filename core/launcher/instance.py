"""The running `up` of a state folder: one at a time, and what others may know of it."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from core.launcher import connection
from core.launcher.guard import write
from core.launcher.locks import PATIENCE_SECONDS, Lock, is_held
from core.launcher.words import LauncherError, words

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8112
LOOPBACK = {"localhost", "::1"}


@dataclass
class Instance:
    """What runs: the process id of `up`, its address, place, children by name, and whether it answers yet."""

    pid: int
    url: str
    place: str
    children: dict[str, int] = field(default_factory=dict)
    ready: bool = False

    def record(self, state: Path) -> None:
        """Write it down for other programs of this state folder."""
        write(state / "run" / "up.json", asdict(self))


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Be the one `up` of this state folder for the length of the block; raises LauncherError saying which one runs."""
    lock = Lock(state / "run" / "up.lock")
    try:
        if not lock.try_take(patience_seconds=PATIENCE_SECONDS):
            other = running(state)
            what = f"{other.url} ({other.place}, pid {other.pid})" if other else str(state)
            raise LauncherError(
                words(
                    f"already running: {what}. Stop it first, or set SIGAP_HOME for another.",
                    f"sudah berjalan: {what}. Hentikan dulu, atau isi SIGAP_HOME untuk yang lain.",
                )
            )
        yield
        (state / "run" / "up.json").unlink(missing_ok=True)
    finally:
        lock.close()


def running(state: Path) -> Instance | None:
    """Return the instance that runs in this state folder, None when none does or it has just begun."""
    if not is_held(state / "run" / "up.lock"):
        return None
    try:
        return Instance(**json.loads((state / "run" / "up.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def address(environ: Mapping[str, str]) -> tuple[str, int]:
    """Return HOST and PORT; port 0 lets the system choose. Raises BadValue."""
    host = environ.get("HOST") or DEFAULT_HOST
    port = environ.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65535:
        raise connection.BadValue(
            words(
                f"PORT is {port!r}: it must be a number up to 65535.",
                f"PORT berisi {port!r}: harus angka sampai 65535.",
            )
        )
    return host, int(port)


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches the host."""
    return host in LOOPBACK or host.startswith("127.")


def tls(environ: Mapping[str, str]) -> bool:
    """Say whether the web processes speak TLS themselves. Raises BadValue for half a pair or a missing file."""
    files = {name: environ.get(name) for name in ("SIGAP_TLS_CERT", "SIGAP_TLS_KEY")}
    if not any(files.values()):
        return False
    for name, path in files.items():
        if not path or not os.access(path, os.R_OK):
            raise connection.BadValue(
                words(
                    f"{name} must name a file that can be read: certificate and key go together.",
                    f"{name} harus menyebut berkas yang terbaca: sertifikat dan kunci berpasangan.",
                )
            )
    return True


def demo(environ: Mapping[str, str]) -> bool:
    """Say whether the demo plays here: SIGAP_DEMO, yes by default, and in a training place only. Raises BadValue."""
    given = (environ.get("SIGAP_DEMO") or "1").lower()
    if given not in {"0", "1", "true", "false", "yes", "no"}:
        raise connection.BadValue(
            words(f"SIGAP_DEMO is {given!r}: it must be 0 or 1.", f"SIGAP_DEMO berisi {given!r}: harus 0 atau 1.")
        )
    return given in {"1", "true", "yes"} and connection.place(environ) == "training"


def web_processes(environ: Mapping[str, str]) -> int:
    """Return how many web processes to run, SIGAP_WEB_PROCESSES, two by default. Raises BadValue."""
    given = environ.get("SIGAP_WEB_PROCESSES") or "2"
    if not given.isdecimal() or not 1 <= int(given) <= 64:
        raise connection.BadValue(
            words(
                f"SIGAP_WEB_PROCESSES is {given!r}: it must be a number from 1 to 64.",
                f"SIGAP_WEB_PROCESSES berisi {given!r}: harus angka 1 sampai 64.",
            )
        )
    return int(given)


def listen(host: str, port: int) -> socket.socket:
    """Return the socket that all web processes accept from; raises LauncherError when the address can't be had."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Given by --fd, uvicorn takes it for a Unix socket and leaves Nagle on: each answer would wait 40 ms for the
        # client's delayed ACK. Accepted sockets inherit this.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(target)
        listener.listen(2048)
    except OSError as error:
        raise LauncherError(
            words(
                f"can't listen on {host}:{port}: {error.strerror}; set HOST or PORT.",
                f"{host}:{port} tidak dapat dibuka: {error.strerror}; isi HOST, PORT.",
            )
        ) from error
    return listener


def url(listener: socket.socket, host: str, *, secure: bool) -> str:
    """Return the address to open in a browser."""
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{listener.getsockname()[1]}/"
