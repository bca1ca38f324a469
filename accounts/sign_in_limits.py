"""How often one may try to sign in (docs/decisions/0015-library-defaults.md).

Failed tries count by name and address, so that nobody shuts a person out from elsewhere, and a whole centre behind one
address goes on signing in. A name that many guess at is slowed at every address, and never locked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from core import windows
from core.addresses import client_network
from core.errors import TooMany
from core.windows import Window

FAILED_A_MINUTE = 5  # by name and address
SLOWED_FROM = 20  # failures of a name in an hour, from wherever
FAILED_A_MINUTE_SLOWED = 1
ATTEMPTS_A_MINUTE = 300  # by address
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, counted before the password is looked at."""

    pair: Window
    name: Window

    @classmethod
    def begin(cls, request: HttpRequest, name: str) -> Attempt:
        """Count a try. Raises TooMany: `sign_in_too_many`, `sign_in_slowed`, `sign_in_address_full`."""
        address = client_network(request)
        # PostgreSQL compares names in capitals, and in some locales a dotless i has the same one as an i.
        digest = hashlib.sha256(name.strip().upper().casefold().encode("utf-8", "replace")).hexdigest()
        of_name = Window(f"sign-in:name:{digest}", SLOWED_FROM, HOUR)
        slowed = windows.is_full(of_name)
        most = FAILED_A_MINUTE_SLOWED if slowed else FAILED_A_MINUTE
        pair = Window(f"sign-in:pair:{digest}:{address}", most, MINUTE)
        if wait := windows.take(pair):
            raise TooMany("sign_in_slowed" if slowed else "sign_in_too_many", retry_after_seconds=wait)
        if wait := windows.take(Window(f"sign-in:address:{address}", ATTEMPTS_A_MINUTE, MINUTE)):
            windows.give_back(pair)
            raise TooMany("sign_in_address_full", retry_after_seconds=wait)
        return cls(pair, of_name)

    @classmethod
    def begin_code(cls, user: UUID) -> Attempt:
        """Count a try to give a second factor, by the person alone. Raises TooMany as `begin`."""
        of_hour = Window(f"sign-in:codes:{user}", SLOWED_FROM, HOUR)
        slowed = windows.is_full(of_hour)
        most = FAILED_A_MINUTE_SLOWED if slowed else FAILED_A_MINUTE
        of_minute = Window(f"sign-in:code:{user}", most, MINUTE)
        if wait := windows.take(of_minute):
            raise TooMany("sign_in_slowed" if slowed else "sign_in_too_many", retry_after_seconds=wait)
        return cls(of_minute, of_hour)

    def failed(self) -> None:
        """The name or the password was wrong."""
        windows.take(self.name)

    def not_failed(self) -> None:
        """The password was right, or was not looked at."""
        windows.give_back(self.pair)
