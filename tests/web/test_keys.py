"""The key table: none of our keys is one that a browser or a desktop keeps for itself, and none has two meanings."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils.translation import override

from web.keys import KEYS, keys_of
from web.urls import VIEWS

# What Chrome and Firefox (Linux, Windows) bind without an extension: Chrome "keyboard shortcuts" and Firefox "keyboard
# shortcuts" help pages, developer tools included, and the menu letters of both.
FUNCTION = {"F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12"}
FUNCTION |= {f"Shift+F{number}" for number in (3, 5, 6, 7, 9, 10, 12)}
FUNCTION |= {"Ctrl+F4", "Ctrl+F5", "Alt+F4", "Alt+F5", "Alt+F7", "Alt+F8", "Alt+F10"}
CONTROL = {f"Ctrl+{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {f"Ctrl+{digit}" for digit in range(10)}
CONTROL |= {f"Ctrl+{name}" for name in ("Tab", "PageUp", "PageDown", "+", "-", "[", "]", "Home", "End", "Backspace")}
MENUS = {f"Alt+{letter}" for letter in "DEFBHSTV"}  # address bar, and the menus of Chrome and Firefox in English
TABS = {f"Alt+{digit}" for digit in range(10)}
MOVES = {f"Alt+{name}" for name in ("Home", "ArrowLeft", "ArrowRight", "Tab", " ", "Enter", "Escape")}
KEPT = FUNCTION | CONTROL | MENUS | TABS | MOVES

SCREENS = sorted({screen for key in KEYS for screen in key.screens})


def test_every_live_page_but_the_crews_telephone_has_the_help_of_its_keys():
    assert {*VIEWS} - {"crew"} == {screen for key in KEYS if key.action == "help" for screen in key.screens}


def test_no_key_is_one_that_a_browser_or_a_desktop_keeps():
    assert [key.combo for key in KEYS if key.combo in KEPT] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_a_key_means_one_thing_where_it_works(screen):
    meanings = Counter((key["combo"], key["focus"]) for key in keys_of(screen))
    assert [pressed for pressed, count in meanings.items() if count > 1] == []


def test_a_single_letter_or_digit_works_only_in_a_focused_list_or_bar():
    alone = [key for key in KEYS if len(key.combo) == 1 and key.combo.isalnum() and key.focus is None]
    assert alone == []


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_is_explained_in_both_languages(screen):
    with override("en"):
        english = [key["label"] for key in keys_of(screen)]
    with override("id"):
        indonesian = [key["label"] for key in keys_of(screen)]
    assert all(english)
    assert [pair for pair in zip(english, indonesian, strict=True) if pair[0] == pair[1]] == []
