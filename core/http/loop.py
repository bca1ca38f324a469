"""The event loop of web processes that speak TLS themselves: `uvicorn --loop core.http.loop:Loop`."""

from __future__ import annotations

from typing import Any

import uvloop
from django.conf import settings


class Loop(uvloop.Loop):
    """uvloop's, with the deadline of a request's head on the TLS handshake before it; uvicorn leaves it at 60 s."""

    async def create_server(self, *arguments: Any, ssl: Any = None, **named: Any) -> Any:
        """Listen; the protocol sees a TLS connection only when its handshake is complete."""
        if ssl is not None:
            named["ssl_handshake_timeout"] = float(settings.REQUEST_SECONDS)
        return await super().create_server(*arguments, ssl=ssl, **named)
