"""Telephone numbers, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.numbers import caller_number, ending, normalise


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


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        # As real exchanges and networks send callers.
        ('"Anonymous" <sip:anonymous@192.168.10.5:5060>', None),
        ("<sip:+6281230987731@10.1.2.3:5060;user=phone>", "+6281230987731"),
        ("sip:081230987731@pbx.local;tag=77", "+6281230987731"),
        ("tel:+62-812-3098-7731;phone-context=id", "+6281230987731"),
        ("0812-3055-5111#", "+6281230555111"),
        ("PJSIP/extern-0000000a", None),
        ("0000000000", None),
        ("unknown", None),
        ("Restricted", None),
        ("+62 812 3098 7731 ext. 12", "+6281230987731"),
        # Their neighbours.
        ('"0812 3098 7731" <sip:anonymous@anonymous.invalid>', None),
        ("P-Asserted-Identity: <tel:+6281230987731>", "+6281230987731"),
        ("Budi <081230987731>", "+6281230987731"),
        ("sip:%2B6281230987731@pbx", "+6281230987731"),
        ("sips:+6281230987731;npdi@pbx", "+6281230987731"),
        ("081230987731@pbx.local", "+6281230987731"),
        ("sip:10.1.2.3:5060", None),
        ("sip:192.168.10.5", None),
        ("sip:alice@pbx.local", None),
        ("sip:user123@pbx.local", None),
        ("SIP/trunk-00000011", None),
        ("Local/112@default-00000003;2", None),
        ("sofia/external/081230987731@10.1.2.3", None),
        ("*31#081230987731", "+6281230987731"),
        ("#31#081230987731", "+6281230987731"),
        ("081230987731x12", "+6281230987731"),
        ("0812 3098 7731 pesawat 12", "+6281230987731"),
        ("+62(0)812 3098 7731", "+6281230987731"),
        ("081230987731, 081230987732", "+6281230987731"),
        ("+62 000 0000 0000", None),
        ("+266696687", None),  # ANONYMOUS on a keypad
        ("86282452253", None),  # UNAVAILABLE
        ("123456789012345678901234", None),
        ("Nomor pribadi 1", None),
        ("-", None),
        ("sip:112@pbx", "112"),
        ("\u202a+62 812 3098 7731\u202c", "+6281230987731"),
        ("٠٨١٢٣٠٩٨٧٧٣١", "+6281230987731"),
    ],
)
def test_no_number_is_made_up_of_what_an_exchange_sends(sent: str, number: str | None) -> None:
    assert caller_number(sent) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0812 3098 7731 (istri)", "+6281230987731"),
        ("rumah: 0328 662112", "+62328662112"),
        ("the neighbour's", None),
    ],
)
def test_a_persons_remark_beside_a_number_is_no_part_of_it(typed: str, number: str | None) -> None:
    assert normalise(typed) == number
