"""Where the database, the broker and the state are: read from the environment, pure, without Django."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypedDict
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from launcher import kinds
from launcher.console_output import LauncherError, words

Role = Literal["owner", "app"]
ROLES: tuple[Role, Role] = ("owner", "app")
PLACES = ("training", "live")
BASE_DIR = Path(__file__).resolve().parent.parent
# sockaddr_un holds 108 bytes with the closing zero; PostgreSQL and Valkey both refuse a longer path.
LONGEST_SOCKET_PATH = 107
# A database host that vanished without a word is noticed within 10 s (milliseconds; ignored on a local socket).
LIVELY: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
SOCKET_NAMES = {"postgres": ".s.PGSQL.5432", "valkey": "valkey.sock"}


class Database(TypedDict):
    """The pieces of Django's DATABASES["default"] that say where the database is."""

    ENGINE: str
    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: str
    OPTIONS: dict[str, str]


class BadValue(LauncherError, ValueError):
    """An environment variable holds what can't be used; the text is one line that names it."""


def value(environ: Mapping[str, str], name: str) -> str | None:
    """Return the variable `name`, or the content of the file that `name`_FILE names (a mounted secret).

    Raises BadValue when both are given or the file can't be read. An empty variable counts as absent.
    """
    plain, path = environ.get(name) or None, environ.get(f"{name}_FILE") or None
    if path is None:
        return plain
    if plain is not None:
        raise BadValue(
            words(
                f"{name} and {name}_FILE are both set: keep one.",
                f"{name} dan {name}_FILE diisi keduanya: pakai salah satu.",
            )
        )
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise BadValue(
            words(f"{name}_FILE: can't read {path}: {reason}.", f"{name}_FILE: {path} tidak terbaca: {reason}.")
        ) from error


def home(environ: Mapping[str, str]) -> Path:
    """Return the folder of all state: SIGAP_HOME, by default `var` in the checkout; absolute."""
    given = environ.get("SIGAP_HOME")
    return Path.cwd() / given if given else BASE_DIR / "var"


def place(environ: Mapping[str, str]) -> str:
    """Return `training` or `live`, from SIGAP_PLACE; raises BadValue for anything else."""
    given = environ.get("SIGAP_PLACE") or "training"
    if given not in PLACES:
        raise BadValue(
            words(
                f"SIGAP_PLACE is {given!r}: it must be training or live.",
                f"SIGAP_PLACE berisi {given!r}: harus training atau live.",
            )
        )
    return given


def role(environ: Mapping[str, str]) -> Role:
    """Return the database role of this process, from SIGAP_DB_ROLE: `app` unless it is `owner`."""
    given = environ.get("SIGAP_DB_ROLE") or "app"
    for known in ROLES:
        if given == known:
            return known
    raise BadValue(
        words(
            f"SIGAP_DB_ROLE is {given!r}: it must be owner or app.",
            f"SIGAP_DB_ROLE berisi {given!r}: harus owner atau app.",
        )
    )


