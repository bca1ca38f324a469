"""Messages to the outside: queued once, resolved late, sent at least once, every attempt kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import OperationalError

from core import clock as time
from core import events
from core.models import Delivery, Notification
from core.registry import Message
from notifications import Notice, queue, queue_many
from notifications.resolving import resolve_queued
from notifications.sender import Sender
from notifications.sending import LEASE, PAUSES_SECONDS, claim, deliver, deliver_due
from tests.core.registries import SampleDomain
from tests.core.test_clock_thread import until
from tests.notifications.receiver import receiving


def put(*notices):
    with events.transaction():
        queue_many(notices)


def notice(cause="alarm:1:1", target="role:supervisor", channel="email", **parts):
    return Notice(cause, target, channel, "alarm", **parts)


def registry(*people, **parts):
    return SampleDomain().registry(recipients=lambda targets: {target: list(people) for target in targets}, **parts)


ANI, BUDI = ("ani@example.test", "id"), ("budi@example.test", "en")


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


@pytest.mark.django_db
def test_a_message_is_queued_inside_a_write_only():
    with pytest.raises(RuntimeError, match="outside"):
        queue("alarm:1:1", "role:supervisor", "log", "alarm")


@pytest.mark.django_db
def test_the_same_message_is_queued_once():
    put(notice(), notice())
    put(notice(priority=1), notice(channel="log"))
    assert sorted(Notification.objects.values_list("channel", "priority")) == [("email", 3), ("log", 3)]


def queue_and_fail():
    with events.transaction():
        queue("alarm:1:1", "role:supervisor", "log", "alarm")
        raise ZeroDivisionError


@pytest.mark.django_db
def test_a_write_that_fails_queues_nothing():
    with pytest.raises(ZeroDivisionError):
        queue_and_fail()
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_everybody_on_duty_gets_one_mail_in_their_language():
    words = {"alarm": lambda params, language: Message(f"{language} {params['rule']}", f"text\n{language}")}
    put(notice(params={"rule": 2}))
    assert deliver_due(registry(ANI, BUDI, ANI, messages=words)) == 2
    assert sorted((letter.to, letter.subject, letter.body) for letter in mail.outbox) == [
        (["ani@example.test"], "id 2", "text\nid"),
        (["budi@example.test"], "en 2", "text\nen"),
    ]
    delivery = Delivery.objects.get(address="ani@example.test")
    assert delivery.state == "sent"
    assert [attempt["outcome"] for attempt in delivery.attempts] == ["sent"]
    letter = next(letter for letter in mail.outbox if letter.to == ["ani@example.test"])
    assert letter.extra_headers["Message-ID"] == f"<{delivery.id}@sigap>"
    assert deliver_due(registry(ANI, BUDI)) == 0


@pytest.mark.django_db
def test_a_kind_without_a_message_is_sent_as_its_codes():
    put(notice(params={"rule": 2, "level": 1}))
    deliver_due(registry(ANI))
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("Sigap: alarm", "level: 1\nrule: 2")


@pytest.mark.django_db
def test_recipients_are_those_of_the_moment_it_is_sent():
    put(notice())
    deliver_due(registry(BUDI))
    assert [letter.to for letter in mail.outbox] == [["budi@example.test"]]


@pytest.mark.django_db
def test_a_notification_without_a_recipient_is_kept_and_logged(caplog):
    put(notice())
    assert deliver_due(registry()) == 0
    assert Notification.objects.get().state == "failed"
    assert "nobody_to_tell" in caplog.text


@pytest.mark.django_db
def test_a_target_that_makes_no_sense_holds_back_nobody():
    def recipients(targets):
        if "agency:?" in targets:
            raise ValueError("agency:?")
        return {target: [ANI] for target in targets}

    put(notice(target="agency:?"), notice())
    assert deliver_due(SampleDomain().registry(recipients=recipients)) == 1
    assert sorted(Notification.objects.values_list("state", flat=True)) == ["failed", "resolved"]


@pytest.mark.django_db
def test_a_hundred_messages_are_resolved_by_two_statements(django_assert_num_queries):
    put(*(notice(cause=f"alarm:{number}:1") for number in range(100)))
    with django_assert_num_queries(4):  # with the transaction's own two
        assert resolve_queued(registry(ANI)) == 100
    assert Delivery.objects.filter(state="waiting", address="ani@example.test", attempts=[]).count() == 100


@pytest.mark.django_db
def test_the_log_channel_needs_nobody_and_writes_no_params(caplog):
    caplog.set_level(logging.INFO)
    put(notice(channel="log", params={"rule": 11, "telephone": "0328-662113"}))
    assert deliver_due(registry()) == 0
    assert Notification.objects.get().state == "resolved"
    record = next(record for record in caplog.records if record.getMessage() == "notification")
    assert (record.to, record.about) == ("role:supervisor", "alarm:1:1")
    assert "662113" not in str(vars(record))


@pytest.mark.django_db
def test_the_most_urgent_goes_first():
    put(notice(cause="a:1", priority=5), notice(cause="b:1", priority=1), notice(cause="c:1", priority=3))
    deliver_due(registry(ANI))
    sent = Delivery.objects.order_by("sent_at").values_list("notification__priority", flat=True)
    assert list(sent) == [1, 3, 5]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["nobody", "two people@example.test", "a@b.test\nBcc: c@d.test"])
def test_an_address_that_is_none_is_given_up_at_once(address):
    put(notice())
    assert deliver_due(registry((address, "id"))) == 0
    assert Delivery.objects.get().state == "gave_up"
    assert mail.outbox == []


# At least once


@pytest.mark.django_db
def test_a_claim_is_for_one_and_ends_with_its_lease(clock):
    put(notice())
    put(notice(cause="alarm:2:1"))
    resolve_queued(registry(ANI))
    first = claim(1)
    assert len(first) == 1
    assert len(claim(5)) == 1, "the other one"
    assert claim(5) == []
    clock.set(LEASE.total_seconds() + 1)
    again = claim(5)
    assert first[0].id in {claimed.id for claimed in again}
    deliver(registry(), first[0])
    assert Delivery.objects.get(id=first[0].id).state == "waiting", "its lease is another's now"


@pytest.mark.django_db
def test_failures_are_tried_again_with_growing_pauses_and_then_given_up(clock, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    put(notice())
    seconds = 0
    for pause in PAUSES_SECONDS:
        assert deliver_due(registry(ANI)) == 0
        delivery = Delivery.objects.get()
        assert delivery.state == "waiting"
        assert delivery.due_at - time.now() == pytest.approx(timedelta(seconds=pause), abs=timedelta(seconds=2))
        assert claim(1) == [], "not before its pause is over"
        seconds += pause
        clock.set(seconds + 1)
    deliver_due(registry(ANI))
    delivery = Delivery.objects.get()
    assert delivery.state == "gave_up"
    assert len(delivery.attempts) == len(PAUSES_SECONDS) + 1
    assert "ConnectionRefusedError" in delivery.attempts[0]["outcome"]


# Webhooks


@pytest.mark.django_db
def test_a_webhook_is_signed_json_with_an_id_that_stays():
    with receiving() as receiver:
        receiver.answers = [(500, {}), (204, {})]
        put(notice(target=f"url:{receiver.url}", channel="webhook", params={"rule": 2}))
        assert deliver_due(registry()) == 0
        Delivery.objects.update(due_at=time.now())
        assert deliver_due(registry()) == 1
    (headers, body), (again, _) = receiver.taken
    delivery = Delivery.objects.get()
    assert headers["X-Sigap-Delivery"] == again["X-Sigap-Delivery"] == str(delivery.id)
    content = json.loads(body)
    assert (content["about"], content["kind"], content["params"]) == ("alarm:1:1", "alarm", {"rule": 2})
    moment, digest = (part.partition("=")[2] for part in headers["X-Sigap-Signature"].split(","))
    key = settings.WEBHOOK_SECRET.encode()
    assert digest == hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert [attempt["outcome"] for attempt in delivery.attempts] == ["NotTaken: HTTP 500", "sent"]


@pytest.mark.django_db
def test_no_redirect_is_followed():
    with receiving() as receiver, receiving() as elsewhere:
        receiver.answers = [(307, {"Location": elsewhere.url})]
        put(notice(target=f"url:{receiver.url}", channel="webhook"))
        assert deliver_due(registry()) == 0
    assert len(receiver.taken) == 1
    assert elsewhere.taken == []


# The sender


def test_the_sender_sends_when_it_is_woken_beside_one_that_hangs(fresh_database):
    sender = Sender(registry(ANI))
    sender.start()
    try:
        with receiving() as receiver:
            put(notice(), notice(target=f"url:{receiver.url}", channel="webhook"))
            sender.wake()
            assert receiver.came.wait(10)
            until(lambda: Delivery.objects.filter(state="sent").count() == 2)
    finally:
        sender.stop()
    assert [letter.to for letter in mail.outbox] == [["ani@example.test"]]


def test_a_database_that_failed_while_deliveries_were_claimed_stops_no_later_one(fresh_database, monkeypatch):
    failures = []

    def fail_at_first(most):
        if len(failures) < 2:
            failures.append(most)
            raise OperationalError("the server closed the connection unexpectedly")
        return claim(most)

    monkeypatch.setattr("notifications.sender.claim", fail_at_first)
    sender = Sender(registry(ANI))
    sender.start()
    try:
        put(notice())
        for failed in (1, 2):
            sender.wake()
            until(lambda failed=failed: len(failures) == failed)
        sender.wake()
        until(lambda: Delivery.objects.filter(state="sent").count() == 1)
    finally:
        sender.stop()
    assert failures == [3, 3]
