"""Sent twice, made once."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, connection

from accounts.events import AccountEvent
from accounts.models import ApiKey
from accounts.queries import default_centre
from core import events
from core.clock import now
from core.errors import Conflict
from core.idempotency import create_once
from core.models import Event


@dataclass(frozen=True)
class Sender:
    ref: str


ANI, BUDI = Sender("user:ani"), Sender("user:budi")


def making(key, sender, name="first", digest=None):
    def make():
        row = ApiKey.objects.create(
            id=key,
            centre=default_centre(),
            name=name,
            prefix="p",
            digest=digest or key.bytes,
            scopes=["board"],
            created_at=now(),
            created_by=sender.ref,
        )
        events.append(AccountEvent.KEY_MADE, actor=sender.ref, subjects=[f"key:{key}"], data={})
        return row

    return make


def create(key, sender, **words):
    with events.transaction():
        return create_once(ApiKey, key, sender, making(key, sender, **words))


@pytest.mark.django_db
def test_the_same_sent_again_is_the_first_whatever_it_contains():
    key = uuid.uuid4()
    first, made = create(key, ANI)
    again, made_again = create(key, ANI, name="second")
    assert (made, made_again) == (True, False)
    assert first == again
    assert again.name == "first"
    assert Event.objects.filter(kind="key.made").count() == 1


@pytest.mark.django_db
def test_an_id_of_somebody_else_is_taken():
    key = uuid.uuid4()
    create(key, ANI)
    with pytest.raises(Conflict, match="id_taken"):
        create(key, BUDI)


@pytest.mark.django_db
def test_another_rule_that_is_broken_is_not_taken_for_a_repeat():
    key = uuid.uuid4()
    create(key, ANI)
    with pytest.raises(IntegrityError):
        create(uuid.uuid4(), ANI, digest=key.bytes)


@pytest.mark.parametrize("senders", [(ANI, ANI), (ANI, BUDI)])
def test_of_two_at_the_same_moment_one_makes_it_and_the_other_gets_the_same_or_a_refusal(fresh_database, senders):
    key, start, outcomes = uuid.uuid4(), threading.Barrier(2), []

    def send(sender):
        start.wait()
        try:
            outcomes.append(create(key, sender)[1])
        except Conflict as taken:
            outcomes.append(taken.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == (["False", "True"] if senders == (ANI, ANI) else ["True", "id_taken"])
    assert ApiKey.objects.filter(pk=key).count() == 1
    assert Event.objects.filter(kind="key.made").count() == 1
