"""Keys and taps of an operator, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page

PATIENCE_MS = 20_000
HOLD_MS = 1500


@dataclass
class Tally:
    """What one job took: the presses, and how they are written down."""

    count: int = 0
    shown: list[str] = field(default_factory=list)
    # Presses by part of a long job.
    steps: dict[str, int] = field(default_factory=dict)
    step: str = ""


class CountedKeys:
    """A page worked by hand: each chord, digit, letter of a code and tap counts one, a person's words nothing."""

    def __init__(self, page: Page, tally: Tally) -> None:
        self.page, self.tally = page, tally

    def press(self, *chords: str) -> None:
        """Press keys, one after another: "F2", "Alt+x", "Enter"."""
        for chord in chords:
            self.page.keyboard.press(chord)
            *held, key = chord.replace("Control", "Ctrl").replace("Arrow", "").split("+")
            self._note(1, f"`{'+'.join([*held, key.upper() if len(key) == 1 else key])}`")

    def code(self, text: str, shown: str = "") -> None:
        """Type a callsign, a number, a digit, a piece of a name that is looked up; `shown`: how the page writes it."""
        self.page.keyboard.type(text)
        self._note(len(text), f"{shown or f'`{text}`'} ({len(text)})")

    def words(self, text: str) -> None:
        """Type a person's words."""
        self.page.keyboard.type(text)
        self._note(0, "*words*")

    def tap(self, target: Locator, shown: str) -> None:
        """Tap something on a phone."""
        target.tap()
        self._note(1, f"tap: {shown}")

    def hold(self, target: Locator, shown: str) -> None:
        """Hold something on a phone for a second and a half."""
        box = target.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.wait_for_timeout(HOLD_MS + 200)
        self.page.mouse.up()
        self._note(1, f"hold: {shown}")

    def _note(self, count: int, shown: str) -> None:
        self.tally.count += count
        self.tally.shown.append(shown)
        if self.tally.step:
            self.tally.steps[self.tally.step] = self.tally.steps.get(self.tally.step, 0) + count


def eventually(page: Page, ask: Callable[[], Any]) -> Any:
    """Ask until it is true, while the page goes on; returns the last answer."""
    for _ in range(PATIENCE_MS // 50):
        if found := ask():
            return found
        page.wait_for_timeout(50)
    return ask()


@dataclass(frozen=True)
class Job:
    """One job of the table: whose it is, at most how many presses it should take, how it is done (None: why not)."""

    who: str
    name: str
    aim: int | None
    do: Callable[[Any, Tally], None] | None = None
    why_not: str = ""

    def __str__(self) -> str:
        return f"{self.who}: {self.name}"
