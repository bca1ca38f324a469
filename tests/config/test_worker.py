"""The worker and the beat as they really run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings

from core import events
from core.models import Event, Notification, Source
from launcher.connection import BASE_DIR
from notifications import queue
from tests.core.registries import arm, make_subjects, states
from tests.core.test_clock_thread import until


def gone():
    """The address of a broker that isn't there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@contextmanager
def celery(tmp_path, database, *words, broker=settings.REDIS_URL, may_end=False):
    """A Celery process of the tests' domain; ended by SIGTERM, its output in the assertion if it dies early."""
    log = tmp_path / f"{words[0]}.log"
    environ = os.environ | {"DATABASE_URL": database.url, "REDIS_URL": broker, "LOG_LEVEL": "INFO"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.config.worker", *words],
            cwd=BASE_DIR, env=environ, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        yield process
        assert may_end or process.poll() is None, log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


WORKER = ("worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle")


def test_without_a_broker_the_worker_starts_fires_timers_and_sends_messages(fresh_database, tmp_path):
    (subject,) = make_subjects()
    with celery(tmp_path, fresh_database, *WORKER, "--hostname", "worker@test", broker=gone()):
        until(lambda: Source.objects.filter(kind="worker", name="worker@test").exists(), 30)
        arm(subject)
        with events.transaction():
            queue("alarm:1:1", "role:supervisor", "log", "alarm")
        until(lambda: states(subject) == ["fired"])
        until(lambda: Notification.objects.filter(state="resolved").exists())
    assert '"event": "notification"' in (tmp_path / "worker.log").read_text()


@pytest.mark.long
def test_beat_gives_its_sign_through_the_worker(fresh_database, tmp_path):
    schedule = ("beat", "--schedule", str(tmp_path / "schedule"), "--pidfile", "")
    with ExitStack() as stack:
        stack.enter_context(celery(tmp_path, fresh_database, *WORKER))
        stack.enter_context(celery(tmp_path, fresh_database, *schedule))
        first = until(lambda: Source.objects.filter(kind="beat").first(), 30)
        until(lambda: Source.objects.get(kind="beat").last_seen_at > first.last_seen_at)


@pytest.mark.long
def test_timers_fire_once_while_workers_are_killed_again_and_again(fresh_database, tmp_path):
    subjects = make_subjects(2000)
    for number, subject in enumerate(subjects):
        arm(subject, seconds=10 + number / 200)
    with celery(tmp_path, fresh_database, *WORKER, "--hostname", "steady@test", broker=gone()):
        while Event.objects.filter(kind="test.fired").count() < len(subjects):
            words = (*WORKER, "--hostname", "mortal@test")
            with celery(tmp_path, fresh_database, *words, broker=gone(), may_end=True) as process:
                until(lambda: Source.objects.filter(name="mortal@test").exists(), 30)
                Source.objects.filter(name="mortal@test").delete()
                process.kill()
                process.wait()
    fired = list(Event.objects.filter(kind="test.fired").values_list("subjects__0", flat=True))
    assert sorted(fired) == sorted(subjects)
