"""The page docs/hands.md: what was counted, what the best peer takes and where it fails."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.keystroke_budget.counting import Job, Tally

WHO = {"CT": "call-taker", "D": "dispatcher", "S": "supervisor", "Ag": "agency desk, phone", "Cr": "crew, phone"}

WHOLE_LIFE = "the whole life, from the ring to closed"
# TicketsCAD 4.2.25 from its own best set-up, words not counted: presses of each step.
BESIDE = {"log the fire": 14, "assign": 9, "en route and on scene": 18, "a note": 7, "close": 7}

HEAD = """# Hands

How many keys each job takes, counted by doing it: `tests/scenarios/test_keystroke_budget.py` works the screens with
real key presses and taps, looks into the database for what came of it, and fails when this page says anything else.
After a change to a screen the page is written anew:

    .venv/bin/pytest tests/scenarios/test_keystroke_budget.py --write-docs

A chord (`Alt+X`) is one key. Every letter and digit of a code counts: a callsign, a number, coordinates, the piece of a
place's name that is typed to find it. What a caller or a crew says counts nothing, the key that sends it does. A job
begins where its screen has the focus already: the list of incidents, the field for the place; the whole life begins
with a ringing call and an untouched console.
"""


def page_of(
    jobs: tuple[Job, ...], counted: dict[str, Tally], failures: tuple[tuple[str, str, tuple[str, ...]], ...]
) -> str:
    """Return the text of the page for what was counted."""
    lines = [HEAD, "| who | job | aim | counted | the keys |", "|---|---|--:|--:|---|"]
    for job in jobs:
        aim = "" if job.aim is None else f"≤ {job.aim}"
        tally = counted.get(str(job))
        if tally is None:
            lines.append(f"| {WHO[job.who]} | {job.name} | {aim} | | {job.why_not} |")
            continue
        missed = job.aim is not None and tally.count > job.aim
        count = f"**{tally.count}** (missed)" if missed else str(tally.count)
        lines.append(f"| {WHO[job.who]} | {job.name} | {aim} | {count} | {shown(tally)} |")
    return "\n".join([*lines, "", *_beside(counted[f"D: {WHOLE_LIFE}"]), "", *_peer_failures(failures), ""])


def shown(tally: Tally) -> str:
    """The presses in writing: keys side by side, taps with a semicolon between."""
    return ("; " if any(part.startswith("tap") for part in tally.shown) else " ").join(tally.shown)


def _beside(whole: Tally) -> list[str]:
    rows = [(name, peer, whole.steps[name]) for name, peer in BESIDE.items()]
    return [
        "## Beside TicketsCAD",
        "",
        "TicketsCAD 4.2.25 from its own best set-up, by keyboard alone, is the strongest open peer here. The same fire",
        "through both, words not counted. Ours has in it that the ringing call is taken and hung up, and three units",
        "as the plan asks for, set en route and on scene by hand. Theirs begins at an empty form (5 presses from",
        "its pop-up of a ringing call) and has one unit.",
        "",
        "| step | TicketsCAD | Sigap |",
        "|---|--:|--:|",
        *(f"| {name} | {peer} | {ours} |" for name, peer, ours in rows),
        f"| the whole life | {sum(BESIDE.values())} | {whole.count} |",
    ]


def _peer_failures(failures: tuple[tuple[str, str, tuple[str, ...]], ...]) -> list[str]:
    return [
        "## What tired operators suffered elsewhere",
        "",
        "What people at night put up with in the best peer, and the test that keeps it from happening here.",
        "",
        "| there | here | held by |",
        "|---|---|---|",
        *(f"| {there} | {here} | {'<br>'.join(f'`{test}`' for test in tests)} |" for there, here, tests in failures),
    ]


def missing_tests(root: Path, tests: tuple[str, ...]) -> list[str]:
    """Those of these tests (file::name) that aren't there."""
    return [
        test
        for test in tests
        for file, _, name in [test.partition("::")]
        if f"def {name}(" not in (root / file).read_text(encoding="utf-8")
    ]
