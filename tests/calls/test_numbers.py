"""Telephone numbers, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.numbers import ending, normalise


@pytest.mark.parametrize(
    "written",
    [
        "0812-3098-7731",
        "+62 812 3098 7731",
        "6281230987731",
        "0062 812 3098 7731",
        "sip:+6281230987731@pbx",
        "(0812) 30987731",
    ],
)
def test_every_way_of_writing_a_mobile_number_is_one_number(written: str) -> None:
    assert normalise(written) == "+6281230987731"


@pytest.mark.parametrize("withheld", [None, "", "anonymous", "sip:unknown@pbx"])
def test_a_withheld_number_is_none(withheld: str | None) -> None:
    assert normalise(withheld) is None


def test_a_short_code_keeps_its_digits() -> None:
    assert normalise("112") == "112"


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_no_answer_is_long(text: str) -> None:
    answer = normalise(text)
    assert answer is None or (answer.removeprefix("+").isascii() and 0 < len(answer) <= 21)


def test_the_end_of_a_number_is_what_both_forms_share() -> None:
    assert ending("0812 3098") == ending("+62 812 3098") == "8123098"
