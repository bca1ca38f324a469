"""The words of dispatch's notifications, made when they are sent, in the reader's language, from ids and codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from core.registry import Message


@dataclass(frozen=True, slots=True)
class Words:
    """A message with places for the number, type, priority and agency of what it is about."""

    title: str
    text: str

    def __call__(self, params: Mapping[str, Any], language: str) -> Message:
        """The message in a language ("id", "en")."""
        with override(language):
            return Message(gettext(self.title) % params, gettext(self.text) % params)


MESSAGES: dict[str, Words] = {
    "task.offered": Words(
        _("P%(priority)s: task in incident %(number)s"),
        _("%(agency)s is asked to help in incident %(number)s (%(type)s, P%(priority)s). Accept or refuse it."),
    ),
    "task.withdrawn": Words(
        _("Incident %(number)s: task withdrawn"),
        _("%(agency)s is needed no more in incident %(number)s (%(type)s, P%(priority)s)."),
    ),
    "task.refused": Words(
        _("P%(priority)s: %(agency)s refused its task in incident %(number)s"),
        _("%(agency)s can't help in incident %(number)s (%(type)s, P%(priority)s). See who is asked instead."),
    ),
}
