"""The texts of problems: a title and a fix for each code, a message for each kind of wrong field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem's title and fix; the fix may name members of the response as %(name)s."""

    title: str | Promise
    fix: str | Promise


LATER = _("Wait as long as Retry-After says, then go on.")
CORE_PROBLEMS: dict[str, Problem] = {
    "not_signed_in": Problem(
        _("Not signed in"), _("Sign in, or send a valid key in the header: Authorization: Bearer KEY.")
    ),
    "key_not_valid": Problem(
        _("The key is not valid"), _("The key is unknown, revoked or expired. Ask an admin for a new one.")
    ),
    "not_allowed": Problem(_("Not allowed"), _("Your role may see this but not do it. Ask a supervisor.")),
    "scope_missing": Problem(
        _("The key lacks a scope"), _("This call needs a key with another scope. Ask an admin for one.")
    ),
    "csrf_failed": Problem(
        _("The form has expired"), _("Reload the page and send again; programs send a key instead of a session.")
    ),
    "not_found": Problem(_("Not found"), _("There is nothing here, or it is not yours to see.")),
    "method_not_allowed": Problem(_("Method not allowed"), _("The Allow header names the methods that work here.")),
    "bad_request": Problem(_("The request can't be read"), _("Check how the request is written and send it again.")),
    "bad_query": Problem(_("The address can't be read"), _("Write the query in UTF-8 and without NUL.")),
    "bad_json": Problem(_("The body is not JSON"), _("Send one JSON value in UTF-8, without NaN.")),
    "not_json": Problem(_("The body has another kind"), _("Send it with Content-Type: application/json.")),
    "head_too_large": Problem(
        _("The request's head is too large"),
        _("Send a shorter address, fewer headers and smaller cookies: at most 64 KiB."),
    ),
    "request_too_slow": Problem(_("The request came too slowly"), _("Nothing was written. Send it again.")),
    "body_too_large": Problem(_("The body is too large"), _("Send less at once: at most 1 MiB.")),
    "bad_cursor": Problem(_("The cursor is unknown"), _("Take `next` of the page before, unchanged, or leave it out.")),
    "invalid": Problem(_("Something can't be taken as it is"), _("`errors` names each field and its mend.")),
    "time_in_future": Problem(
        _("The time lies in the future"), _("Give a time that has passed; 5 seconds ahead are let through.")
    ),
    "time_too_old": Problem(_("The time lies too far back"), _("Give a time from the year 2000 on.")),
    "id_taken": Problem(_("The id is taken"), _("Somebody else made something with this id. Make a new one.")),
    "code_malformed": Problem(
        _("The code can't be taken"), _("Give at most 16 letters A-Z, digits and hyphens, a letter or digit first.")
    ),
    "step_not_allowed": Problem(_("This step is not allowed now"), _("Allowed from here: %(allowed)s.")),
    "version_required": Problem(_("The version is missing"), _("Send `version` as you last read it.")),
    "version_unknown": Problem(_("The version is unknown"), _("Read again: the present version is %(version)s.")),
    "version_conflict": Problem(
        _("Somebody else changed the same field"), _("`conflicts` shows yours and theirs: choose, then send again.")
    ),
    "too_many_requests": Problem(_("Too many requests"), LATER),
    "database_silent": Problem(
        _("The database does not answer"), _("Send the same again after Retry-After: what was done is not done twice.")
    ),
    "busy": Problem(_("Busy for a moment"), _("Nothing was written. Send the same again in a second.")),
    "internal_error": Problem(
        _("A fault of ours"), _("It has been logged. Send the same again; if it stays, tell the supervisor.")
    ),
}

