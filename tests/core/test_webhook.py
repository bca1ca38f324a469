"""Where a webhook may go, and where not."""

from __future__ import annotations

import socket
import threading
import uuid

import httpcore
import pytest

from core.notifications import webhook
from core.notifications.webhook import Refusal, may_connect, post


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "https://user:word@example.org/",
        "http://127.0.0.1.example.org/",
        "http://localhost:99999/",
        "http://[::1",
        "https://exämple.org/",
        "https://example.org/\r\nX: y",
        "",
        "javascript:alert(1)",
        "unix:///run/valkey.sock",
    ],
)
def test_addresses_that_are_none_or_not_ours_to_call(url):
    with pytest.raises(Refusal):
        post(url, b"{}", uuid.uuid4())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "192.0.2.1", "198.18.0.1",
    ],
)  # fmt: skip
def test_a_public_name_may_not_lead_to_a_private_address(address):
    assert not may_connect("example.org", address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_a_public_name_may_lead_to_a_public_address(address):
    assert may_connect("example.org", address)


def test_loopback_leads_to_loopback_only():
    assert may_connect("localhost", "127.0.0.1")
    assert may_connect("127.0.0.1", "127.0.0.1")
    assert may_connect("::1", "::1")
    assert not may_connect("localhost", "10.0.0.1")
    assert not may_connect("localhost", "93.184.215.14")


def test_named_hosts_may_be_in_a_private_network_but_never_this_machine(settings):
    settings.WEBHOOK_HOSTS = frozenset({"siaga.intranet"})
    assert may_connect("siaga.intranet", "10.1.2.3")
    assert not may_connect("siaga.intranet", "127.0.0.1")
    assert not may_connect("siaga.intranet", "169.254.169.254")
    assert not may_connect("other.intranet", "10.1.2.3")


def test_a_literal_private_address_is_refused_when_it_connects():
    with pytest.raises(Refusal, match="private"):
        post("https://10.0.0.1/", b"{}", uuid.uuid4())


def test_a_receiver_that_answers_a_byte_at_a_time_is_cut_off(monkeypatch):
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip():
            taken, _ = server.accept()
            with taken:
                while not stop.wait(0.05):
                    try:
                        taken.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises((httpcore.TimeoutException, httpcore.RemoteProtocolError)):
                post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", uuid.uuid4())
        finally:
            stop.set()
            thread.join()
