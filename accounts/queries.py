"""Who is who: centres, agencies, people, keys."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Agency, ApiKey, Centre, Desk, User
from accounts.roles import Role, Scope
from core import clock
from core.cleaning import clean
from core.errors import Unknown

_KEY_OF_DIGEST = """
SELECT id, name, centre_id, scopes, agency_id, expires_at FROM accounts_apikey
WHERE digest = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
"""


def waiting_long_factor(centre: UUID) -> int:
    """How many times its target an acknowledged incident may wait before it counts as waiting long (Centre)."""
    return Centre.objects.values_list("waiting_long_factor", flat=True).get(pk=centre)


def default_centre() -> Centre:
    """The installation's first centre. Raises Unknown before the defaults are loaded."""
    return _default_centre(str(connection.settings_dict["NAME"]))


@lru_cache(maxsize=4)
def _default_centre(database: str) -> Centre:  # noqa: ARG001 - the cache's key
    centre = Centre.objects.order_by("code").first()
    if centre is None:
        raise Unknown("centre_unknown")
    return centre


def zone_of(centre: UUID) -> ZoneInfo:
    """The time zone of a centre: of local times that are typed, shown or sent without a zone."""
    return ZoneInfo(Centre.objects.values_list("time_zone", flat=True).get(pk=centre))


def centre_zone() -> ZoneInfo:
    """The time zone of the site: its centre's, as it is now. Raises Unknown before the defaults are loaded."""
    return zone_of(default_centre().id)


def agency_by_code(code: str, centre: UUID | None = None) -> Agency:
    """An agency by its code, of the default centre if none is named. Raises Unknown(`agency_unknown`)."""
    try:
        return Agency.objects.get(centre_id=centre or default_centre().id, code=clean(code))
    except Agency.DoesNotExist:
        raise Unknown("agency_unknown", agency=str(code)) from None


def agencies_of(actor: Actor) -> QuerySet[Agency]:
    """The agencies of the actor's centre, by code."""
    return Agency.objects.filter(centre_id=actor.centre).order_by("code")


def actor_of_user(user: User) -> Actor:
    """The actor that a person is."""
    return Actor(
        ref=f"user:{user.id}",
        name=user.name,
        centre=user.centre_id,
        roles=frozenset(role for role in Role if role.value in user.roles),
        agency=user.agency_id,
        unit=user.unit_id,
        user=user.id,
        language=user.language,
    )


def actor_of_key(key: ApiKey, language: str = "id") -> Actor:
    """The actor that a key is; it speaks the language that its request asks for."""
    return Actor(
        ref=f"key:{key.id}",
        name=key.name,
        centre=key.centre_id,
        scopes=frozenset(scope for scope in Scope if scope.value in key.scopes),
        agency=key.agency_id,
        language=language,
    )


def digest_of(secret: str) -> bytes:
    """What is kept of a key's secret: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def key_of_secret(secret: str) -> ApiKey | None:
    """The key of a secret, if it is valid at this moment.

    Asked on each request, so that a revocation acts at once; and in SQL, since building this query by the ORM is a
    third of what a small request costs.
    """
    if not secret.startswith("sigap_"):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_KEY_OF_DIGEST, [digest_of(secret), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    key, name, centre, scopes, agency, expires_at = row
    return ApiKey(id=key, name=name, centre_id=centre, scopes=scopes, agency_id=agency, expires_at=expires_at)


def valid_keys() -> QuerySet[ApiKey]:
    """The keys that are neither revoked nor expired."""
    unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    return ApiKey.objects.filter(unexpired, revoked_at__isnull=True).order_by("created_at")


def desk_for(actor: Actor, code: str) -> str | None:
    """A desk's code if the actor may sit there (the centre's for the centre's people, an agency's for its own)."""
    own = Q(agency__isnull=True) if actor.agency is None else Q(agency=actor.agency)
    desk = Desk.objects.filter(own, centre_id=actor.centre, code=clean(code), active=True).first()
    return desk.code if desk else None


def desks_open_to_choose() -> list[Desk]:
    """Every desk of the default centre, its own first, for the sign-in page."""
    centre = Centre.objects.order_by("code").first()
    if centre is None:
        return []
    rows = Desk.objects.filter(centre=centre, active=True)
    return list(rows.order_by(F("agency__code").asc(nulls_first=True), "code"))
