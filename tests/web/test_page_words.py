"""A page's own texts beside those of the parts that every page shares."""

from __future__ import annotations

from importlib import import_module

import pytest

from web.common_words import common_words

OWN_TEXTS = (
    "agency.agency_words",
    "board.board_words",
    "call_words.call_words",
    "crew.crew_words",
    "dispatch_words.dispatch_words",
    "map_page.map_words",
    "units.units_words",
    "warning_words.warning_words",
    "field_words.field_words",
)


@pytest.mark.parametrize("texts", OWN_TEXTS)
def test_a_page_gives_no_other_text_to_a_name_that_shared_parts_use(texts):
    module, _, function = texts.partition(".")
    own, common = getattr(import_module(f"web.{module}"), function)(), common_words()
    assert {name: text for name, text in own.items() if common.get(name, text) != text} == {}
