"""The sockets of one view, which all get the same frames."""

from __future__ import annotations

import time
from collections.abc import Iterable

from feed.audiences import View
from feed.frames import Frame
from feed.replay_buffer import ReplayBuffer
from feed.sockets import Socket

TRY_AGAIN_LATER = 1013
EMPTY_SECONDS = 120.0


class Subscribers:
    """All sockets of one view. Each has been sent everything up to the buffer's head."""

    def __init__(self, view: View, head: int) -> None:
        self.view = view
        self.buffer = ReplayBuffer(view, head)
        self.sockets: set[Socket] = set()
        self.head_sent_at = time.monotonic()
        self.used_at = time.monotonic()

    def publish(self, frame: Frame) -> list[Socket]:
        """Write a frame to every socket; those that couldn't take it, no longer among the sockets."""
        slow = [socket for socket in self.sockets if not socket.write(frame)]
        self.dismiss(slow, TRY_AGAIN_LATER)
        return slow

    def publish_head(self, frame: Frame) -> list[Socket]:
        """As `publish`, for a frame that carries the head: a batch or a beat."""
        self.head_sent_at = time.monotonic()
        return self.publish(frame)

    def dismiss(self, sockets: Iterable[Socket], code: int) -> None:
        """Close sockets with a code and forget them."""
        for socket in list(sockets):
            self.sockets.discard(socket)
            socket.close(code)

    def is_left(self) -> bool:
        """Whether nobody has looked with this view for two minutes."""
        if self.sockets:
            self.used_at = time.monotonic()
        return time.monotonic() - self.used_at > EMPTY_SECONDS
