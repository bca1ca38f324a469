"""A connection of the pool keeps the statements of a whole call planned."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

from core.pooled import PooledConnection

STATEMENTS = 190  # of a whole call; psycopg keeps 100 by itself


def test_statements_that_come_again_in_turn_stay_planned(fresh_database: Any) -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["connection_class"] is PooledConnection
    parameters = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    with PooledConnection.connect(
        **{name: parameters[name] for name in names if parameters.get(name)}, autocommit=True, prepare_threshold=2
    ) as lent:
        for _ in range(3):
            for number in range(STATEMENTS):
                lent.execute(f"SELECT %s::int + {number}", [1])
        [planned] = lent.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() or [0]
    assert planned >= STATEMENTS
