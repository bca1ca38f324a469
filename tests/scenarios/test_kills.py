"""kill -9 of each part in turn while calls come in; the suite kills them together in tests/launcher/test_up.py."""

from __future__ import annotations

import pytest

from tests.prepared_site import running_site
from tests.scenarios.kills import PARTS, kill_under_writes


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("times", [1, 20], ids=["once", "twenty times"])
def test_each_part_killed_in_turn_under_writes_comes_back_and_loses_nothing(times: int) -> None:
    with running_site() as place:
        kill_under_writes(place, [(name,) for name in PARTS] * times)
