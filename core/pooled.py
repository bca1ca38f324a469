"""The connections of the pool."""

from __future__ import annotations

from typing import Any

import psycopg

# Statements that a connection keeps planned. psycopg keeps 100 of the last ones: a call's way alone has some 190, and
# each would be planned, dropped and planned again.
MOST_PREPARED = 500


class PooledConnection(psycopg.Connection[Any]):
    """psycopg's, which keeps as many statements planned as the requests of a centre have."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self.prepared_max = MOST_PREPARED
