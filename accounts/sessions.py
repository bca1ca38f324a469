"""Sessions in PostgreSQL, with a public id that the log and the sockets may name."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import Session


class SessionStore(DatabaseStore):
    """Django's database store over our own row."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The row it writes."""
        return Session
