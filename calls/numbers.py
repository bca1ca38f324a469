"""Telephone numbers as exchanges and people write them, made one: E.164 where it is one."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import phonenumbers

HOME_REGION = "ID"
LONGEST_DIGITS = 20
_MOST_SIGNS = 500
_NOT_DIGIT = re.compile(r"[^0-9]")
# RFC 3261 name-addr: "Display" <sip:user@host;params>. The address counts, not the name.
_BRACKETS = re.compile(r"<([^<>]*)>")
_QUOTED = re.compile(r"\"[^\"]*\"")
_ADDRESS = re.compile(r"^(?:sips?|tel|callto):(.*)$", re.IGNORECASE | re.DOTALL)
# Channel names of Asterisk and FreeSWITCH name a trunk, not a caller: PJSIP/extern-0000000a, sofia/external/...
_CHANNEL = re.compile(
    r"^(?:PJSIP|SIP|IAX2?|DAHDI|Zap|Local|SCCP|Skinny|MISDN|mISDN|Dongle|Khomp|OOH323|H323|Motif|Console|sofia|"
    r"verto|loopback|user|gateway)/",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\s*(?:[;,]?\s*(?:ext(?:ension|n)?|ekst(?:ensi)?|pesawat)\.?\s*[:=]?|x|#)\s*\d*\s*$", re.IGNORECASE
)
_WORDS = re.compile(r"\([^()\d]*\)|(?<!\w)[^\W\d_]+(?!\w)")
_TWO_NUMBERS = re.compile(r"\s*(?:[,|]|\s/\s)\s*")  # the first counts
_HOST = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?|\[[0-9a-fA-F:.]+\](?::\d+)?")
# Call-barring prefixes as some exchanges pass them on: *31#, #31#.
_PREFIX = re.compile(r"^[*#]\d{2}[*#]")
# What networks send for a withheld number: ANONYMOUS, UNAVAILABLE, RESTRICTED, BLOCKED, UNKNOWN, PRIVATE on a keypad.
_SPELT = frozenset({"266696687", "86282452253", "7378742833", "2562533", "8656696", "7748283"})


def normalise(raw: str | None, region: str = HOME_REGION) -> str | None:
    """A number in E.164; the bare digits (at most 20) of what is none, a short code for example; None without any.

    raw: "0812-3098-7731", "+62 812 3098 7731 ext. 12", "sip:6281230987731@pbx" ... region: that of its local form.
    """
    text = _written(raw)
    if text is None:
        return None
    text = _WORDS.sub(" ", text)  # a person's remark: "0812 3098 7731 (wife)"
    return None if any(sign.isalpha() for sign in text) else _number(text.strip(), region)


def caller_number(raw: str | None, region: str = HOME_REGION) -> str | None:
    """The caller's number as an exchange sends it: as `normalise`, and None for anything that also holds letters.

    "anonymous", "user123" and channel names have digits of their own at most: no number is made up of those.
    """
    text = _written(raw)
    if text is None or any(sign.isalpha() for sign in text):
        return None
    return _number(text, region)


def ending(raw: str) -> str:
    """The digits by which a number's end can be looked for: without the country's 62 or the local 0 before them."""
    digits = _NOT_DIGIT.sub("", raw)
    return digits.removeprefix("62").lstrip("0")


def _written(raw: str | None) -> str | None:
    """The part of a header, URI or text that holds the number; None for a channel name or an address without one."""
    if raw is None:
        return None
    text = unicodedata.normalize("NFKC", raw[:_MOST_SIGNS])
    text = "".join(_ascii_digit(sign) for sign in text if unicodedata.category(sign)[0] != "C").strip()
    bracketed = _BRACKETS.search(text)
    text = bracketed.group(1).strip() if bracketed else _QUOTED.sub("", text).strip()
    if _CHANNEL.match(text):
        return None
    address = _ADDRESS.match(text)
    if address:
        text = _user_of(unquote(address.group(1)))
    elif "@" in text:
        text = _user_of(text)
    text = _EXTENSION.sub("", _PREFIX.sub("", _TWO_NUMBERS.split(text.split(";", 1)[0])[0])).strip()
    return text or None


def _ascii_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _user_of(address: str) -> str:
    """The user of "user;params@host:port;params"; nothing where the address is a host alone, or an anonymous one."""
    user, at, host = address.partition("@")
    if at:
        return "" if host.lower().startswith("anonymous.invalid") else user
    return "" if _HOST.fullmatch(user.split(";", 1)[0]) else user


def _number(text: str, region: str) -> str | None:
    digits = _NOT_DIGIT.sub("", text)
    if not digits.strip("0") or digits in _SPELT or len(digits) > LONGEST_DIGITS:
        return None
    international = "+" + text[2:] if text.startswith("00") else text  # as most exchanges dial abroad
    try:
        parsed = phonenumbers.parse(international[:200], region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is not None and phonenumbers.is_possible_number(parsed):
        if not parsed.national_number:
            return None
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return digits
