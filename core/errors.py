"""The one family of refusals. Each has a stable code; `core.problems` turns it into HTTP, forms into field errors."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refused request: a stable code, extra members for the response, and the fix as text."""

    status: int = 409

    def __init__(self, code: str, detail: str = "", /, **extra: Any) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.extra = extra


class Refused(DomainError):
    """The actor may see the thing but not do this with it (403)."""

    status = 403


class Unknown(DomainError):
    """The thing isn't there, or the actor may not see it: both give 404."""

    status = 404

    def __init__(self, what: str = "not_found", detail: str = "", /, **extra: Any) -> None:
        super().__init__(what, detail, **extra)


class Conflict(DomainError):
    """The present state forbids the step (409)."""


class Invalid(DomainError):
    """The values of the request can't be taken (422): `errors` names each field, its code and the fix."""

    status = 422

    def __init__(self, errors: list[dict[str, str]], code: str = "invalid", detail: str = "") -> None:
        super().__init__(code, detail)
        self.errors = errors

    @classmethod
    def field(cls, field: str, code: str, message: str = "") -> Invalid:
        """One wrong field; its code is the problem's code as well."""
        return cls([{"field": field, "code": code, "message": message}], code=code)


class VersionRequired(DomainError):
    """A PATCH came without `version` (428)."""

    status = 428

    def __init__(self) -> None:
        super().__init__("version_required")


class Busy(DomainError):
    """A lock, a pool or the database didn't answer in time (503, Retry-After)."""

    status = 503

    def __init__(self, code: str = "busy", detail: str = "", /, retry_after_seconds: int = 1) -> None:
        super().__init__(code, detail)
        self.retry_after_seconds = retry_after_seconds


class NotSignedIn(DomainError):
    """Nobody acts: no session and no key, or one that isn't any more (401)."""

    status = 401

    def __init__(self, code: str = "not_signed_in", detail: str = "", /, **extra: Any) -> None:
        super().__init__(code, detail, **extra)


class TooMany(DomainError):
    """More requests than the sender's rate (429, Retry-After)."""

    status = 429

    def __init__(self, code: str = "too_many_requests", detail: str = "", /, retry_after_seconds: float = 1) -> None:
        super().__init__(code, detail)
        self.retry_after_seconds = retry_after_seconds


class Unreadable(DomainError):
    """The request can't be read at all: its query, its body's kind or size, its JSON (400, 413, 415)."""

    def __init__(self, code: str, detail: str = "", /, status: int = 400) -> None:
        super().__init__(code, detail)
        self.status = status
