"""Brings a place up to date before it serves: schema, shipped defaults, translations and static files."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from launcher import bundles
from launcher.console_output import Say, words
from launcher.messages import compile_messages

# Two machines that start together on one database take turns; the number is ours alone.
PREPARE_LOCK = 0x5169_6761


def prepare(*, say: Say) -> None:
    """Migrate, load the shipped defaults, compile the translations and collect the static files; as the owner.

    Each step is skipped when nothing changed since the last start.
    """
    base = Path(settings.BASE_DIR)
    if compiled := compile_messages(base):
        say(words(f"compiled {compiled} translations", f"{compiled} terjemahan disusun"))
    with _alone():
        executor = MigrationExecutor(connection)
        if steps := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            count = len(steps)
            say(words(f"migrating the database ({count} steps)", f"memutakhirkan basis data ({count} langkah)"))
            call_command("migrate", interactive=False, verbosity=0)
        say(words("loading the shipped defaults", "memuat isi bawaan"))
        call_command("load_defaults", verbosity=0)
    connection.close()
    _collect_static(say=say)


def _collect_static(*, say: Say) -> None:
    root, stamp = Path(settings.STATIC_ROOT), Path(settings.SIGAP_HOME) / "run" / "static"
    digest = _static_digest()
    if root.is_dir() and stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    say(words("collecting the static files", "mengumpulkan berkas statis"))
    stamp.unlink(missing_ok=True)
    bundles.make(Path(settings.BASE_DIR))
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="ascii")


def _static_digest() -> str:
    """Return a digest of names, sizes and times of all static files and of how they are stored.

    Without the bundles, which are made of the others.
    """
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([f"{bundles.BUNDLE}/*"]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{storage.path(path)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])
