"""Creating with a client-made id: sent twice, made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, models
from django.db import transaction as django_transaction

from core import clock, events, sql
from core.errors import Conflict, DomainError
from core.models import DoneAct

Row = TypeVar("Row", bound=models.Model)


class Named(Protocol):
    """Somebody the log can name."""

    @property
    def ref(self) -> str:
        """How the log names them."""


def create_once(
    model: type[Row],
    id: UUID | None,  # noqa: A002 - the wire's word
    actor: Named,
    make: Callable[[], Row],
) -> tuple[Row, bool]:
    """Make a row, or return the one that this actor made with this id before: (row, whether it is new).

    model: has `created_by`, the maker's ref. id: the client's, or None where the server makes one. make: writes the
    row and states its facts. The first one wins, whatever the second contains. Two at the same moment: the loser's
    INSERT waits for the winner's commit, fails, is rolled back with what it stated, and gets the winner's row.
    Raises Conflict(`id_taken`) where another actor made it; IntegrityError where `make` broke another rule.
    """
    if id is None:
        return make(), True
    earlier = _earlier(model, id, actor)
    if earlier is not None:
        return earlier, False
    with events.transaction() as opened:
        stated = len(opened.facts)
        try:
            with django_transaction.atomic():
                return make(), True
        except (IntegrityError, DomainError):
            del opened.facts[stated:]
            earlier = _earlier(model, id, actor)
            if earlier is None:
                raise
            return earlier, False


def first_time(id: UUID | None, actor: Named) -> bool:  # noqa: A002 - the wire's word
    """Whether an act that makes no row is done for the first time; remembered for a week. Without an id it always is.

    Called with what it changes locked. Two at the same moment: the second waits for the first one's commit.
    Raises Conflict(`id_taken`) where another actor's act has the id.
    """
    if id is None:
        return True
    row, new = DoneAct.objects.get_or_create(pk=id, defaults={"actor": actor.ref, "done_at": clock.now()})
    if row.actor != actor.ref:
        raise Conflict("id_taken", id=id)
    return new


def _earlier(model: type[Row], key: UUID, actor: Named) -> Row | None:
    found: list[Any] = sql.instances(model, f'WHERE t."{model._meta.pk.column}" = %s::uuid', [key])
    if found and found[0].created_by != actor.ref:
        raise Conflict("id_taken", id=key)
    return found[0] if found else None
