"""The key by which a person's pages encrypt what they keep in the browser."""

from __future__ import annotations

from uuid import UUID

from django.utils.crypto import salted_hmac

_SALT = "sigap.accounts.browser_keys"


def browser_key(user: UUID) -> str:
    """A person's key: 32 bytes as 64 hexadecimal digits, the same in every session; another once SECRET_KEY changes."""
    return salted_hmac(_SALT, str(user), algorithm="sha256").hexdigest()
