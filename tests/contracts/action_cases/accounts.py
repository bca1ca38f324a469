"""People, sessions, keys and agencies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.actions import (
    change_password,
    change_user,
    choose_language,
    end_session,
    end_sessions_of,
    give_password,
    keep_first_steps,
    make_key,
    make_user,
    note_export,
    put_agency,
    put_desk,
    revoke_key,
    sign_on_unit,
    start_session,
)
from accounts.models import Agency, User
from accounts.roles import Role, Scope
from accounts.sessions import SessionStore
from calls.actions.operators import set_operator_state
from dispatch.actions.edits import edit_incident
from dispatch.actions.incidents import open_incident
from dispatch.actions.location import Location
from tests.contracts.world import World

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "hujan-di-gili-raja"


def _browser() -> HttpRequest:
    request: Any = RequestFactory().get("/sign-in/")
    request.session = SessionStore()
    request.session["desk"] = "D1"
    return request


def _sign_in(request: HttpRequest, user: User) -> None:
    login(request, user, BACKEND)


def _signed_in(world: World) -> HttpRequest:
    request = _browser()
    start_session(request, User.objects.get(pk=world.dispatcher.user), sign_in=_sign_in)
    return request


def start(world: World) -> None:
    _signed_in(world)


def end(world: World) -> None:
    end_session(_signed_in(world), sign_out=logout)


def end_of_all(world: World) -> None:
    _signed_in(world)
    _signed_in(world)
    user = User.objects.get(pk=world.dispatcher.user)
    assert end_sessions_of(user, actor=world.admin.ref, desk=None, why="closed") == 2


def make_a_user(world: World) -> None:
    make_user(
        actor=world.admin,
        desk="S1",
        username=world.words().replace(" ", "."),
        name=world.words(),
        roles=[Role.AGENCY_DESK],
        agency=Agency.objects.get(code="DAMKAR"),
        password=PASSWORD,
    )


def change_a_user(world: World) -> None:
    """A call-taker who sits at a desk: their operator's form has their name and roles."""
    user = world.call_taker.user
    assert user is not None
    set_operator_state(actor=world.call_taker, desk="CT1", state="ready")
    change_user(actor=world.admin, desk=None, user=user, name=world.words(), roles=[Role.DISPATCHER])


def change_the_roles_of_a_user(world: World) -> None:
    user = world.call_taker.user
    assert user is not None
    set_operator_state(actor=world.call_taker, desk="CT1", state="ready")
    change_user(actor=world.admin, desk=None, user=user, roles=[Role.CALL_TAKER, Role.DISPATCHER])


def rename_an_owner(world: World) -> None:
    """Their name stands on the incidents that they own and on the calls that they have."""
    user = world.dispatcher.user
    assert user is not None
    place = Location(text=world.words(), lat=-7.0085, lng=113.862)
    incident, _ = open_incident(actor=world.dispatcher, desk="D1", location=place, type="F01")
    edit_incident(
        actor=world.dispatcher, desk="D1", incident=incident.id, version=incident.version, changes={"owner": user}
    )
    change_user(actor=world.admin, desk=None, user=user, name=world.words(), email="x@example.org")


def give_a_password(world: World) -> None:
    _signed_in(world)
    user = world.dispatcher.user
    assert user is not None
    give_password(actor=world.admin, desk=None, user=user)


def close_a_user(world: World) -> None:
    _signed_in(world)
    user = world.dispatcher.user
    assert user is not None
    change_user(actor=world.admin, desk=None, user=user, active=False)


def change_a_password(world: World) -> None:
    _signed_in(world)
    user = world.dispatcher.user
    assert user is not None
    change_password(actor=world.dispatcher, desk=None, user=user, password=PASSWORD)


def choose_a_language(world: World) -> None:
    choose_language(actor=world.dispatcher, desk="D1", language="en")


def tick_a_first_step(world: World) -> None:
    keep_first_steps(actor=world.dispatcher, desk="D1", done=["send"], closed=False)


def sign_on(world: World) -> None:
    user = world.crew.user
    assert user is not None
    sign_on_unit(actor=world.crew, desk=None, user=user, unit=world.unit("DMK2").id)


def make_a_key(world: World) -> None:
    make_key(actor=world.admin, name=world.words(), scopes=[Scope.UNITS], agency=Agency.objects.get(code="DAMKAR"))


def revoke_a_key(world: World) -> None:
    key, _ = make_key(actor=world.admin, name=world.words(), scopes=[Scope.BOARD])
    revoke_key(actor=world.admin, key=key.id)


def make_an_agency(world: World) -> None:
    put_agency(actor=world.admin, desk=None, code="TAGANA", name=world.words())


def close_an_agency(world: World) -> None:
    for active in (False, True):
        put_agency(
            actor=world.admin, desk=None, code="DAMKAR", name=world.words(), capabilities=["rescue"], active=active
        )


def put_a_desk(world: World) -> None:
    for active in (True, False):
        put_desk(
            actor=world.admin,
            desk="S1",
            code="DAMKAR-9",
            name=world.words(),
            agency=Agency.objects.get(code="DAMKAR"),
            active=active,
        )


def take_a_table(world: World) -> None:
    note_export(actor=world.auditor, desk=None, table="accounts.user", rows=7)


def rename_an_agency(world: World) -> None:
    put_agency(actor=world.admin, desk=None, code="DAMKAR", name=world.words(), name_en=world.words())


CASES = {
    "accounts.start_session": start,
    "accounts.end_session": end,
    "accounts.end_sessions_of": end_of_all,
    "accounts.make_user": make_a_user,
    "accounts.change_user": change_a_user,
    "accounts.change_user:closed": close_a_user,
    "accounts.change_user:roles": change_the_roles_of_a_user,
    "accounts.change_user:owner": rename_an_owner,
    "accounts.give_password": give_a_password,
    "accounts.change_password": change_a_password,
    "accounts.choose_language": choose_a_language,
    "accounts.keep_first_steps": tick_a_first_step,
    "accounts.sign_on_unit": sign_on,
    "accounts.make_key": make_a_key,
    "accounts.revoke_key": revoke_a_key,
    "accounts.put_agency": make_an_agency,
    "accounts.put_agency:renamed": rename_an_agency,
    "accounts.put_agency:closed": close_an_agency,
    "accounts.put_desk": put_a_desk,
    "accounts.note_export": take_a_table,
}
