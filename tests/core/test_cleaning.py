"""Text as it comes in: what nobody sees and what turns the direction of text is left out, the rest stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import encode_multipart

from core.cleaning import CleanTextMiddleware, clean, clean_line, clean_values

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN = "\x00\x07\x1b\x7f\x9f\xad\u200b\u2060\ufeff\ufff9\ufffe\U000e0041\ud800\udfff"


@pytest.mark.parametrize("sign", BIDI + UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_character_that_nobody_sees_is_left_out_wherever_it_stands(sign: str) -> None:
    assert clean(f"{sign}Pasar {sign}Anom{sign}") == "Pasar Anom"
    assert clean_line(sign) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Pasar Anom",
        "baris satu\nbaris dua\tkolom",
        "\U0001f469\u200d\U0001f692",  # a woman firefighter
        "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
        "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a non-joiner shapes the word
        "\u0915\u094d\u200d\u0937",  # Devanagari
        "1445 \u0647\u200d.",  # the sign of the Islamic year: a joiner shapes its only letter
        "\u0d05\u0d35\u0d28\u0d4d\u200d 2",  # Malayalam: a joiner shapes the last letter
        "\u0645\u0633\u062c\u062f 12",  # Arabic letters and a number
        "\u7be0\u5d0e \U0001f1ee\U0001f1e9",
        "Jl. Trunojoyo 5/7 \u2013 \u201cToko\u201d, 50\u00b0",
    ],
)
def test_what_has_a_meaning_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text", ["Me\u200dja", "\u200dMeja", "Meja\u200c", "Meja\u200d", "Me\u200d\u200cja", "Meja \u200d1"]
)
def test_a_joiner_between_latin_letters_is_left_out(text: str) -> None:
    assert clean(text).replace(" ", "") in {"Meja", "Meja1"}


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_newlines_are_of_one_kind_and_none_is_in_a_line(newline: str) -> None:
    assert clean(f"satu{newline}dua") == "satu\ndua"
    assert clean_line(f" Meja{newline}1{newline}") == "Meja 1"


@pytest.mark.parametrize("name", ["Meja\u200b1\n", "\tMeja1", "Meja1 \r\n", "\u202eMeja1\u202c", "Me\ufeffja1"])
def test_a_name_with_a_newline_or_without_width_is_the_name(name: str) -> None:
    assert clean_line(name) == "Meja1"


@pytest.mark.parametrize("text", ["\u0645\u200c", "\u0645\u200c 2", "\U0001f692\u200d", "\U0001f692\u200d 2"])
def test_a_joiner_that_joins_and_shapes_nothing_is_left_out(text: str) -> None:
    assert clean(text) == text.replace("\u200c", "").replace("\u200d", "")


def test_letters_with_marks_are_composed() -> None:
    assert clean("Cafe\u0301") == "Café"
    assert clean_line(unicodedata.normalize("NFD", "Désa")) == "Désa"


def test_every_text_of_a_value_is_cleaned_however_deep_it_lies() -> None:
    value = {"na\u200bme": "a\u202eb", "more": [1, None, True, "c\x00", {"x": ["d\ufeff"]}]}
    assert clean_values(value) == {"name": "ab", "more": [1, None, True, "c", {"x": ["d"]}]}
    deep: list[object] = ["e\u200f"]
    for _ in range(5_000):
        deep = [deep]
    inner: object = clean_values(deep)
    while isinstance(inner, list):
        inner = inner[0]
    assert inner == "e"
    assert clean_values("f\u200e") == "f"
    assert clean_values(None) is None


def seen(request):
    """What a view has of a request."""
    got = {}

    def view(request):
        got.update(query=request.GET.dict(), form=request.POST.dict(), many=request.POST.getlist("many"))
        return HttpResponse()

    CleanTextMiddleware(view)(request)
    return got


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=BoUnDaRyStRiNg"])
def test_the_fields_of_forms_and_queries_are_cleaned_and_passwords_are_not(kind: str) -> None:
    factory = RequestFactory()
    form = {"name": "Pasar \u202eAnom", "words": "a\r\nb", "password": "p\u200bw", "many": ["x\x00", "y"]}
    content = (
        "name=Pasar+%E2%80%AEAnom&words=a%0D%0Ab&password=p%E2%80%8Bw&many=x%00&many=y"
        if kind.endswith("urlencoded")
        else encode_multipart("BoUnDaRyStRiNg", form)
    )
    got = seen(factory.post("/page/?q=a%E2%80%8Fb", content, content_type=kind))
    assert got["query"] == {"q": "ab"}
    assert got["form"] == {"name": "Pasar Anom", "words": "a\nb", "password": "p\u200bw", "many": "y"}
    assert got["many"] == ["x", "y"]


def test_the_body_of_the_api_is_left_to_its_own_reader() -> None:
    # A form of this kind is read from the stream: once its fields were looked at, there is no body any more.
    content = encode_multipart("B", {"a": "1"})
    request = RequestFactory().post("/api/v1/calls", content, content_type="multipart/form-data; boundary=B")
    assert CleanTextMiddleware(lambda request: HttpResponse(request.body))(request).content == content
