"""Telephone numbers as exchanges and people write them, made one: E.164 where it is one."""

from __future__ import annotations

import re

import phonenumbers

HOME_REGION = "ID"
LONGEST_DIGITS = 20
_ADDRESS = re.compile(r"^\s*(?:sips?|tel):([^@;?]*)", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"[^0-9]")


def normalise(raw: str | None, region: str = HOME_REGION) -> str | None:
    """A number in E.164; the bare digits (at most 20) of what is none, a short code for example; None without any.

    raw: "0812-3098-7731", "+62 812 3098 7731", "sip:6281230987731@pbx" ... region: whose local form is meant.
    """
    if raw is None:
        return None
    address = _ADDRESS.match(raw)
    text = (address.group(1) if address else raw).strip()
    international = "+" + text[2:] if text.startswith("00") else text  # as most exchanges dial abroad
    try:
        parsed = phonenumbers.parse(international[:200], region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is not None and phonenumbers.is_possible_number(parsed):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return _NOT_DIGIT.sub("", text)[:LONGEST_DIGITS] or None


def ending(raw: str) -> str:
    """The digits by which a number's end can be looked for: without the country's 62 or the local 0 before them."""
    digits = _NOT_DIGIT.sub("", raw)
    return digits.removeprefix("62").lstrip("0")
