"""People, sessions, keys and agencies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.actions import (
    add_passkey,
    bridge_factor,
    change_password,
    change_user,
    choose_language,
    end_bridge,
    end_session,
    end_sessions_of,
    give_password,
    keep_first_steps,
    make_key,
    make_recovery_codes,
    make_user,
    note_export,
    put_agency,
    put_desk,
    remove_factor,
    revoke_key,
    sign_on_unit,
    start_session,
    use_code,
    use_passkey,
)
from accounts.models import Agency, FactorBridge, User
from accounts.roles import Role, Scope
from accounts.second_factor import Factors, factors_of
from accounts.sessions import SessionStore
from calls.actions.operators import set_operator_state
from dispatch.actions.edits import edit_incident
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.accounts.factors import code_now, set_up
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
        actor=world.admin.at_desk("S1"),
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
    set_operator_state(actor=world.call_taker.at_desk("CT1"), state="ready")
    change_user(actor=world.admin, user=user, name=world.words(), roles=[Role.DISPATCHER])


def change_the_roles_of_a_user(world: World) -> None:
    user = world.call_taker.user
    assert user is not None
    set_operator_state(actor=world.call_taker.at_desk("CT1"), state="ready")
    change_user(actor=world.admin, user=user, roles=[Role.CALL_TAKER, Role.DISPATCHER])


def rename_an_owner(world: World) -> None:
    """Their name stands on the incidents that they own and on the calls that they have."""
    user = world.dispatcher.user
    assert user is not None
    place = Location(text=world.words(), lat=-7.0085, lng=113.862)
    incident, _ = open_incident(actor=world.dispatcher.at_desk("D1"), location=place, type="F01")
    edit_incident(
        actor=world.dispatcher.at_desk("D1"), incident=incident.id, version=incident.version, changes={"owner": user}
    )
    change_user(actor=world.admin, user=user, name=world.words(), email="x@example.org")


def give_a_password(world: World) -> None:
    _signed_in(world)
    user = world.dispatcher.user
    assert user is not None
    give_password(actor=world.admin, user=user)


def close_a_user(world: World) -> None:
    _signed_in(world)
    user = world.dispatcher.user
    assert user is not None
    change_user(actor=world.admin, user=user, active=False)


def change_a_password(world: World) -> None:
    _signed_in(world)
    user = world.dispatcher.user
    assert user is not None
    change_password(actor=world.dispatcher, user=user, password=PASSWORD)


def choose_a_language(world: World) -> None:
    choose_language(actor=world.dispatcher.at_desk("D1"), language="en")


def tick_a_first_step(world: World) -> None:
    keep_first_steps(actor=world.dispatcher.at_desk("D1"), done=["send"], closed=False)


def set_an_app_up(world: World) -> None:
    _signed_in(world)
    set_up(world.dispatcher)


def set_a_passkey_up(world: World) -> None:
    add_passkey(actor=world.dispatcher.at_desk("D1"), name=world.words(), credential={"id": world.words()})


def take_a_factor_away(world: World) -> None:
    set_up(world.dispatcher)
    app = _factors(world).app
    assert app is not None
    remove_factor(actor=world.dispatcher.at_desk("D1"), factor=app.pk)


def renew_recovery_codes(world: World) -> None:
    set_up(world.dispatcher)
    make_recovery_codes(actor=world.dispatcher.at_desk("D1"))


def give_a_code(world: World) -> None:
    codes = set_up(world.dispatcher)
    user = User.objects.get(pk=world.dispatcher.user)
    assert use_code(user=user, code=code_now(), desk="D1") == "totp"
    assert use_code(user=user, code=codes[0], desk="D1") == "recovery_codes"
    assert use_code(user=user, code=codes[0], desk="D1") is None


def give_a_passkey(world: World) -> None:
    set_a_passkey_up(world)
    user = User.objects.get(pk=world.dispatcher.user)
    use_passkey(user=user, factor=_factors(world).passkeys[0].pk, desk="D1")


def bridge_a_factor(world: World) -> None:
    user = world.dispatcher.user
    assert user is not None
    set_up(world.dispatcher)
    for _ in range(2):
        bridge_factor(
            actor=world.supervisor.at_desk("S1"), user=user, reason=world.words(), name=world.words(), hours=3
        )
    request = _browser()
    start_session(request, User.objects.get(pk=user), sign_in=_sign_in)


def end_a_bridge(world: World) -> None:
    bridge_a_factor(world)
    bridge = FactorBridge.objects.get(ended_at=None)
    end_bridge(actor=world.supervisor.at_desk("S1"), bridge=bridge.id)


def _factors(world: World) -> Factors:
    return factors_of(User.objects.get(pk=world.dispatcher.user))


def sign_on(world: World) -> None:
    user = world.crew.user
    assert user is not None
    sign_on_unit(actor=world.crew, user=user, unit=world.unit("DMK2").id)


def make_a_key(world: World) -> None:
    make_key(actor=world.admin, name=world.words(), scopes=[Scope.UNITS], agency=Agency.objects.get(code="DAMKAR"))


def revoke_a_key(world: World) -> None:
    key, _ = make_key(actor=world.admin, name=world.words(), scopes=[Scope.BOARD])
    revoke_key(actor=world.admin, key=key.id)


def make_an_agency(world: World) -> None:
    put_agency(actor=world.admin, code="TAGANA", name=world.words())


def close_an_agency(world: World) -> None:
    for active in (False, True):
        put_agency(actor=world.admin, code="DAMKAR", name=world.words(), capabilities=["rescue"], active=active)


def put_a_desk(world: World) -> None:
    for active in (True, False):
        put_desk(
            actor=world.admin.at_desk("S1"),
            code="DAMKAR-9",
            name=world.words(),
            agency=Agency.objects.get(code="DAMKAR"),
            active=active,
        )


def take_a_table(world: World) -> None:
    note_export(actor=world.auditor, table="accounts.user", rows=7)


def rename_an_agency(world: World) -> None:
    put_agency(actor=world.admin, code="DAMKAR", name=world.words(), name_en=world.words())


CASES = {
    "accounts.add_app": set_an_app_up,
    "accounts.add_passkey": set_a_passkey_up,
    "accounts.remove_factor": take_a_factor_away,
    "accounts.make_recovery_codes": renew_recovery_codes,
    "accounts.use_code": give_a_code,
    "accounts.use_passkey": give_a_passkey,
    "accounts.bridge_factor": bridge_a_factor,
    "accounts.end_bridge": end_a_bridge,
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
