"""Who gets a message: the desk of an agency, a person, whoever is on duty in a role."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Agency, Centre, User
from alarms.models import Duty
from config.recipients import resolve
from core import clock

pytestmark = pytest.mark.django_db


def write_to(username: str, **more) -> User:
    person = User.objects.get(username=username)
    person.email, person.language = f"{username}@example.test", "id"
    for name, value in more.items():
        setattr(person, name, value)
    person.save()
    return person


def test_an_agency_is_reached_at_its_desk_and_a_person_at_their_address(django_assert_num_queries):
    desk, person = write_to("damkar"), write_to("dispatcher", language="en")
    agency = Agency.objects.exclude(id=desk.agency_id).first()
    targets = [f"agency:{desk.agency_id}", f"agency:{agency.id}", f"user:{person.id}", f"user:{desk.id}"]
    with django_assert_num_queries(1):
        found = resolve(targets)
    assert found == {
        targets[0]: [("damkar@example.test", "id")],
        targets[1]: [],
        targets[2]: [("dispatcher@example.test", "en")],
        targets[3]: [("damkar@example.test", "id")],
    }


def test_a_crew_of_an_agency_is_not_its_desk():
    crew = write_to("crew")
    assert resolve([f"agency:{crew.agency_id}", f"user:{crew.id}"]) == {
        f"agency:{crew.agency_id}": [],
        f"user:{crew.id}": [("crew@example.test", "id")],
    }


def test_nobody_is_reached_without_an_address_or_after_they_have_left():
    person = write_to("dispatcher", is_active=False)
    without = write_to("supervisor", email="")
    assert resolve([f"user:{person.id}", f"user:{without.id}"]) == {f"user:{person.id}": [], f"user:{without.id}": []}


def test_a_role_is_whoever_is_on_duty_and_without_a_roster_its_stand_in():
    write_to("supervisor"), write_to("dispatcher")
    assert resolve(["role:duty_officer"]) == {"role:duty_officer": [("supervisor@example.test", "id")]}
    named, hour = User.objects.get(username="dispatcher"), timedelta(hours=1)
    Duty.objects.create(
        role="duty_officer",
        user=named,
        centre=Centre.objects.get(),
        starts_at=clock.now() - hour,
        ends_at=clock.now() + hour,
    )
    assert resolve(["role:duty_officer"]) == {"role:duty_officer": [("dispatcher@example.test", "id")]}


def test_an_id_that_is_none_is_refused():
    with pytest.raises(ValueError, match="badly formed"):
        resolve(["agency:?"])
