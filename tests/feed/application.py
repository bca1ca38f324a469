"""A small place for the feed's own tests: its only things are sources, its newcomers say in a header who they are.

A source with `watched` is open; its kind names the agency that has a part in it ("agency:<uuid>") or nobody.
"""

# ruff: noqa: E402 - a server runs this module: Django must be up before its models can be imported

from __future__ import annotations

import os
from uuid import UUID, uuid4

from tests.sample_events import SampleEvent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from core import clock, events
from core.models import Source
from core.registry import Form, Kind, Registry
from feed.audiences import Admission, View
from feed.consumer import LiveConsumer
from feed.hub import Hub
from feed.lifespan import Lifespan


def form_of(source: Source) -> Form:
    prefix, _, agency = source.kind.partition(":")
    return Form(
        {"id": source.id, "name": source.name, "kind": source.kind},
        agencies=frozenset({UUID(agency)} if prefix == "agency" else ()),
    )


def source_forms(ids):
    rows = Source.objects.filter(watched=True).order_by("id")
    if ids is not None:
        rows = rows.filter(id__in=ids)
    return {row.id: form_of(row) for row in rows}


def moved(since):
    rows = Source.objects.filter(last_seen_at__isnull=False).order_by("name")
    if since is not None:
        rows = rows.filter(last_seen_at__gt=since)
    return [(form_of(row), [row.name, -7.0, 113.8, None, None, row.last_seen_at]) for row in rows]


registry = Registry(
    kinds=(Kind("unit", "units", source_forms),),
    timers={},
    positions=moved,
    kpis=lambda: {"waiting": Source.objects.filter(watched=True).count()},
    recipients=lambda _targets: {},
    health={},
)


def admit(scope):
    secret = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")
    if not secret:
        return 4401
    if secret == "nobody/":
        return 4403
    view, _, watch = secret.partition("/")
    kind, _, identifier = view.partition(" ")
    return Admission(View(kind, UUID(identifier) if identifier else None), frozenset({watch} if watch else ()))


def _own(name: str) -> str:
    """A name that no other source has."""
    return f"{name}.{uuid4().hex[:8]}"


def change(source: Source, name: str, *, open_: bool = True, kind: str | None = None) -> int:
    """Change a source and state it; the fact's seq."""
    with events.transaction():
        row = Source.objects.select_for_update().get(pk=source.pk)
        agencies = {part for part in (row.kind, kind) if part and part.startswith("agency:")}
        row.name, row.watched, row.kind = _own(name), open_, kind or row.kind
        row.save()
        fact = events.append(
            SampleEvent.UNIT_CHANGED, actor="demo", subjects=[f"unit:{row.id}", *agencies], data={"n": 1}
        )
    return fact.seq


def make(name: str, kind: str = "") -> Source:
    """Make a source and state it."""
    with events.transaction():
        row = Source.objects.create(name=_own(name), kind=kind, watched=True)
        subjects = [f"unit:{row.id}", *([kind] if kind else [])]
        events.append(SampleEvent.UNIT_MADE, actor="demo", subjects=subjects, at=clock.now())
    return row


async def nothing(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


hub = Hub(registry)
application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": nothing,
            "websocket": URLRouter([path("ws/live", LiveConsumer.as_asgi(hub=hub, admit=admit))]),
        }
    ),
    hub,
)
