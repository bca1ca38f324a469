"""Sessions in PostgreSQL, with a public id that the log and the sockets may name."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import Session

PUBLIC_ID = "sigap_id"
ENDS_AT = "ends_at"  # set at sign-in
_KEY = re.compile(r"[a-z0-9]{8,40}\Z")


class SessionStore(DatabaseStore):
    """Django's database store over our own row."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The row it writes."""
        return Session

    def _validate_session_key(self, key: str) -> bool:
        """A cookie with anything but a key in it (NUL, blanks) never reaches the database."""
        return bool(key and _KEY.match(key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of these data: the same public id for as long as the session lives, and whose it is."""
        return self._signed(super().create_model_instance(self._named(data)), data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        """As `create_model_instance`, for views that are async."""
        return self._signed(await super().acreate_model_instance(self._named(data)), data)

    def get_expiry_date(self, **named: Any) -> datetime:
        """When the session ends: at the time set at its sign-in, however often it is saved after that."""
        ends_at = self.get(ENDS_AT)
        return datetime.fromisoformat(ends_at) if ends_at else super().get_expiry_date(**named)

    async def aget_expiry_date(self, **named: Any) -> datetime:
        """As `get_expiry_date`, for views that are async."""
        ends_at = await self.aget(ENDS_AT)
        return datetime.fromisoformat(ends_at) if ends_at else await super().aget_expiry_date(**named)

    def cycle_key(self) -> None:
        """A new key is a new session, by public id too."""
        self.pop(PUBLIC_ID, None)
        super().cycle_key()

    async def acycle_key(self) -> None:
        """As `cycle_key`, for views that are async."""
        await self.apop(PUBLIC_ID, None)
        await super().acycle_key()

    @staticmethod
    def _named(data: dict[str, Any]) -> dict[str, Any]:
        data.setdefault(PUBLIC_ID, str(uuid.uuid4()))
        return data

    @staticmethod
    def _signed(row: Any, data: dict[str, Any]) -> Session:
        row.id = uuid.UUID(data[PUBLIC_ID])
        row.user_id = data.get("_auth_user_id")
        return row  # type: ignore[no-any-return]
