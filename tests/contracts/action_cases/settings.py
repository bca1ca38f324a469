"""What the centre decides ahead: people with all that hangs on them, types, plans, the directory."""

from __future__ import annotations

from accounts.actions import revise_centre
from accounts.models import Agency
from accounts.roles import Role
from calls.actions.operators import set_operator_state
from calls.models import Operator
from directory.actions import put_contact
from places.actions import put_place, remove_place
from plans.actions.settings import Need, put_type, revise_plan
from plans.actions.synonyms import revise_synonyms
from plans.models import ResponsePlan
from staff.actions.people import change_person, engage_person
from tests.contracts.world import World


def engage(world: World) -> None:
    unit = world.unit("DMK2").id
    agency = Agency.objects.get(code="DAMKAR")
    user, password = engage_person(
        actor=world.admin.at_desk("S1"),
        username="siti",
        name=world.words(),
        roles=[Role.CREW],
        agency=agency,
        unit=unit,
    )
    assert user.check_password(password)
    assert user.password_once


def move(world: World) -> None:
    """To another agency: the crew member leaves the unit of the old one."""
    user = world.crew.user
    assert user is not None
    moved = change_person(actor=world.admin, user=user, changes={"agency": Agency.objects.get(code="PSC119")})
    assert moved.unit_id is None


def close(world: World) -> None:
    user = world.call_taker.user
    assert user is not None
    set_operator_state(actor=world.call_taker.at_desk("CT1"), state="ready")
    change_person(actor=world.admin, user=user, changes={"active": False})
    assert Operator.objects.get(user=user).state == "offline"


def the_centre(world: World) -> None:
    for factor in (3, 2):
        changes = {"name": world.words(), "waiting_long_factor": factor, "ring_all_below": factor, "offer_seconds": 9}
        revise_centre(actor=world.admin, changes=changes)


def a_type(world: World) -> None:
    words = {"name_id": world.words(), "name_en": world.words(), "priority": 2, "lead": ["DAMKAR"]}
    for changes in (words, {"priority": 1, "active": False}):
        put_type(actor=world.admin, code="F77", changes=changes)


def some_synonyms(world: World) -> None:
    for changes in (
        {"indonesian": [world.words(), world.words()], "question_id": world.words()},
        {"madurese": [world.words()], "madurese_checked_by": world.words()},
    ):
        revise_synonyms(actor=world.admin, code="F01", changes=changes)


def a_plan(world: World) -> None:
    old = ResponsePlan.objects.get(type="F01", current=True)
    needs = [Need(3, "fire_engine", "DAMKAR"), Need(1, "tanker", required=False)]
    new = revise_plan(actor=world.admin, type="F01", tasks=["PLN"], needs=needs, based_on=old.id)
    assert new.version == old.version + 1
    assert revise_plan(actor=world.admin, type="F01", tasks=["PLN"], needs=needs, based_on=new.id) == new


def a_contact(world: World) -> None:
    words = {"name": world.words(), "role": world.words(), "numbers": [world.number()], "note": world.words()}
    for changes in (words, {"area": world.words(), "active": False}):
        put_contact(actor=world.admin, code="klebun-1", changes=changes)


def a_place(world: World) -> None:
    for lat in (-7.01, -7.02):
        place, _ = put_place(
            actor=world.admin,
            code="balai-1",
            kind="landmark",
            name=world.words(),
            other_names=world.words(),
            lat=lat,
            lng=113.86,
        )
    remove_place(actor=world.admin.at_desk("S1"), place=place.id)


CASES = {
    "accounts.revise_centre": the_centre,
    "places.put_place": a_place,
    "places.remove_place": a_place,
    "staff.engage_person": engage,
    "staff.change_person": move,
    "staff.change_person:closed": close,
    "plans.put_type": a_type,
    "plans.revise_synonyms": some_synonyms,
    "plans.revise_plan": a_plan,
    "directory.put_contact": a_contact,
}
