"""The failures of the best peer for tired operators: what holds here instead, and the tests that check it."""

from __future__ import annotations

CALLS = "tests/dispatch/test_console_calls.py"
DISPATCH = "tests/dispatch/test_console_dispatch.py"
BOARD = "tests/dispatch/test_board_page.py"
HERE = "tests/scenarios/test_peer_failures.py"
TWO_KEYS = f"{DISPATCH}::test_a_second_enter_sends_what_was_shown_and_a_unit_taken_meanwhile_is_named"
PAGES = f"{HERE}::test_pages_count_what_is_open_name_urgency_alike_show_words_and_ask_no_other_host"

PEER_FAILURES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "a chosen unit silently dropped on save, with a green success",
        "who goes and who doesn't is named, with whose the unit is now",
        (TWO_KEYS,),
    ),
    (
        "closing with units still assigned, without a word",
        "they are named before; freeing them is a key of its own, undone with them",
        (f"{DISPATCH}::test_closing_with_units_assigned_is_shown_and_can_be_undone",),
    ),
    (
        '"dispatched hh:mm" on incidents without a unit',
        "a time that is not there is left out",
        (TWO_KEYS,),
    ),
    (
        "closed incidents counted as active",
        "every count is of what is open",
        (PAGES,),
    ),
    (
        "a sort order lost at the next refresh",
        "rows, filter and choice stay while somebody looks",
        (
            f"{DISPATCH}::test_rows_keep_their_place_while_the_list_has_the_focus",
            f"{BOARD}::test_rows_keep_their_place_while_one_looks_and_the_order_comes_back",
            f"{HERE}::test_what_one_looks_at_stays_where_it_is_whatever_comes_in",
        ),
    ),
    (
        "a phone search that misses +62, blanks and dashes",
        "a number is found in any writing, by its end too",
        (
            "tests/dispatch/test_finding.py::test_an_incident_is_found_by_number_place_or_telephone_in_any_writing",
            f"{HERE}::test_a_phone_finds_its_incident_however_it_is_written_while_open_and_after",
        ),
    ),
    (
        "two Esc that throw a draft away",
        "no key and no crash does",
        (f"{CALLS}::test_no_key_and_no_crash_throws_a_draft_away",),
    ),
    (
        "a banner hidden under a sticky header",
        "nothing lies over one",
        (
            f"{BOARD}::test_a_stale_board_shows_a_banner_and_catches_up_when_the_line_is_back",
            f"{HERE}::test_no_banner_lies_under_anything",
        ),
    ),
    (
        "seven identical fires from one number without a hint",
        "the second is met with the first, and linked in one key",
        (f"{CALLS}::test_the_same_fire_from_the_same_number_gives_a_hint_and_links_in_one_key",),
    ),
    (
        "severity named differently on each page",
        "one mark and one name everywhere",
        (PAGES,),
    ),
    (
        "7 visible rows at 1080p",
        "20 on the board, more than 7 in the console under its calls",
        (
            "tests/dispatch/test_board_groups.py::test_many_incidents_stand_in_groups_are_counted_filtered_sorted_and_all_reached",
            f"{HERE}::test_more_than_seven_incidents_are_seen_at_once",
        ),
    ),
    (
        "46 Tab stops to the first incident",
        "5 at most, or one key",
        (
            f"{DISPATCH}::test_the_first_incident_is_near_and_a_thousand_are_no_burden",
            f"{BOARD}::test_the_keyboard_reaches_the_incidents_and_opens_one",
        ),
    ),
    (
        "icons without words",
        "whatever can be pressed says what it does",
        (PAGES,),
    ),
    (
        "a place list for the mouse only",
        "arrows and Enter, and words alone are enough",
        (f"{CALLS}::test_the_place_list_works_by_keyboard_and_words_alone_are_enough",),
    ),
    (
        "pages that ask a map server on the internet",
        "no page asks another host",
        ("tests/contracts/test_repository.py::test_no_page_names_another_host", PAGES),
    ),
)
