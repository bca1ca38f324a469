"""Telephone numbers of crews."""

from __future__ import annotations

import phonenumbers

from core.errors import Invalid

HOME_REGION = "ID"


def crew_phone(raw: str | None) -> str | None:
    """A number in E.164; None for a blank. Raises Invalid (`number_malformed`) for what cannot be dialled."""
    text = (raw or "").strip()
    if not text:
        return None
    try:
        parsed = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise Invalid.field("phone", "number_malformed") from None
    if not phonenumbers.is_possible_number(parsed):
        raise Invalid.field("phone", "number_malformed")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
