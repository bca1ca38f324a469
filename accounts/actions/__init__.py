"""Every change to people, sessions, keys, desks, agencies and centres."""

from accounts.actions.agencies import put_agency
from accounts.actions.bridges import bridge_factor, end_bridge
from accounts.actions.centres import revise_centre
from accounts.actions.desks import put_desk
from accounts.actions.exports import note_export
from accounts.actions.factors import (
    add_app,
    add_passkey,
    make_recovery_codes,
    remove_factor,
    use_code,
    use_passkey,
)
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
    "add_app",
    "add_passkey",
    "bridge_factor",
    "change_password",
    "change_user",
    "choose_language",
    "end_bridge",
    "end_session",
    "end_sessions_of",
    "give_password",
    "keep_first_steps",
    "make_key",
    "make_recovery_codes",
    "make_user",
    "note_export",
    "put_agency",
    "put_desk",
    "remove_factor",
    "revise_centre",
    "revoke_key",
    "sign_on_unit",
    "start_session",
    "use_code",
    "use_passkey",
]
