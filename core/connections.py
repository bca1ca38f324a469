"""Connections beside the pool, for what must not wait behind a busy one: timers, their listener, the health check."""

from __future__ import annotations

import copy
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from launcher.connection import LIVELY


def use_own_connection(application: str) -> None:
    """Give this thread's `django.db.connection` a connection that no pool counts, named for pg_stat_activity."""
    connections["default"] = _wrapper(application)


def bare_connection(application: str, **parameters: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a connection of psycopg's own, in autocommit; raises psycopg.OperationalError."""
    chosen = _wrapper(application).get_connection_params()
    for djangos in ("cursor_factory", "context", "prepare_threshold"):
        chosen.pop(djangos, None)
    return psycopg.connect(**(chosen | parameters), autocommit=True)


def _wrapper(application: str) -> BaseDatabaseWrapper:
    shared = connections["default"]
    settings = copy.deepcopy(shared.settings_dict)
    options = settings["OPTIONS"]
    options.pop("pool", None)
    options |= LIVELY | {"application_name": application}
    settings["CONN_MAX_AGE"] = None
    return type(shared)(settings, "default")
