"""The people of a training site, whose password is published (data/sumenep/demo_people.csv)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

DEMO_PASSWORD = "sigap-demo"  # noqa: S105 - published: it opens a training site only


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role that a newcomer may try: whose account it is, where they sit, what the role does, sees and opens."""

    username: str
    desk: str | None
    title: Promise
    does: Promise
    sees: Promise
    opens: Promise


ROLE_CARDS = (
    RoleCard(
        "calltaker", "CT1", _("Call-taker"),
        _("Answers 112 calls: finds the place, names the trouble, asks the card’s questions."),
        _("calls, their numbers, the map"), _("opens Console"),
    ),
    RoleCard(
        "dispatcher", "D1", _("Dispatcher"),
        _("Sends units and follows them until everybody is safe and free again."),
        _("every incident, recommended units, alarms"), _("opens Console"),
    ),
    RoleCard(
        "supervisor", "S1", _("Supervisor"),
        _("Watches the whole centre, steps in when somebody should have acted and did not."),
        _("the live board, all calls and alarms"), _("opens Board"),
    ),
    RoleCard(
        "damkar", "DAMKAR-1", _("Agency desk"),
        _("Accepts the fire service’s tasks, sends its own units, reports back."),
        _("only Damkar’s tasks and units"), _("opens Agency"),
    ),
    RoleCard(
        "crew", None, _("Crew"),
        _("Rides the fire engine: the job, the dangers, one large button for the next step."),
        _("this unit’s job; best on a phone"), _("opens Crew"),
    ),
    RoleCard(
        "admin", None, _("Administrator"),
        _("Sets up people, units, places, plans and alarm rules."),
        _("settings; no calls, no incidents"), _("opens Settings"),
    ),
    RoleCard(
        "auditor", None, _("Auditor"),
        _("Reads everything and changes nothing; reading what is restricted is logged."),
        _("calls, incidents, the event log"), _("opens Board"),
    ),
)  # fmt: skip


def is_training() -> bool:
    """Whether this is a training site."""
    return bool(settings.SIGAP_PLACE == "training")


def role_cards() -> list[tuple[int, RoleCard, User]]:
    """(key, card, person) of each role whose person exists and may sign in; none on a live site."""
    if not is_training():
        return []
    names = [card.username for card in ROLE_CARDS]
    people = {user.username: user for user in User.objects.filter(username__in=names, is_active=True)}
    return [(at, card, people[card.username]) for at, card in enumerate(ROLE_CARDS, 1) if card.username in people]


def has_demo_password(user: User) -> bool:
    """Whether the published password still opens an account: a card opens no other."""
    return check_password(DEMO_PASSWORD, user.password)
