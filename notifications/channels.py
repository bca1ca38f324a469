"""The ways out: e-mail, a web address. Each takes well under a minute or raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage

from core.json_codec import dumps
from core.registry import Message
from notifications.webhook import Refusal, post


class Undeliverable(Exception):
    """It can't go out this way, now or later: trying again would be in vain."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to leave, to one address. `id` stays the same over all tries."""

    id: UUID
    cause: str
    kind: str
    params: Mapping[str, Any]
    address: str
    message: Message
    queued_at: datetime


def send_email(outgoing: Outgoing) -> None:
    """Send a mail by Django's backend; its Message-ID is the delivery's, so that a second copy is known as one."""
    if "@" not in outgoing.address or len(outgoing.address.split()) != 1:
        raise Undeliverable("not an e-mail address")
    EmailMessage(
        subject=" ".join(outgoing.message.title.split()),
        body=outgoing.message.text,
        to=[outgoing.address],
        headers={"Message-ID": f"<{outgoing.id}@sigap>", "Auto-Submitted": "auto-generated"},
    ).send()


def call_webhook(outgoing: Outgoing) -> None:
    """POST the message as signed JSON; raises Undeliverable for an address that may not be called."""
    body = dumps(
        {
            "id": outgoing.id,
            "about": outgoing.cause,
            "kind": outgoing.kind,
            "params": dict(outgoing.params),
            "title": outgoing.message.title,
            "text": outgoing.message.text,
            "at": outgoing.queued_at,
        }
    )
    try:
        post(outgoing.address, body, outgoing.id)
    except Refusal as error:
        raise Undeliverable(str(error)) from error


CHANNELS: Mapping[str, Callable[[Outgoing], None]] = {
    "email": send_email,
    "webhook": call_webhook,
}
