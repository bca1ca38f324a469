"""The limits of a TLS connection before its handshake is complete, on a loop as web processes have it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from http_server.loop import Loop
from http_server.pending import pending

PATIENCE_SECONDS = 30.0
MOST = 5


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.HALF_OPEN_MAX, settings.WEB_PROCESSES = MOST, 1
    pending.cache_clear()
    yield
    pending.cache_clear()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate of our own for localhost, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "both.pem"
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, form, plain)
    )
    return path


class Echo(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


Opened = Callable[..., Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def on_a_server(certificate: Path, check: Callable[[Opened], Awaitable[None]]) -> None:
    async def serve() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0, ssl=context)
        writers = []

        async def opened(**named: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), **named)
            writers.append(writer)
            return reader, writer

        async with server:
            await check(opened)
            for writer in writers:
                writer.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(serve())

    with ThreadPoolExecutor(1) as pool:  # a browser's driver keeps a loop in the tests' own thread
        pool.submit(run).result()


async def all_of(reader: asyncio.StreamReader) -> bytes:
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    return b""


async def echoes(opened: Opened, certificate: Path) -> bool:
    trusted = ssl.create_default_context(cafile=str(certificate))
    trusted.check_hostname = False
    reader, writer = await opened(ssl=trusted)
    writer.write(b"hello")
    return await asyncio.wait_for(reader.readexactly(5), PATIENCE_SECONDS) == b"hello"


def test_a_handshake_that_does_not_come_is_closed(settings, certificate):
    settings.REQUEST_SECONDS = 0.5

    async def check(opened: Opened) -> None:
        reader, _ = await opened()
        assert await all_of(reader) == b""
        assert len(pending()) == 0
        assert await echoes(opened, certificate)

    on_a_server(certificate, check)


def test_handshakes_that_do_not_come_are_counted_by_address_and_the_oldest_ends(settings, certificate):
    settings.REQUEST_SECONDS = 300

    async def check(opened: Opened) -> None:
        silent = [(await opened())[0] for _ in range(3 * MOST)]
        for reader in silent[: 2 * MOST]:
            assert await all_of(reader) == b""
        assert await echoes(opened, certificate)
        assert not silent[-1].at_eof()

    on_a_server(certificate, check)
