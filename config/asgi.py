"""The web process: Django for requests, Channels for sockets, and one hub for the live feed."""

# ruff: noqa: E402 - Django must be up before its models can be imported

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup(set_prefix=False)  # the imports below need it

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path

from accounts.sockets import admit
from config.registry import registry
from core.clockwork.servers import ServerClock
from core.feed.consumer import LiveConsumer, NoSuchSocket
from core.feed.hub import Hub
from core.feed.lifespan import Lifespan
from core.handler import OneThreadHandler

hub = Hub(registry)
application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": OneThreadHandler(),
            "websocket": URLRouter(
                [
                    path("ws/live", LiveConsumer.as_asgi(hub=hub, admit=admit)),
                    re_path("", NoSuchSocket.as_asgi()),
                ]
            ),
        }
    ),
    hub,
    ServerClock(),
)
