"""A real web process before clients that send too much, too slowly or too often, and that never read."""

from __future__ import annotations

import contextlib
import functools
import http.client
import resource
import select
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api_client import make_secret
from tests.servers import Web, live_web

SECONDS = 1.0
MOST = 20
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def quick(module_database) -> Iterator[Web]:
    """A web process whose deadlines are short."""
    with live_web(module_database, REQUEST_SECONDS=SECONDS) as web:
        yield web


@pytest.fixture(scope="module")
def crowded(module_database) -> Iterator[Web]:
    """A web process that allows an address few connections without a head, and much time."""
    with live_web(module_database, REQUEST_SECONDS=300, HALF_OPEN_MAX=MOST, WEB_PROCESSES=1) as web:
        yield web


@pytest.fixture(scope="module")
def patient(module_database) -> Iterator[Web]:
    """A web process with much time whose pool has six connections, and rows for a long answer."""
    with live_web(module_database, send_buffer=4_096, REQUEST_SECONDS=300) as web:
        with httpx.Client(base_url=web.url, headers=key(), timeout=PATIENCE_SECONDS) as client:
            for number in range(60):
                client.put(f"/api/v1/agencies/A{number}", json={"name": "x" * 200}).raise_for_status()
        yield web


@functools.cache
def key() -> dict[str, str]:
    return {"Authorization": f"Bearer {make_secret(['admin'])}"}


@contextlib.contextmanager
def line(web: Web, source: str = "127.0.0.1") -> Iterator[socket.socket]:
    url = httpx.URL(web.url)
    with socket.create_connection((url.host, url.port), PATIENCE_SECONDS, source_address=(source, 0)) as opened:
        yield opened


def send(to: socket.socket, content: bytes) -> None:
    """Send until the other side takes no more."""
    with contextlib.suppress(ConnectionError):
        to.sendall(content)


