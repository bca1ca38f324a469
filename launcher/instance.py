"""The running `up` of a state folder: one at a time, and what others may know of it."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher import connection, variables
from launcher.console_output import LauncherError, words
from launcher.locks import PATIENCE_SECONDS, Lock, is_held
from launcher.server_supervisor import write

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
    """Be the one `up` of this state folder for the length of the block; raises LauncherError naming another one."""
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
    return variables.get(environ, "HOST"), variables.port(environ)


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches the host."""
    return host in LOOPBACK or host.startswith("127.")


def tls(environ: Mapping[str, str]) -> bool:
    """Say whether the web processes speak TLS themselves. Raises BadValue for a missing file."""
    return all(variables.get(environ, name) for name in ("SIGAP_TLS_CERT", "SIGAP_TLS_KEY"))


def demo(environ: Mapping[str, str]) -> bool:
    """Say whether the demo plays here: SIGAP_DEMO, yes by default, and in a training place only. Raises BadValue."""
    return variables.get(environ, "SIGAP_DEMO") is True and connection.place(environ) == "training"


def web_processes(environ: Mapping[str, str]) -> int:
    """Return how many web processes to run, SIGAP_WEB_PROCESSES, two by default. Raises BadValue."""
    count: int = variables.get(environ, "SIGAP_WEB_PROCESSES")
    return count


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
