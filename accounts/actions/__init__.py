"""Every change to people, sessions, keys and agencies."""

from accounts.actions.agencies import put_agency
from accounts.actions.keys import make_key, revoke_key
from accounts.actions.people import change_password, change_user, choose_language, make_user, sign_on_unit
from accounts.actions.sessions import end_session, end_sessions_of, start_session

__all__ = [
    "change_password",
    "change_user",
    "choose_language",
    "end_session",
    "end_sessions_of",
    "make_key",
    "make_user",
    "put_agency",
    "revoke_key",
    "sign_on_unit",
    "start_session",
]
