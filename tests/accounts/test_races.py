"""Two administrators at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.actions import change_user, make_user
from accounts.models import User
from accounts.queries import actor_of_user
from accounts.roles import Role
from core import events
from core.errors import Conflict
from tests.conftest import person
from tests.dispatch.test_incident_races import closing_after, until_somebody_waits


def test_of_two_admins_who_unmake_each_other_at_once_one_stays(fresh_database):
    first = User.objects.get(username="admin")
    second = make_user(actor=person("admin"), username="second", name="Second", roles=[Role.ADMIN])
    with ThreadPoolExecutor(1) as pool:
        with events.transaction():
            change_user(actor=actor_of_user(first), user=second.pk, roles=[Role.AUDITOR])
            unmaking = {"actor": actor_of_user(second), "user": first.pk, "active": False}
            other = pool.submit(closing_after, change_user, **unmaking)
            until_somebody_waits(other)
        with pytest.raises(Conflict, match="last_admin"):
            other.result()
    assert [row.username for row in User.objects.filter(roles=[Role.ADMIN], is_active=True)] == ["admin"]