def read(source: socket.socket) -> bytes:
    """All that comes until the other side ends."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := source.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def status(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer[:200]
    return int(answer.split(b" ", 2)[1])


def is_up(web: Web) -> bool:
    return httpx.get(web.url + "/sign-in/", timeout=PATIENCE_SECONDS).status_code == 200


def head(size: int, *, more: bytes = b"") -> bytes:
    """A complete request head of so many bytes."""
    start = b"GET /static/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + b"X: "
    return start + b"x" * (size - len(start) - 4) + b"\r\n\r\n"


def test_a_head_of_64_kib_is_taken_and_one_byte_more_is_431(quick):
    for size, expected in ((65_536, 404), (65_537, 431)):
        with line(quick) as client:
            send(client, head(size))
            answer = read(client)
        assert status(answer) == expected, size
    assert b'"code":"head_too_large"' in answer.replace(b": ", b":")
    assert b"connection: close" in answer


@pytest.mark.parametrize("kind", ["one header", "many headers", "address", "websocket"])
@pytest.mark.parametrize("megabytes", [0.1, 30])
def test_a_head_without_an_end_is_431_while_others_are_served(quick, kind, megabytes):
    size = int(megabytes * 1_000_000)
    start = b"GET /static/none HTTP/1.1\r\nHost: localhost\r\n"
    content = {
        "one header": start + b"X: " + b"x" * size,
        "many headers": start + b"x: y\r\n" * (size // 6),
        "address": b"GET /" + b"x" * size,
        "websocket": b"GET /ws/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"X: " + b"x" * size,
    }[kind]
    with line(quick) as client:
        sending = threading.Thread(target=send, args=(client, content))
        sending.start()
        assert is_up(quick)
        sending.join()
        answer = read(client)
    assert status(answer) == 431


def test_a_further_head_without_an_end_is_431_too(quick):
    client = http.client.HTTPConnection("127.0.0.1", httpx.URL(quick.url).port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(client):
        client.request("GET", "/static/none")
        first = client.getresponse()
        first.read()
        assert first.status == 404
        send(client.sock, b"GET / HTTP/1.1\r\nX: " + b"x" * 1_000_000)
        assert status(read(client.sock)) == 431


def test_more_than_128_headers_are_431(quick):
    for count, expected in ((120, 404), (130, 431)):
        with line(quick) as client:
            send(client, head(2000, more=b"".join(b"H%d: x\r\n" % number for number in range(count))))
            assert status(read(client)) == expected, count


@pytest.mark.parametrize(
    ("header", "expected"), [(b"X: " + b"x" * 9_000, 431), (b"Sec-WebSocket-Key: \xff\xfe", 400)], ids=["long", "odd"]
)
def test_a_socket_s_head_that_cannot_be_taken_is_answered_and_closed(quick, header, expected):
    with line(quick) as client:
        send(
            client,
            b"GET /ws/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\n" + header + b"\r\n\r\n",
        )
        assert status(read(client)) in {expected, 400}


def crawl(client: socket.socket, piece: bytes) -> None:
    """Send a piece again and again, far more slowly than is allowed, until the other side ends."""
    done = threading.Event()

    def go_on() -> None:
        with contextlib.suppress(OSError):
            while not done.wait(0.2):
                client.sendall(piece)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        crawl.answer = read(client)
    finally:
        done.set()
        thread.join()


SLOW = {
    "a head": (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X: y\r\n", 408),
    "blank lines": (b"\r\n", b"\r\n", 408),
    "a body": (
        b"PUT /api/v1/agencies/X HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
        b"x",
        408,
    ),
    "a body in chunks": (
        b"PUT /api/v1/agencies/X HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\nx\r\n",
        408,
    ),
    "a chunk's extension": (
        b"PUT /api/v1/agencies/X HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;a=",
        b"x",
        408,
    ),
    "nothing more of a body": (
        b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
        b"",
        408,
    ),
}


@pytest.mark.parametrize("kind", SLOW)
def test_what_comes_too_slowly_is_408_and_closed(quick, kind):
    start, piece, expected = SLOW[kind]
    with line(quick) as client:
        send(client, start)
        crawl(client, piece)
        assert status(crawl.answer) == expected
    assert is_up(quick)


def test_a_second_head_that_does_not_come_is_closed_after_the_first_answer(quick):
    with line(quick) as client:
        send(client, b"GET /static/none HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT")
        answer = read(client)
    assert status(answer) == 404
    assert answer.count(b"HTTP/1.1 ") <= 2


def test_a_connection_on_which_nothing_is_asked_is_closed_without_an_answer(quick):
    with line(quick) as client:
        assert read(client) == b""


def test_a_chunk_s_extension_without_an_end_is_refused(quick):
    with line(quick) as client:
        send(client, SLOW["a chunk's extension"][0])
        send(client, b"x" * 1_000_000)
        assert status(read(client)) == 400


def test_many_requests_at_once_on_a_line_are_refused(quick):
    with line(quick) as client:
        send(client, b"GET /static/none HTTP/1.1\r\nHost: localhost\r\n\r\n" * 5_000)
        assert read(client).count(b"HTTP/1.1 404") < 1_000
    assert is_up(quick)


def test_half_open_connections_past_the_limit_of_their_address_end_the_oldest_of_it(crowded):
    with contextlib.ExitStack() as lines:
        others = [lines.enter_context(line(crowded, "127.0.0.2")) for _ in range(MOST)]
        ours = []
        for _ in range(5 * MOST):
            client = lines.enter_context(line(crowded, "127.0.0.3"))
            client.sendall(b"GET / HTTP/1.1\r\n")
            ours.append(client)
        for client in ours[: 4 * MOST]:
            assert read(client) == b""
        with line(crowded, "127.0.0.3") as client:
            send(client, head(200))
            assert status(read(client)) == 404
        for client in [*others, *ours[-MOST + 1 :]]:
            client.sendall(head(200) if client in others else b"Host: localhost\r\nConnection: close\r\n\r\n")
            assert status(read(client)) in {302, 404}


def test_connections_of_a_trusted_proxy_are_not_counted_by_address(crowded):
    with contextlib.ExitStack() as lines:
        of_proxy = [lines.enter_context(line(crowded, "127.0.0.1")) for _ in range(3 * MOST)]
        for client in of_proxy:
            client.sendall(head(200))
            assert status(read(client)) == 404


def test_a_connection_whose_head_is_complete_is_not_counted(crowded):
    with contextlib.ExitStack() as lines:
        served = []
        for _ in range(2 * MOST):
            client = lines.enter_context(line(crowded, "127.0.0.4"))
            client.sendall(b"PUT /api/v1/agencies/X HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n")
            served.append(client)
        for client in served:
            client.sendall(b"{}")
            assert client.recv(12) == b"HTTP/1.1 401"


LONG = b"GET /api/v1/agencies HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n\r\n"


@contextlib.contextmanager
def deaf(web: Web) -> Iterator[socket.socket]:
    """A client that asks for much and reads nothing."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(PATIENCE_SECONDS)
        client.connect(("127.0.0.1", httpx.URL(web.url).port))
        client.sendall(LONG % key()["Authorization"].encode() * 16)
        yield client


def test_clients_that_never_read_keep_no_connection_to_the_database(patient):
    with contextlib.ExitStack() as lines:
        for _ in range(12):
            lines.enter_context(deaf(patient))
        for _ in range(12):
            answer = httpx.get(f"{patient.url}/api/v1/agencies", headers=key(), timeout=PATIENCE_SECONDS)
            assert answer.status_code == 200


def test_a_client_that_never_reads_is_ended(module_database, patient):
    with live_web(module_database, send_buffer=4_096, REQUEST_SECONDS=SECONDS) as web, deaf(web) as client:
        ended = select.poll()
        ended.register(client, 0)  # an error or a hang-up alone
        assert ended.poll(1000 * PATIENCE_SECONDS)


def test_a_client_that_reads_slowly_gets_its_answers(patient, module_database):
    with live_web(module_database, send_buffer=4_096, REQUEST_SECONDS=SECONDS) as web, deaf(web) as client:
        taken = b""
        while taken.count(b"HTTP/1.1 200") < 16 or not taken.endswith(b"}"):
            time.sleep(0.01)
            part = client.recv(4_096)
            assert part, len(taken)
            taken += part


def test_a_web_process_may_open_as_many_files_as_the_system_lets_it(quick):
    limits = Path(f"/proc/{quick.processes[0].pid}/limits").read_text(encoding="ascii")
    soft, hard = next(row for row in limits.splitlines() if row.startswith("Max open files")).split()[3:5]
    assert soft == hard == str(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
