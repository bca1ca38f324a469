"""How a program that refuses uid 0 runs where we are root: in a user namespace, else under another account."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.console_output import LauncherError, words

# Accounts that every Debian-like or Alpine-like system has and that, as a rule, run nothing.
SPARE_ACCOUNTS = ("postgres", "games", "uucp", "news", "list", "backup", "nobody")


@dataclass(frozen=True)
class Account:
    """How to run the server: a prefix to its command, or the uid and gid to become; neither for an ordinary user."""

    prefix: tuple[str, ...] = ()
    ids: tuple[int, int] | None = None

    def own(self, path: Path) -> None:
        """Give the file or folder to the account, where it is another than ours."""
        if self.ids:
            os.chown(path, *self.ids)


def account_for(data: Path) -> Account:
    """Return how to run a server whose files are, or will be, in `data`.

    The owner of existing files decides. Raises LauncherError when they belong to somebody we can't become.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise LauncherError(
                words(
                    f"{data} belongs to another user: run as that user, or set SIGAP_HOME to a folder of your own.",
                    f"{data} milik pengguna lain: jalankan sebagai dia, atau isi SIGAP_HOME dengan folder sendiri.",
                )
            )
        return Account()
    if owner:
        return Account(ids=(owner, data.stat().st_gid))
    if prefix := _namespace():
        return Account(prefix=prefix)
    if owner == 0:
        raise LauncherError(
            words(
                f"{data} belongs to root and this kernel refuses user namespaces: chown -R it to an ordinary "
                "account, or allow them.",
                f"{data} milik root dan kernel ini menolak user namespace: chown -R folder itu ke akun "
                "biasa, atau izinkan.",
            )
        )
    return Account(ids=_spare())


def _namespace() -> tuple[str, ...]:
    """Return the command prefix that maps root to an ordinary account of /etc/passwd, which initdb looks up."""
    unshare = shutil.which("unshare")
    entry = next((one for one in pwd.getpwall() if 0 < one.pw_uid < 65534), None)
    if unshare is None or entry is None:
        return ()
    prefix = (unshare, "--user", f"--map-user={entry.pw_uid}", f"--map-group={entry.pw_gid or 1}")
    tried = subprocess.run((*prefix, "true"), capture_output=True, check=False)
    return prefix if tried.returncode == 0 else ()


def _spare() -> tuple[int, int]:
    busy = _uids_at_work()
    known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    free = [known[name] for name in SPARE_ACCOUNTS if name in known]
    for ids in free:
        if ids[0] not in busy:
            return ids
    if free:
        return free[-1]
    raise LauncherError(
        words(
            "PostgreSQL does not run as root and this machine has no other account: make one, or set DATABASE_URL.",
            "PostgreSQL menolak root dan mesin ini tidak punya akun lain: buat satu, atau isi DATABASE_URL.",
        )
    )


def _uids_at_work() -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            found.add(path.stat().st_uid)
        except FileNotFoundError:  # it ended while we looked
            continue
    return found
