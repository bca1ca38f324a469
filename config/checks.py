"""Whether this place may be reached from beyond its own machine."""

from accounts.models import User
from accounts.training import DEMO_PASSWORD
from launcher.console_output import words


def problem() -> str | None:
    """Return, in one line that names the fix, why `up` refuses a HOST beyond loopback; None where it need not.

    The demo people's password is published, so a site where it still works stays on its own machine.
    """
    exposed = [user.username for user in User.objects.filter(is_active=True) if user.check_password(DEMO_PASSWORD)]
    if not exposed:
        return None
    names = ", ".join(sorted(exposed))
    return words(
        f"HOST beyond this machine is refused while the shipped password opens {names}: change their passwords or "
        "deactivate them, or leave HOST at 127.0.0.1 behind a proxy that asks for its own.",
        f"HOST di luar mesin ini ditolak selama sandi bawaan membuka {names}: ganti sandi atau nonaktifkan mereka, "
        "atau biarkan HOST di 127.0.0.1 di balik proksi dengan sandinya sendiri.",
    )
