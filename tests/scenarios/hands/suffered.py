"""What tired operators suffered in the best peer: sentence by sentence what is so here, and the tests that hold it."""

from __future__ import annotations

CALLS = "tests/dispatch/test_console_calls.py"
DISPATCH = "tests/dispatch/test_console_dispatch.py"
BOARD = "tests/dispatch/test_board_page.py"
HERE = "tests/scenarios/test_what_operators_suffered.py"

SUFFERED: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