def embedded(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return which of `postgres` and `valkey` this environment leaves to the launcher."""
    servers = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return tuple(server for server, name in servers.items() if value(environ, name) is None)


def secret_path(state: Path, name: str) -> Path:
    """Return the file that holds the embedded server's password `name` (owner, app, postgres)."""
    return state / "secrets" / f"database_{name}"


def socket_folder(state: Path, server: str) -> Path:
    """Return the folder of the server's socket: its own folder, or where the path is too long the recorded one."""
    own = state / server / "socket"
    if len(os.fsencode(own / SOCKET_NAMES[server])) <= LONGEST_SOCKET_PATH:
        return own
    record = state / server / "socket_folder"
    return Path(record.read_text(encoding="utf-8").strip()) if record.exists() else own


def make_socket_folder(state: Path, server: str) -> Path:
    """Create, mode 0700, the folder that `socket_folder` then returns; a lost temporary one is made anew."""
    folder = socket_folder(state, server)
    own = state / server / "socket"
    own.parent.mkdir(parents=True, exist_ok=True)
    if len(os.fsencode(own / SOCKET_NAMES[server])) <= LONGEST_SOCKET_PATH:
        own.mkdir(mode=0o700, exist_ok=True)
        return own
    if folder != own and folder.is_dir() and folder.lstat().st_mode & 0o077 == 0:
        return folder
    # The fixed /tmp rather than TMPDIR, which may itself be too deep.
    folder = Path(tempfile.mkdtemp(prefix="sigap-", dir="/tmp"))
    (state / server / "socket_folder").write_text(f"{folder}\n", encoding="utf-8")
    return folder


def database(environ: Mapping[str, str], as_role: Role) -> Database:
    """Return where the database is for `as_role`: DATABASE_URL or DATABASE_OWNER_URL, else the embedded server.

    The owner of an installation with DATABASE_URL alone is that one role. A password may stand apart from its URL, in
    DATABASE_PASSWORD or DATABASE_OWNER_PASSWORD. Raises BadValue for a malformed URL.
    """
    if url := value(environ, "DATABASE_URL"):
        name = "DATABASE"
        if as_role == "owner" and (owner_url := value(environ, "DATABASE_OWNER_URL")):
            name, url = "DATABASE_OWNER", owner_url
        found = _from_url(f"{name}_URL", url)
        if not found["PASSWORD"]:
            found["PASSWORD"] = value(environ, f"{name}_PASSWORD") or ""
        return found
    state = home(environ)
    secret = secret_path(state, as_role)
    return Database(
        ENGINE="django.db.backends.postgresql",
        NAME=f"sigap_{place(environ)}",
        USER=f"sigap_{as_role}",
        PASSWORD=secret.read_text(encoding="utf-8").strip() if secret.exists() else "",
        HOST=str(socket_folder(state, "postgres")),
        PORT="5432",
        OPTIONS={},
    )


def parameters(environ: Mapping[str, str], as_role: Role) -> dict[str, Any]:
    """Return where the database is for libpq, without the password."""
    pieces = database(environ, as_role)
    given: dict[str, Any] = {
        "dbname": pieces["NAME"],
        "user": pieces["USER"],
        "host": pieces["HOST"],
        "port": pieces["PORT"],
        "connect_timeout": LIVELY["connect_timeout"],
        **pieces["OPTIONS"],
    }
    return {name: value for name, value in given.items() if value}


def unreachable(error: Exception) -> str:
    """Return in one line why the database can't be reached."""
    reason = " ".join(str(error).split())
    return words(f"the database can't be reached: {reason}", f"basis data tidak terjangkau: {reason}")


def redis_url(environ: Mapping[str, str]) -> str:
    """Return the address of Redis or Valkey for redis-py: REDIS_URL, else the embedded server's socket."""
    if url := value(environ, "REDIS_URL"):
        try:
            check_redis_url(url)
        except kinds.Unfit as unfit:
            raise BadValue(
                words(
                    f"REDIS_URL can't be used: give {unfit.english}.",
                    f"REDIS_URL tidak dapat dipakai: beri {unfit.indonesian}.",
                )
            ) from None
        return url
    path = socket_folder(home(environ), "valkey") / SOCKET_NAMES["valkey"]
    return f"unix://{quote(str(path))}?db={PLACES.index(place(environ))}"


def broker_url(environ: Mapping[str, str]) -> str:
    """Return the same address in the form that Celery wants: its name for a socket is another."""
    url = redis_url(environ)
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={number}"


def check_database_url(url: str) -> None:
    """Raise Unfit for what is no address of a PostgreSQL database."""
    try:
        kinds.plain(url)
        parts = urlsplit(url)
        host = unquote(_host(parts.netloc))
        fits = (
            parts.scheme in {"postgres", "postgresql"}
            and parts.path.strip("/") != ""
            and "/" not in parts.path.strip("/")
            and parts.port != 0
            and not parts.fragment
            and (host == "" or host.startswith("/") or kinds.is_host(host))
        )
    except ValueError:  # a port that is none, half an IPv6 address, control characters
        fits = False
    if not fits:
        raise kinds.Unfit(
            "postgresql://user:password@host:5432/database", "postgresql://pengguna:sandi@host:5432/basisdata"
        )


def check_redis_url(url: str) -> None:
    """Raise Unfit for what is no address of Redis or Valkey."""
    try:
        kinds.plain(url)
        parts = urlsplit(url)
        number = parts.path.strip("/")
        fits = (parts.scheme == "unix" and parts.path.startswith("/") and parts.path != "/") or (
            parts.scheme in {"redis", "rediss"}
            and kinds.is_host(_host(parts.netloc))
            and parts.port != 0
            and (number == "" or (number.isascii() and number.isdecimal()))
        )
    except ValueError:
        fits = False
    if not fits:
        raise kinds.Unfit(
            "redis://host:6379/0, rediss:// or unix:///path", "redis://host:6379/0, rediss:// atau unix:///jalur"
        )


def _from_url(name: str, url: str) -> Database:
    try:
        check_database_url(url)
    except kinds.Unfit as unfit:
        raise BadValue(
            words(
                f"{name} can't be used: give {unfit.english}.", f"{name} tidak dapat dipakai: beri {unfit.indonesian}."
            )
        ) from None
    parts = urlsplit(url)
    port = parts.port
    options = dict(parse_qsl(parts.query))
    return Database(
        ENGINE="django.db.backends.postgresql",
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=options.pop("host", "") or unquote(_host(parts.netloc)),  # ?host= is libpq's way to name a socket's folder
        PORT=str(port or ""),
        OPTIONS=options,
    )


def _host(netloc: str) -> str:
    """Return the host as written: `hostname` would lower the case of a socket's folder."""
    address = netloc.rpartition("@")[2]
    return address[1:].partition("]")[0] if address.startswith("[") else address.partition(":")[0]
