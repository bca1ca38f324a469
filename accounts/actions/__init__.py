"""Every change to people, sessions, keys, desks, agencies and centres."""

from accounts.actions.agencies import put_agency
from accounts.actions.centres import revise_centre
from accounts.actions.desks import put_desk
from accounts.actions.exports import note_export
from accounts.actions.keys import make_key, revoke_key
from accounts.actions.people import (
    change_password,
    change_user,
    choose_language,
    give_password,
    keep_first_steps,
    make_user,
    sign_on_unit,
)
from accounts.actions.sessions import end_session, end_sessions_of, start_session

__all__ = [
    "change_password",
    "change_user",
    "choose_language",
    "end_session",
    "end_sessions_of",
    "give_password",
    "keep_first_steps",
    "make_key",
    "make_user",
    "note_export",
    "put_agency",
    "put_desk",
    "revise_centre",
    "revoke_key",
    "sign_on_unit",
    "start_session",
]
