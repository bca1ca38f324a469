"""The directory: who can help."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.roles import Reach, Right
from directory.models import Contact


def contacts_of(actor: Actor, words: str = "") -> QuerySet[Contact]:
    """The contacts in use that an actor may read, by name; an agency reads its own. words: parts to look for.

    A word may stand in the code, the name, the role, the area or the agency's code.
    """
    found = Contact.objects.filter(centre=actor.centre, active=True).select_related("agency").order_by("name", "code")
    reach = actor.reach(Right.PLACE_WARNINGS_SEE)
    if reach is Reach.NONE:
        return found.none()
    if reach is Reach.OWN:
        found = found.filter(agency=actor.agency) if actor.agency else found.none()
    for word in words.split():
        found = found.filter(
            Q(code__icontains=word)
            | Q(name__icontains=word)
            | Q(role__icontains=word)
            | Q(area__icontains=word)
            | Q(agency__code__iexact=word)
        )
    return found
