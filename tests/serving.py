"""What a web process or a worker of the tests runs: a fork of one that has loaded everything already.

Loading Python's modules takes a second and a half of a core, the rest of a start a tenth of that.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Any

os.environ["SIGAP_POOL_MAX"] = "6"

import uvicorn
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections

import config.asgi  # noqa: F401 - loaded before the fork
from config.celery import app

PBKDF2PasswordHasher.iterations = 1_000  # as ../conftest.py has it


def web(database: str, application: str, listening: socket.socket, chosen: Mapping[str, Any]) -> None:
    """Serve an application on a database, as `uvicorn` does under `up`, with these settings."""
    for name, value in chosen.items():
        setattr(settings, name, value)
    connections["default"].settings_dict["NAME"] = database
    config = uvicorn.Config(
        application, http="http_server.protocol:LimitedProtocol", ws="feed.protocol:FeedProtocol",
        ws_per_message_deflate=False, lifespan="on",
        access_log=False, log_level="warning", timeout_graceful_shutdown=1,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


def worker(database: str) -> None:
    """Run a Celery worker, which carries the clock, on a database."""
    connections["default"].settings_dict["NAME"] = database
    app.worker_main(
        ["worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING",
         "--without-gossip", "--without-mingle"]
    )  # fmt: skip
