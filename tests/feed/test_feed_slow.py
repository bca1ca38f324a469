"""Clients that don't read, over real sockets: the server closes them and the others notice nothing."""

from __future__ import annotations

import base64
import os
import socket
from contextlib import ExitStack

import pytest

from core import event_log, events
from tests.feed.application import make
from tests.feed.client import Client
from tests.sample_events import SampleEvent
from tests.servers import live_web

PLACE = "tests.feed.application:application"


@pytest.fixture(scope="module")
def place(module_database):
    with live_web(module_database, 1, PLACE) as web:
        yield web


def deaf(place, since):
    """A socket that has joined and reads no more."""
    host, port = place.url.removeprefix("http://").split(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((host, int(port)))
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET /ws/live?since={since} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer centre/\r\n\r\n".encode()
    )
    assert line.recv(12) == b"HTTP/1.1 101"
    return line


def write_much(megabytes):
    """Facts that make so many megabytes of frames."""
    for _ in range(megabytes * 4):
        with events.transaction():
            for _fact in range(50):
                events.append(SampleEvent.TEST_SAID, actor="demo", subjects=["centre:x"], data={"code": "x" * 5_000})


def drained(line):
    """Read until the server hangs up."""
    line.settimeout(20)
    taken = 0
    while chunk := line.recv(1 << 20):
        taken += len(chunk)
    return taken


def test_fifty_deaf_clients_are_closed_and_the_others_lose_nothing(place):
    start = event_log.last_seq()
    with ExitStack() as ends:
        lines = [ends.enter_context(deaf(place, start)) for _ in range(50)]
        quick = [ends.enter_context(Client(place.live, since=start)) for _ in range(2)]
        write_much(6)
        for client in quick:
            client.take_until(seq=event_log.last_seq(), timeout=60)
            assert client.seqs == list(range(start + 1, event_log.last_seq() + 1))
        for line in lines[:5]:
            assert drained(line) < 6 * 1024 * 1024
        make("DMK1")
        for client in quick:
            assert client.take_until("batch")


def test_a_client_that_was_closed_for_being_slow_resumes_by_its_seq(place):
    start = event_log.last_seq()
    with deaf(place, start) as line:
        write_much(6)
        drained(line)
    with Client(place.live, since=start) as again:
        again.take_until(seq=event_log.last_seq(), timeout=60)
        assert again.seqs == list(range(start + 1, event_log.last_seq() + 1))
