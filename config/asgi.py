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
from core.firing.server_clocks import ServerClock
from feed.consumer import LiveConsumer, NoSuchSocket
from feed.hub import Hub
from feed.lifespan import Lifespan
from http_server.asgi_handler import OneThreadHandler
from http_server.static_files import StaticFiles

hub = Hub(registry)
application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": StaticFiles(OneThreadHandler()),
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
