"""The table of all environment variables: name, kind, default and range. Everything that reads one reads it here.

`problems` returns all that can't be used at once, one line each. `.env.example` and docs/settings.md are checked
against the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from launcher import connection, kinds
from launcher.console_output import words
from launcher.kinds import Kind, Unfit

SHOWN = 60


def _database_url(text: str) -> str:
    connection.check_database_url(text)
    return text


def _redis_url(text: str) -> str:
    connection.check_redis_url(text)
    return text


DATABASE_URL = Kind("`postgresql://user:password@host:5432/database`", _database_url)
REDIS_URL = Kind("`redis://`, `rediss://` or `unix://`", _redis_url)


@dataclass(frozen=True)
class Variable:
    """An environment variable. `default` is what holds where it is not set; empty where there is none.

    `secret`: its value is never shown, and a backup keeps it apart. `own`: programs and tests of Sigap set it, people
    do not. `tool`: a developer's tool reads it, and it alone checks it.
    """

    name: str
    kind: Kind
    default: str
    help: str
    secret: bool = False
    own: bool = False
    tool: bool = False

    def read(self, text: str) -> Any:
        """Return the value of a text; raises Unfit."""
        if not self.secret:
            kinds.plain(text)
        return self.kind.read(text)


# The languages of the pages, by their codes; the first one is the default.
LANGUAGES = ("id", "en")

TABLE = (
    Variable("SIGAP_PLACE", kinds.choice(*connection.PLACES), "training", "Which of the two places this is."),
    Variable("SIGAP_DEMO", kinds.FLAG, "1", "1 plays the Sumenep demo in a training place."),
    Variable("SIGAP_HOME", kinds.FOLDER, "", "The folder of all state; `var` in the checkout where it is not set."),
    Variable("TIME_ZONE", kinds.ZONE, "Asia/Jakarta", "The centre's time zone at the first start."),
    Variable("LANGUAGE_CODE", kinds.choice(*LANGUAGES), LANGUAGES[0], "The language of who has chosen none."),
    Variable("HOST", kinds.HOST, "127.0.0.1", "The address to listen on."),
    Variable("PORT", kinds.number(0, 65535), "", "8112 in a training place, 8113 in a live one; 0 picks a free one."),
    Variable("ALLOWED_HOSTS", kinds.HOSTS, "127.0.0.1,localhost,[::1]", "Host names that browsers use."),
    Variable("CSRF_TRUSTED_ORIGINS", kinds.ORIGINS, "", "Origins that browsers use, behind a proxy."),
    Variable("SIGAP_TLS_CERT", kinds.READABLE, "", "The certificate, for TLS by Sigap itself."),
    Variable("SIGAP_TLS_KEY", kinds.READABLE, "", "The certificate's key."),
    Variable("SIGAP_TLS", kinds.FLAG, "", "1 where browsers come by HTTPS; 1 of itself with SIGAP_TLS_CERT."),
    Variable("SIGAP_TLS_REDIRECT", kinds.FLAG, "1", "0 leaves plain HTTP to a proxy that redirects it."),
    Variable("SIGAP_PROXIES", kinds.number(0, 10), "0", "How many proxies stand in front."),
    Variable("FORWARDED_ALLOW_IPS", kinds.NETWORKS, "127.0.0.1", "Proxies whose X-Forwarded-For is believed."),
    Variable("DATABASE_URL", DATABASE_URL, "", "PostgreSQL; embedded where it is not set.", secret=True),
    Variable("DATABASE_PASSWORD", kinds.secret(), "", "The password, apart from its URL.", secret=True),
    Variable("DATABASE_OWNER_URL", DATABASE_URL, "", "The same database, as the owner of its tables.", secret=True),
    Variable("DATABASE_OWNER_PASSWORD", kinds.secret(), "", "The owner's password.", secret=True),
    Variable("REDIS_URL", REDIS_URL, "", "Redis or Valkey; embedded where it is not set.", secret=True),
    Variable("SIGAP_WEB_PROCESSES", kinds.number(1, 64), "2", "How many web processes `up` runs."),
    Variable(
        "SIGAP_HALF_OPEN_MAX",
        kinds.number(1, 100_000),
        "200",
        "Connections without a complete request head that one address may have; a proxy's are not counted by address.",
    ),
    Variable(
        "SIGAP_REQUEST_SECONDS",
        kinds.number(1, 300),
        "10",
        "Seconds for a request's head; in as many a body, and the reading of an answer, must go on by 1 KiB a second.",
    ),
    Variable("SIGAP_POOL_MAX", kinds.number(2, 100), "10", "Connections to the database that a process may hold."),
    Variable(
        "SECRET_KEY",
        kinds.secret(kinds.SECRET_LENGTH, kinds.SECRET_VARIETY),
        "",
        "Signs sessions; made at the first start where it is not set. Several machines need the same one.",
        secret=True,
    ),
    Variable(
        "BACKUP_DIR", kinds.ABSOLUTE_FOLDER, "", "Where `up` keeps its backups; none are made where it is not set."
    ),
    Variable("BACKUP_EVERY", kinds.number(1, 168), "24", "Hours between two backups."),
    Variable("BACKUP_KEEP", kinds.number(1, 1000), "14", "How many backups are kept."),
    Variable("DISK_FREE_PERCENT", kinds.number(0, 90), "5", "Less free space than this makes health degraded."),
    Variable("DISK_FREE_MB", kinds.number(0, 100_000_000), "1024", "The same in MB; the larger of the two counts."),
    Variable("MAP_PMTILES", kinds.READABLE, "", "A PMTiles file of street tiles."),
    Variable(
        "EMAIL_BACKEND",
        kinds.EMAIL_BACKEND,
        "django.core.mail.backends.smtp.EmailBackend",
        "How e-mail is sent.",
    ),
    Variable("EMAIL_HOST", kinds.HOST, "localhost", "The mail server."),
    Variable("EMAIL_PORT", kinds.number(1, 65535), "25", "The mail server's port."),
    Variable("DEFAULT_FROM_EMAIL", kinds.EMAIL, "sigap@localhost", "The sender of e-mail."),
    Variable("WEBHOOK_SECRET", kinds.secret(32, 5), "", "Signs webhooks; made like SECRET_KEY.", secret=True),
    Variable("WEBHOOK_HOSTS", kinds.PRIVATE_HOSTS, "", "Hosts in private networks that webhooks may go to."),
    Variable("DEBUG", kinds.FLAG, "0", "1 shows developers what went wrong; never in a live place."),
    Variable(
        "LOG_LEVEL", kinds.choice("DEBUG", "INFO", "WARNING", "ERROR", fold=True), "INFO", "The least that is logged."
    ),
    Variable("SIGAP_CHROMIUM", kinds.EXECUTABLE, "", "The Chromium of the browser tests.", tool=True),
    Variable("SIGAP_DB_ROLE", kinds.choice(*connection.ROLES), "app", "The database role of this process.", own=True),
    Variable("SIGAP_LOGGED", kinds.FLAG, "0", "1 where a process's output is a log.", own=True),
    Variable("SIGAP_TEST", kinds.FLAG, "0", "1 in tests.", own=True),
    Variable("SIGAP_TEST_CLOCK", kinds.FILE, "", "The file of the test clock.", own=True),
)
BY_NAME = {variable.name: variable for variable in TABLE}
# The embedded PostgreSQL takes 200 connections; clocks, hubs, health checks and commands have theirs beside the pools.
EMBEDDED_CONNECTIONS = 180
CONNECTIONS_BESIDE_POOL = 3
WORKER_CONNECTIONS = 12
DEFAULT_PORTS = {"training": 8112, "live": 8113}


def get(environ: Mapping[str, str], name: str) -> Any:
    """Return the value of a variable of the table, its default where it is not set, None where it has neither.

    Raises BadValue with one line that names it.
    """
    variable = BY_NAME[name]
    text = connection.value(environ, name) or variable.default
    if not text:
        return None
    try:
        return variable.read(text)
    except Unfit as unfit:
        raise connection.BadValue(_line(variable, text, unfit)) from None


def problems(environ: Mapping[str, str]) -> list[str]:
    """Return one line for each variable that can't be used and for each pair that disagrees; tools' own aside."""
    found, values = [], {}
    for variable in TABLE:
        if variable.tool:
            continue
        try:
            values[variable.name] = get(environ, variable.name)
        except connection.BadValue as error:
            found.append(str(error))
    return found + _disagreements(values)


def _disagreements(values: Mapping[str, Any]) -> list[str]:
    """Look at pairs; what could not be read is not in `values` and disagrees with nothing."""
    found = []
    for one, other in (("SIGAP_TLS_CERT", "SIGAP_TLS_KEY"), ("SIGAP_TLS_KEY", "SIGAP_TLS_CERT")):
        if values.get(one) and other in values and not values[other]:
            found.append(
                words(
                    f"{other} is missing: certificate and key go together.",
                    f"{other} belum diisi: sertifikat dan kunci berpasangan.",
                )
            )
    for one, other in (
        ("DATABASE_OWNER_URL", "DATABASE_URL"),
        ("DATABASE_PASSWORD", "DATABASE_URL"),
        ("DATABASE_OWNER_PASSWORD", "DATABASE_OWNER_URL"),
    ):
        if values.get(one) and other in values and not values[other]:
            found.append(words(f"{one} needs {other}: set both.", f"{one} perlu {other}: isi keduanya."))
    if values.get("DEBUG") and values.get("SIGAP_PLACE") == "live":
        found.append(words("DEBUG is 1: a live place needs 0.", "DEBUG berisi 1: tempat live perlu 0."))
    if values.get("SIGAP_TEST_CLOCK") and not (values.get("SIGAP_TEST") or values.get("DEBUG")):
        found.append(
            words("SIGAP_TEST_CLOCK is for tests only: unset it.", "SIGAP_TEST_CLOCK hanya untuk pengujian: hapus.")
        )
    count, pool = values.get("SIGAP_WEB_PROCESSES"), values.get("SIGAP_POOL_MAX")
    if count and pool and "DATABASE_URL" in values and not values["DATABASE_URL"]:
        wanted = count * (pool + CONNECTIONS_BESIDE_POOL) + WORKER_CONNECTIONS
        if wanted > EMBEDDED_CONNECTIONS:
            found.append(
                words(
                    f"SIGAP_WEB_PROCESSES {count} with SIGAP_POOL_MAX {pool} would take {wanted} connections: the "
                    f"embedded PostgreSQL has {EMBEDDED_CONNECTIONS}; lower one of them.",
                    f"SIGAP_WEB_PROCESSES {count} dengan SIGAP_POOL_MAX {pool} memakai {wanted} koneksi: PostgreSQL "
                    f"bawaan hanya punya {EMBEDDED_CONNECTIONS}; kurangi salah satu.",
                )
            )
    return found


def port(environ: Mapping[str, str]) -> int:
    """Return PORT; without one that of the kind of place. Raises BadValue."""
    given: int | None = get(environ, "PORT")
    return DEFAULT_PORTS[connection.place(environ)] if given is None else given


def _line(variable: Variable, text: str, unfit: Unfit) -> str:
    if variable.secret:
        return words(
            f"{variable.name} can't be used: give {unfit.english}.",
            f"{variable.name} tidak dapat dipakai: beri {unfit.indonesian}.",
        )
    shown = repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
    return words(
        f"{variable.name} is {shown}: give {unfit.english}.",
        f"{variable.name} berisi {shown}: beri {unfit.indonesian}.",
    )
