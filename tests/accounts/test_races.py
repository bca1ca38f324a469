"""Two administrators at the same moment."""

from __future__ import annotations

from functools import partial

from accounts.actions import change_user, make_user
from accounts.models import User
from accounts.queries import actor_of_user
from accounts.roles import Role
from core.errors import Conflict
from tests.calls.test_races import at_once
from tests.conftest import person


def test_of_two_admins_who_unmake_each_other_at_once_one_stays(fresh_database):
    made = make_user(actor=person("admin"), desk=None, username="second", name="Second", roles=[Role.ADMIN])
    pair = [made, User.objects.get(username="admin")]
    acts = [
        partial(change_user, actor=actor_of_user(by), desk=None, user=other.pk, roles=[Role.AUDITOR])
        for by, other in (pair, reversed(pair))
    ]
    assert [refused.code for refused in at_once(acts) if isinstance(refused, Conflict)] == ["last_admin"]
    assert User.objects.filter(roles=[Role.ADMIN], is_active=True).count() == 1
