"""Text as it is kept: NFC, without characters that nobody sees and that change how the rest reads.

Everything that comes in is cleaned once, before any view or action has it: JSON bodies in `core.api`, queries and forms
in `CleanTextMiddleware`, tables in `core.sheets`. Newlines and tabs stay; `clean_line` is for texts of one line.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

_NEWLINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, soft hyphens, marks and overrides of direction, characters without a width, byte order marks,
# annotations, tags, non-characters and lone surrogates.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)
# Joiners stay where they join: in an emoji, and in scripts whose letters they shape. Latin has no use for them.
_JOINED = "[\u0590-\u200b\u2010-\U0010ffff]"
_LETTERS = "[\u0590-\u1cff]"  # of scripts where a joiner at the end of a word shapes its last letter
_LOOSE_JOINERS = re.compile(f"(?<!{_JOINED})[\u200c\u200d]+|\u200c+(?!{_JOINED})|(?<!{_LETTERS})\u200d+(?!{_JOINED})")
_BREAKS = re.compile(r" *[\t\n]+ *")
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_API = "/api/"


def clean(text: str) -> str:
    """A text as it is kept. Every kind of newline becomes one kind."""
    if _is_clean(text):
        return text
    text = _NEWLINE.sub("\n", _REMOVED.sub("", text))
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _LOOSE_JOINERS.sub("", text))


def _is_clean(text: str) -> bool:
    """Whether nothing in a text needs a look: so are most, such as ids, codes and names of fields."""
    return text.isascii() and text.isprintable()


def clean_line(text: str) -> str:
    """A text of one line as it is kept: newlines and tabs become a space, blanks around it are left out."""
    return _BREAKS.sub(" ", clean(text)).strip()


def clean_values(value: Any) -> Any:
    """A value of JSON with every text in it cleaned, names of fields too; lists and objects are changed in place."""
    if isinstance(value, str):
        return clean(value)
    waiting = [value] if isinstance(value, list | dict) else []
    while waiting:  # no recursion: JSON may be nested deeper than Python's stack
        holder = waiting.pop()
        if isinstance(holder, dict) and not _is_clean("".join(holder)):
            items = [(clean(name), each) for name, each in holder.items()]
            holder.clear()
            holder.update(items)
        for at, each in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(each, str):
                holder[at] = clean(each)  # of a key that there is: the dictionary may be changed so while it is read
            elif isinstance(each, list | dict):
                waiting.append(each)
    return value


@sync_and_async_middleware
def CleanTextMiddleware(get_response: Any) -> Any:  # noqa: N802 - Django's settings name it like a class
    """Cleans the query of every request and the fields of every form, passwords excepted."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            _clean_query(request)
            if _has_form(request):
                await sync_to_async(_clean_form)(request)
            response: HttpResponseBase = await get_response(request)
            return response

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        _clean_query(request)
        if _has_form(request):
            _clean_form(request)
        response: HttpResponseBase = get_response(request)
        return response

    return synchronous


def _clean_query(request: HttpRequest) -> None:
    if request.META.get("QUERY_STRING"):
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]


def _has_form(request: HttpRequest) -> bool:
    return request.method == "POST" and request.content_type in _FORMS and not request.path_info.startswith(_API)


def _clean_form(request: HttpRequest) -> None:
    request.POST = _cleaned(request.POST)  # type: ignore[assignment]


def _cleaned(fields: QueryDict) -> QueryDict:
    """The same fields with clean texts. A password is compared as it was typed."""
    made = QueryDict(mutable=True, encoding=fields.encoding)
    for name, values in fields.lists():
        made.setlist(clean(name), values if "password" in name else [clean(str(value)) for value in values])
    made._mutable = False
    return made
