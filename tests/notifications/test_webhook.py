"""Where a webhook may go, and where not."""

from __future__ import annotations

import socket
import threading
import uuid

import httpcore
import pytest

from notifications import webhook
from notifications.webhook import Refusal, may_connect, post


@pytest.fixture(autouse=True)
def _live(settings):
    settings.SIGAP_PLACE = "live"  # a training site calls nothing beyond this machine


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
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "192.0.2.1", "198.18.0.1", "240.0.0.1", "192.0.0.9",
        "192.88.99.1", "64:ff9b::7f00:1", "::ffff:0.0.0.0", "::ffff:224.0.0.1", "::1%lo", "ff0e::1", "5f00::1",
    ],
)  # fmt: skip
def test_a_public_name_may_not_lead_to_a_private_address(address):
    assert not may_connect("example.org", address)


SPECIAL_FORMS = {
    "IPv4-compatible": ["::127.0.0.1", "::10.0.0.1", "::93.184.215.14"],
    "IPv4-translated": ["::ffff:0:10.0.0.1", "::ffff:0:93.184.215.14"],
    "NAT64 of a site's own": ["64:ff9b:1::a00:1", "64:ff9b:1:a00:0:100::", "64:ff9b:1:ffff::5db8:d70e"],
    "6to4": ["2002:a00:1::1", "2002:5db8:d70e::1"],
    "Teredo": ["2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:0:5db8:d70e::1"],
    "ISATAP": ["2606:2800:220:1:0:5efe:10.0.0.1", "2606:2800:220:1:200:5efe:7f00:1", "fd00::5efe:10.0.0.1"],
    "with a scope": ["fe80::1%eth0", "2606:2800:21f:cb07:6820:80da:af6b:8b2c%eth0", "::ffff:93.184.215.14%lo"],
    "unspecified": ["::", "0.0.0.0", "::ffff:0.0.0.0"],
    "multicast": ["ff02::1", "ff05::2", "ff0e::1", "224.0.0.1", "::ffff:239.1.2.3"],
    "site-local": ["fec0::1", "feff:ffff::1"],
    "ORCHID": ["2001:10::1", "2001:1f:ffff::1", "2001:20::1", "2001:2f:ffff::1"],
    "discard, benchmark, documentation": ["100::1", "2001:2::1", "2001:db8::1", "3fff::1", "3fff:fff::1"],
    "not assigned": ["4000::1", "e000::1", "400::1"],
}


@pytest.mark.parametrize("kind", SPECIAL_FORMS)
def test_no_name_may_lead_to_a_special_form_of_address(settings, kind):
    settings.WEBHOOK_HOSTS = frozenset({"siaga.intranet"})
    hosts = ("example.org", "siaga.intranet")
    led_to = [address for address in SPECIAL_FORMS[kind] if any(may_connect(host, address) for host in hosts)]
    assert not led_to


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "0", "0x0", "10.1", "0xa000001",
     "012.0.0.1", "167772161", "3232235777", "0251.0376.0251.0376", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]",
     "[::127.0.0.1]", "[::]", "[fe80::1%25lo]", "[64:ff9b::169.254.169.254]", "[fec0::1]", "[2002:7f00:1::]"],
)  # fmt: skip
def test_a_private_address_written_in_another_notation_is_refused(host):
    with pytest.raises((Refusal, httpcore.ConnectError)):
        post(f"https://{host}:1/", b"{}", uuid.uuid4())
    with pytest.raises(Refusal, match="https"):
        post(f"http://{host}:1/", b"{}", uuid.uuid4())


class Resolver:
    """Gives another answer to each question, as the name server of an attacker does; remembers what is called."""

    def __init__(self, monkeypatch, *answers):
        self._answers, self.called = list(answers), []
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)
        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", self._connect)

    def _look_up(self, _, port, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self._answers.pop(0)]

    def _connect(self, host, *_, **__):
        self.called.append(host)
        raise httpcore.ConnectError("nobody answers")


def test_a_name_that_changes_after_the_check_is_called_where_it_was_checked(monkeypatch):
    resolver = Resolver(monkeypatch, ["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"])
    with pytest.raises(httpcore.ConnectError):
        post("https://example.org/", b"{}", uuid.uuid4())
    assert resolver.called == ["93.184.215.14"]


def test_of_several_addresses_only_the_public_ones_are_called(monkeypatch):
    resolver = Resolver(monkeypatch, ["10.0.0.1", "93.184.215.14", "::1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    with pytest.raises(httpcore.ConnectError):
        post("https://example.org/", b"{}", uuid.uuid4())
    assert resolver.called == ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14",
     "2a00:1450:4001:830::200e", "2001:4860:4860::8888", "2400:cb00:2048:1::c629:d7a2"],
)  # fmt: skip
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
    for address in ("10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.1.2.3"):
        assert may_connect("siaga.intranet", address)
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
