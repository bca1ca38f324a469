"""Passkeys (WebAuthn): what the browser is asked, and whether its answer holds."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error
from django.http import HttpRequest
from fido2.utils import websafe_encode

from accounts.models import User
from core import json_codec
from core.errors import Conflict

LARGEST = 20_000  # characters of an answer


def are_possible(request: HttpRequest) -> bool:
    """Whether browsers make passkeys for this address: a host name, by HTTPS or on this machine."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


def ask_to_make(user: User) -> str:
    """What the browser is asked for a new passkey, as JSON; the session keeps the challenge."""
    return _text(auth.begin_registration(user, passwordless=False))


def ask_to_sign(user: User) -> str:
    """What the browser is asked at sign-in, as JSON; the session keeps the challenge."""
    return _text(auth.begin_authentication(user))


def made(answer: str) -> dict[str, Any]:
    """The browser's new passkey, checked. Raises Conflict(`passkey_failed`)."""
    credential = _parsed(answer)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except Error:
        raise
    except Exception:  # noqa: BLE001 - the library refuses foreign bytes in many ways
        raise Conflict("passkey_failed") from None
    return credential


def signed(user: User, answer: str) -> Authenticator:
    """The person's passkey that answered the challenge. Raises Conflict(`passkey_failed`)."""
    credential = _parsed(answer)
    try:
        auth.parse_authentication_response(credential)
        return auth.complete_authentication(user, credential)
    except Error:
        raise
    except Exception:  # noqa: BLE001 - as above
        raise Conflict("passkey_failed") from None


def _parsed(answer: str) -> dict[str, Any]:
    try:
        credential = json_codec.loads(answer.encode()) if len(answer) <= LARGEST else None
    except (ValueError, UnicodeEncodeError):
        credential = None
    if not isinstance(credential, dict):
        raise Conflict("passkey_failed")
    return credential


def _text(options: dict[str, Any]) -> str:
    return json.dumps(_plain(options["publicKey"]), cls=DjangoJSONEncoder)


def _plain(value: Any) -> Any:
    """Options as JSON has them: bytes in base64url, nothing that is None."""
    if isinstance(value, bytes):
        return websafe_encode(value)
    if hasattr(value, "items"):
        return {name: _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
