"""Whether the environment names the time zone that the site has."""

import os

from django.db import connection

from accounts.queries import centre_zone
from launcher import connection as launcher
from launcher.console_output import words

PAGE = "/admin/accounts/centre/"


def problem() -> str | None:
    """Return, in one line that names the page, why the site can't start; None where both zones are one.

    TIME_ZONE is the centre's at the first start. From then on the centre's is changed on its page, since what has
    happened is counted and shown by it.
    """
    named = launcher.value(os.environ, "TIME_ZONE")
    if named is None:
        return None
    try:
        zone = str(centre_zone())
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's
    if zone == named:
        return None
    return words(
        f"TIME_ZONE is {named}, but the centre's time zone is {zone}: remove TIME_ZONE or set it to {zone}; "
        f"the centre's is changed in Settings, Centre ({PAGE}).",
        f"TIME_ZONE berisi {named}, padahal zona waktu pusat {zone}: hapus TIME_ZONE atau isi dengan {zone}; "
        f"zona waktu pusat diubah di Pengaturan, Pusat ({PAGE}).",
    )
