"""Centres, agencies, desks, people and keys."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role


def languages() -> list[tuple[str, str]]:
    """The languages of the pages; a function, so that a new one needs no migration."""
    return settings.LANGUAGES


class Centre(models.Model):
    """An emergency call centre. One installation may serve many; one by default."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.TextField(unique=True)
    name = models.TextField()
    time_zone = models.TextField(default="Asia/Jakarta")
    waiting_long_factor = models.PositiveSmallIntegerField(
        default=2, help_text="times its target after which an acknowledged P3 to P5 counts as waiting long on the board"
    )
    ring_all_below = models.PositiveSmallIntegerField(
        default=7, help_text="with fewer call-takers on duty a call rings at all of them; 0: never"
    )
    offer_seconds = models.PositiveSmallIntegerField(
        default=8, help_text="how long a call rings at one call-taker before the next"
    )

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centre")

    def __str__(self) -> str:
        return self.code


class Agency(models.Model):
    """An agency (OPD) that gets tasks and sends units. `capabilities`: what it can send, first one first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey(Centre, models.PROTECT)
    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField(default="")
    capabilities = ArrayField(models.TextField(), default=list)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = (models.UniqueConstraint(fields=["centre", "code"], name="accounts_agency_code"),)

    def __str__(self) -> str:
        return self.code


class Desk(models.Model):
    """A workstation: where an act was done, beside who did it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey(Centre, models.PROTECT)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    code = models.TextField()
    name = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        constraints = (models.UniqueConstraint(fields=["centre", "code"], name="accounts_desk_code"),)

    def __str__(self) -> str:
        return self.code


class UserManager(BaseUserManager["User"]):
    """Finds people by user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person of a user name."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person. Roles say what they may (docs/rules/roles.md); agency_desk and crew belong to one agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.TextField()
    name = models.TextField()
    email = models.TextField(default="", blank=True)
    centre = models.ForeignKey(Centre, models.PROTECT)
    roles = ArrayField(models.TextField(choices=[(role.value, role.value) for role in Role]), default=list)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    unit_id = models.UUIDField(null=True, help_text="the unit a crew member is signed on to; units stands above")
    language = models.TextField(choices=languages, default="id")
    pbx_agent = models.TextField(null=True, unique=True)
    is_active = models.BooleanField(default=True)
    password_once = models.BooleanField(default=False, help_text="made by another: to be changed at the first sign-in")
    first_steps = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (models.UniqueConstraint(models.functions.Lower("username"), name="accounts_user_username"),)

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        """Whether the admin pages open: admin is a role, not a superuser."""
        return Role.ADMIN in self.roles

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 - Django's own signature
        """The admin pages' question: an admin may do there what is registered there."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        """As `has_perm`, for a whole app."""
        return self.is_active and self.is_staff


class Session(AbstractBaseSession):
    """A signed-in browser, in PostgreSQL. `id` is how the log and the sockets name it: never the key."""

    id = models.UUIDField(unique=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, null=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that writes these rows."""
        from accounts.sessions import SessionStore  # noqa: PLC0415 - the store imports this model

        return SessionStore


class FactorBridge(models.Model):
    """A second factor that somebody lost, bridged for one shift: their password alone lets them in until `ends_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.PROTECT)
    by = models.TextField(help_text="the actor as the log names it")
    by_name = models.TextField(help_text="who answers for it")
    reason = models.TextField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="ended before its time")
    used_at = models.DateTimeField(null=True, help_text="the first sign-in by it")

    class Meta:
        indexes = (models.Index(fields=["ends_at"], condition=models.Q(ended_at=None), name="accounts_bridge_open"),)

    def __str__(self) -> str:
        return str(self.id)


class ApiKey(models.Model):
    """A program's key. The secret is shown once; only its SHA-256 is kept (32 random bytes need no slow hash)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey(Centre, models.PROTECT)
    name = models.TextField()
    prefix = models.TextField(help_text="the first characters, so that a person knows which key it is")
    digest = models.BinaryField(unique=True)
    scopes = ArrayField(models.TextField())
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