# Kinds of wrong fields, by pydantic's error type or a code of ours; %(name)s are the limits that pydantic names.
_FIELDS: dict[str, tuple[str, str | Promise]] = {
    "missing": ("required", _("This is needed.")),
    "none_required": ("not_taken", _("Leave this out.")),
    "extra_forbidden": ("unknown_field", _("There is no such field: leave it out.")),
    "string_type": ("not_text", _("Give a text in quotation marks.")),
    "string_too_short": ("too_short", _("Give at least %(min_length)s characters.")),
    "string_too_long": ("too_long", _("Give at most %(max_length)s characters.")),
    "string_pattern_mismatch": ("bad_text", _("This text has another form than expected: %(pattern)s.")),
    "string_unicode": ("bad_text", _("The text has characters that are none.")),
    "int_type": ("not_whole_number", _("Give a whole number.")),
    "int_parsing": ("not_whole_number", _("Give a whole number.")),
    "int_parsing_size": ("too_large", _("The number is too large.")),
    "int_from_float": ("not_whole_number", _("Give a whole number.")),
    "float_type": ("not_number", _("Give a number.")),
    "float_parsing": ("not_number", _("Give a number.")),
    "finite_number": ("not_number", _("Give a number.")),
    "bool_type": ("not_true_or_false", _("Give true or false.")),
    "bool_parsing": ("not_true_or_false", _("Give true or false.")),
    "greater_than_equal": ("too_small", _("Give at least %(ge)s.")),
    "greater_than": ("too_small", _("Give more than %(gt)s.")),
    "less_than_equal": ("too_large", _("Give at most %(le)s.")),
    "less_than": ("too_large", _("Give less than %(lt)s.")),
    "uuid_type": ("not_uuid", _("Give a UUID.")),
    "uuid_parsing": ("not_uuid", _("Give a UUID.")),
    "uuid_version": ("not_uuid", _("Give a UUID.")),
    "enum": ("not_one_of", _("Give one of: %(expected)s.")),
    "literal_error": ("not_one_of", _("Give one of: %(expected)s.")),
    "list_type": ("not_list", _("Give a list.")),
    "too_long": ("too_many", _("Give at most %(max_length)s.")),
    "too_short": ("too_few", _("Give at least %(min_length)s.")),
    "dict_type": ("not_object", _("Give an object.")),
    "model_type": ("not_object", _("Give an object.")),
    "model_attributes_type": ("not_object", _("Give an object.")),
    "datetime_type": ("not_time", _("Give a time such as 2026-01-31T08:00:00+07:00.")),
    "datetime_parsing": ("not_time", _("Give a time such as 2026-01-31T08:00:00+07:00.")),
    "datetime_from_date_parsing": ("not_time", _("Give a time such as 2026-01-31T08:00:00+07:00.")),
    "datetime_object_invalid": ("not_time", _("Give a time such as 2026-01-31T08:00:00+07:00.")),
    "date_parsing": ("not_date", _("Give a date such as 2026-01-31.")),
    "date_from_datetime_parsing": ("not_date", _("Give a date such as 2026-01-31.")),
}
# What pydantic calls the type of a text whose length is checked after another validator.
_NOT_COUNTED = {"Value", "String", "str"}
_MESSAGES = {code: message for code, message in _FIELDS.values() if "%(" not in str(message)}

# The messages of core.types, listed here for the translators.
_VALIDATION_TEXTS = (
    gettext_noop("text may not be blank"),
    gettext_noop("time needs a zone, for example 2026-01-31T08:00:00+07:00"),
    gettext_noop("time must lie between the years 1 and 9999"),
    gettext_noop("time must be RFC 3339 text with a zone"),
)


def field_error(field: str, kind: str, message: str, context: Mapping[str, Any]) -> dict[str, str]:
    """A wrong field as it travels. kind, message, context: pydantic's."""
    if kind in {"too_long", "too_short"} and context.get("field_type") in _NOT_COUNTED:
        kind = f"string_{kind}"
    if kind in _FIELDS:
        code, text = _FIELDS[kind]
        return {"field": field, "code": code, "message": _filled(str(text), context) or message}
    if kind == "value_error":
        reason = str(context.get("error", message))
        return {"field": field, "code": "invalid", "message": gettext(reason)}
    return {"field": field, "code": kind, "message": message}


def field_message(code: str, params: Mapping[str, Any]) -> str:
    """The words for a wrong field's code; "" where there are none."""
    return _filled(str(_MESSAGES.get(code, "")), params)


def _filled(text: str, params: Mapping[str, Any]) -> str:
    try:
        return text % params if "%(" in text else text
    except (KeyError, ValueError, TypeError):
        return ""
