"""What travels on a socket: texts made once, and the bytes of their WebSocket frames made once with them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.json_codec import dumps

_FINAL_TEXT = 0x81


@dataclass(frozen=True, slots=True)
class Frame:
    """One text message. wire: the same as an unmasked, uncompressed frame (RFC 6455, 5.2), equal for every socket."""

    text: bytes
    wire: bytes

    @classmethod
    def of(cls, text: bytes) -> Frame:
        """The frame of a text in UTF-8."""
        size = len(text)
        if size < 126:
            header = struct.pack("!BB", _FINAL_TEXT, size)
        elif size < 65_536:
            header = struct.pack("!BBH", _FINAL_TEXT, 126, size)
        else:
            header = struct.pack("!BBQ", _FINAL_TEXT, 127, size)
        return cls(text, header + text)


def batch(seq: int, at: datetime, events: Iterable[bytes], now: Mapping[str, bytes]) -> Frame:
    """Facts, already JSON, and the form at `seq` of each thing they touch (b"null": not on this board)."""
    forms = b",".join(b'"%s":%s' % (subject.encode(), form) for subject, form in now.items())
    head = b'{"type":"batch","seq":%d,"at":%s,"events":[' % (seq, dumps(at))
    return Frame.of(head + b",".join(events) + b'],"now":{' + forms + b"}}")


def beat(head: int, at: datetime) -> Frame:
    """Nothing new up to `head`."""
    return Frame.of(dumps({"type": "beat", "head": head, "at": at}))


def positions(at: datetime, rows: Iterable[bytes]) -> Frame:
    """Where units are: rows already JSON, [callsign, lat, lng, heading, speed, fix_at]."""
    return Frame.of(b'{"type":"positions","at":%s,"units":[%s]}' % (dumps(at), b",".join(rows)))


def kpis(at: datetime, figures: Mapping[str, Any]) -> Frame:
    """The centre's live figures."""
    return Frame.of(dumps({"type": "kpis", "at": at, **figures}))


RESET = Frame.of(b'{"type":"reset"}')
