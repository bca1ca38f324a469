"""Event kinds for tests of the log and the feed themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.event_kinds import EventKind


class SampleEvent(EventKind):
    """Kinds that no app has, with any data."""

    TEST_SAID = "test.said", "Said."
    TEST_WRITTEN = "test.written", "Written."
    TEST_FIRED = "test.fired", "Fired."
    UNIT_MADE = "unit.made", "Made."
    # As the application names them.
    UNIT_CHANGED = "unit.changed", "Changed."
    SESSION_ENDED = "session.ended", "Ended."
    KEY_REVOKED = "key.revoked", "Revoked."
    USER_CHANGED = "user.changed", "Changed."

    def check(self, data: Mapping[str, Any]) -> None:
        """Allow any data."""
