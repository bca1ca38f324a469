"""The second factor beside a password: who needs one, who has one, and whether what was given is right.

The rows, the secrets and the recovery codes are django-allauth's (allauth.mfa). A code of an app is judged by our own
clock, and each is good once: the row keeps the last step that was used.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import qrcode
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Q, QuerySet
from qrcode.image.svg import SvgPathImage

from accounts.models import FactorBridge, User
from accounts.queries import default_centre
from accounts.roles import Role
from accounts.training import is_training
from core import clock
from core.errors import Unknown

REQUIRED_OF = frozenset({Role.SUPERVISOR, Role.ADMIN})
TOTP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
STEP_SECONDS = 30
TOLERANCE_STEPS = 1  # a telephone's clock may be half a minute off
MARK = "second_factor"  # in a session: what was given at its sign-in, and by whom

PASSWORD_AT = "password_at"  # noqa: S105 - in a session: when the password was last given


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes: Authenticator | None

    @property
    def count(self) -> int:
        """How many there are; recovery codes only stand in for one."""
        return len(self.passkeys) + (self.app is not None)

    @property
    def codes_left(self) -> int:
        """How many recovery codes are unused."""
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def is_required(user: User) -> bool:
    """Whether a person can't work without a second factor: supervisors and admins of a live site."""
    return not is_training() and not REQUIRED_OF.isdisjoint(user.roles)


def is_missing(user: User, session: Any) -> bool:
    """Whether a session must set a second factor up before anything else. session: the store, or its data."""
    return is_required(user) and not was_given(user, session)


def was_given(user: User, session: Any) -> bool:
    """Whether a session was begun with this person's second factor or a bridge of it, or has set one up since."""
    return str(session.get(MARK, "")).endswith(f":{user.pk}")


def mark(session: Any, user: User, kind: str) -> None:
    """Keep in a session that this person's second factor was given."""
    session[MARK] = f"{kind}:{user.pk}"


def factors_of(user: User) -> Factors:
    """A person's second factors, oldest first."""
    rows: list[Authenticator] = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    return Factors(
        app=next((row for row in rows if row.type == TOTP), None),
        passkeys=tuple(row for row in rows if row.type == PASSKEY),
        codes=next((row for row in rows if row.type == CODES), None),
    )


def has_factor(user: User) -> bool:
    """Whether a person has set up a second factor."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=[TOTP, PASSKEY]).exists())


def bridges_in_force(centre: Any) -> QuerySet[FactorBridge]:
    """The lost factors of a centre that are bridged at this moment."""
    return FactorBridge.objects.filter(user__centre=centre, ended_at=None, ends_at__gt=clock.now()).select_related(
        "user"
    )


def bridge_of(user: User) -> FactorBridge | None:
    """What bridges a person's lost factor at this moment, if anything does."""
    return bridges_in_force(user.centre_id).filter(user=user).order_by("-ends_at").first()


def needs_bridge(user: User) -> bool:
    """Whether a bridge makes a difference to a person."""
    return has_factor(user) or is_required(user)


def bridges_since(centre: Any, since: Any) -> QuerySet[FactorBridge]:
    """The bridges of a centre that were made since, or still hold; newest first."""
    wanted = Q(made_at__gte=since) | Q(ended_at=None, ends_at__gt=clock.now())
    return FactorBridge.objects.filter(wanted, user__centre=centre).select_related("user").order_by("-made_at")


# The app's code (TOTP, RFC 6238)


def matching_step(secret: str, code: str, after: int = -1) -> int | None:
    """The 30 s step whose code this is, at most one step off and later than `after`; None of a wrong code."""
    now = int(clock.now().timestamp()) // STEP_SECONDS
    for step in range(now - TOLERANCE_STEPS, now + TOLERANCE_STEPS + 1):
        if step > after and compare_user_code(actual=code, expected=code_at(secret, step)):
            return step
    return None


def code_at(secret: str, step: int) -> str:
    """The six digits of a step."""
    return str(format_hotp_value(hotp_value(secret, step)))


def app_address(user: User, secret: str) -> str:
    """What the app reads from the QR code."""
    issuer = _issuer()
    words = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{user.username}')}?{words}"


def qr_image(text: str) -> str:
    """A QR code as a data: address of an SVG, dark on white whatever the look of the page."""
    file = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=3).save(file)
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def grouped(secret: str) -> str:
    """A secret as it is typed by hand: groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _issuer() -> str:
    try:
        return f"Sigap {default_centre().name}".replace(":", " ")
    except Unknown:
        return "Sigap"


# How secrets are kept


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How allauth keeps secrets, and what the site is called to a passkey."""

    def encrypt(self, text: str) -> str:
        """A secret as the row keeps it: a backup of the database alone opens nothing."""
        return _ciphers([settings.SECRET_KEY]).encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; "" where SECRET_KEY is another one, so that no code fits."""
        try:
            keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
            return _ciphers(map(str, keys)).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site's host name, which a passkey is bound to, and what the browser calls it."""
        return {"id": super().get_public_key_credential_rp_entity()["id"], "name": _issuer()}


def _ciphers(keys: Iterable[str]) -> MultiFernet:
    digests = [hashlib.sha256(b"sigap second factor " + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
