"""uvicorn's WebSocket protocol with one way more: a frame made once goes straight to the transport.

`uvicorn --ws feed.protocol:FeedProtocol`. Encoding a text anew for each socket, and a task switch for each send,
cost more than half of what one core can deliver.
"""

from __future__ import annotations

from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from feed.frames import Frame
from feed.sockets import EXTENSION

GRACE_SECONDS = 5.0


class FeedProtocol(WebSocketsSansIOProtocol):
    """Offers itself as the scope's extension "sigap.frames": a `feed.sockets.Line`."""

    async def run_asgi(self) -> None:
        """Run the application with the extension in its scope."""
        extensions = cast("dict[str, Any]", self.scope["extensions"])
        extensions[EXTENSION] = self
        await super().run_asgi()

    def write(self, frame: Frame, allowed_unsent: int) -> bool:
        """Write a prebuilt frame; False when too much waits already, or the socket is closed."""
        transport = self.transport
        if self.close_sent or self.disconnected or transport.get_write_buffer_size() > allowed_unsent:
            return False
        transport.write(frame.wire)
        return True

    def close(self, code: int) -> None:
        """Send a close frame, end the application's part, and cut the line after 5 s if the peer doesn't answer."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(GRACE_SECONDS, self.transport.abort)
