"""The projection of a call is the same in whatever order, and however often, its events arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.models import CallStep
from calls.projection import CallProjection, project
from calls.states import CallState, StepKind, TelephonyKind

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KINDS = [kind.value for kind in TelephonyKind]


def received(kind: str, seconds: float, receipt: float | None = None, **detail: Any) -> CallStep:
    """A step that an exchange stamped with a second, received then or (its clock ahead of ours) earlier."""
    stamped_at = START + timedelta(seconds=seconds)
    at = min(stamped_at, START + timedelta(seconds=seconds if receipt is None else receipt))
    return CallStep(
        step=kind, at=at, source_at=stamped_at, recorded_at=at, actor="key:pbx", source="pbx", detail=detail
    )


def act(kind: str, seconds: float, number: int = 0, **detail: Any) -> CallStep:
    at = START + timedelta(seconds=seconds)
    return CallStep(id=number, step=kind, at=at, recorded_at=at, actor="key:taker", detail=detail)


def outcome(projection: CallProjection) -> tuple[Any, ...]:
    return (
        projection.state,
        projection.started_at,
        projection.answered_at,
        projection.ended_at,
        projection.disposition,
        projection.wait_seconds,
    )


@given(st.data())
def test_any_order_with_any_duplicates_gives_the_same_projection(data: st.DataObject) -> None:
    steps = data.draw(
        st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 20)), min_size=1, max_size=10, unique=True)
    )
    shuffled = data.draw(st.permutations(steps))
    first = project(
        [received(kind, at) for kind, at in sorted(steps, key=lambda step: (step[1], KINDS.index(step[0])))]
    )
    again = project([received(kind, at) for kind, at in shuffled])
    assert outcome(first) == outcome(again)


@given(st.permutations([("ringing", 0), ("queued", 2), ("answered", 6), ("held", 20), ("resumed", 25), ("ended", 60)]))
def test_a_whole_call_ends_in_the_same_way_in_every_order(steps: list[tuple[str, int]]) -> None:
    projection = project([received(kind, at) for kind, at in steps])
    assert projection.state == CallState.ENDED
    assert projection.wait_seconds == 6
    assert projection.ended_at == START + timedelta(seconds=60)


@given(st.permutations([("ringing", 3600), ("answered", 3605), ("ended", 3700)]))
def test_an_exchange_whose_clock_is_ahead_is_still_read_in_its_own_order(steps: list[tuple[str, int]]) -> None:
    projection = project([received(kind, at, receipt=index) for index, (kind, at) in enumerate(steps)])
    assert projection.state == CallState.ENDED
    assert projection.wait_seconds == 5


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["ended"], CallState.ABANDONED),
        (["ringing", "ended"], CallState.ABANDONED),
        (["ringing", "abandoned"], CallState.ABANDONED),
        (["ringing", "queued", "ringing"], CallState.RINGING),
        (["answered"], CallState.ANSWERED),
        (["ringing", "answered", "ringing"], CallState.ANSWERED),
        (["ringing", "answered", "abandoned"], CallState.ENDED),
        (["ringing", "answered", "held", "transferred"], CallState.TRANSFERRING),
        (["ringing", "answered", "transferred", "answered"], CallState.ANSWERED),
        (["ringing", "abandoned", "answered"], CallState.ABANDONED),
    ],
)
def test_the_events_of_an_exchange_make_the_state(kinds: list[str], state: CallState) -> None:
    assert project([received(kind, second) for second, kind in enumerate(kinds)]).state == state


def test_who_hangs_up_before_the_answer_is_filed_as_not_answered() -> None:
    projection = project([received("ringing", 0), received("ended", 12)])
    assert (projection.disposition, projection.wait_seconds) == ("D2", 12)


def test_a_late_answer_takes_that_back() -> None:
    projection = project([received("ringing", 0), received("ended", 12), received("answered", 4)])
    assert (projection.state, projection.disposition) == (CallState.ENDED, None)


def test_the_wait_of_a_claim_at_a_console_counts_from_when_we_learnt_of_the_ring() -> None:
    ring = received("ringing", 0)
    ring.recorded_at = START + timedelta(seconds=2)
    projection = project([ring, act(StepKind.CLAIMED, 9)])
    assert projection.wait_seconds == 7


def test_the_wait_of_a_late_entry_counts_from_when_it_happened() -> None:
    ring, claim = received("ringing", 0), act(StepKind.CLAIMED, 9)
    ring.recorded_at = claim.recorded_at = START + timedelta(hours=1)
    assert project([ring, claim]).wait_seconds == 9


def test_what_came_too_late_does_not_open_what_the_system_closed() -> None:
    steps = [received("ringing", 0), act(StepKind.LOST, 600), received("answered", 5), received("held", 700)]
    projection = project(steps)
    assert projection.state == CallState.CLOSED
    assert projection.answered_at == START + timedelta(seconds=5)


def test_a_disposal_undone_never_was() -> None:
    disposal = act(StepKind.DISPOSED, 5, 2, disposition="J1")
    projection = project([act(StepKind.CLAIMED, 0, 1), disposal, act(StepKind.UNDONE, 7, 3, step=2)])
    assert (projection.state, projection.disposition) == (CallState.ANSWERED, None)
