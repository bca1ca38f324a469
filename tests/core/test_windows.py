"""Counters in windows: full until the window ends, all or none of several, with Redis and without."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.core.cache import cache

from core import windows
from core.windows import Window, give_back, is_full, take


@pytest.fixture(params=["with Redis", "without Redis"])
def window(request, monkeypatch):
    if request.param == "without Redis":
        monkeypatch.setattr(cache.breaker, "_closed_again_at", float("inf"))
    return Window(str(uuid.uuid4()), 3, 60)


def test_a_full_window_returns_how_long_it_lasts_and_is_not_lengthened(window):
    assert [take(window) for _ in range(3)] == [0, 0, 0]
    assert is_full(window)
    first = take(window)
    assert 0 < take(window) <= first <= 60


def test_what_is_given_back_may_be_taken_again(window):
    for _ in range(3):
        take(window)
    give_back(window)
    assert take(window) == 0
    assert take(window) > 0


def test_of_several_windows_none_counts_where_one_is_full(window):
    other = Window(window.key + ":other", 2, 60)
    for _ in range(3):
        take(window)
    assert take(other, window) > 0
    assert [take(other), take(other)] == [0, 0]


def test_many_at_once_take_no_more_than_there_are(window):
    waits = []
    threads = [threading.Thread(target=lambda: waits.append(take(window))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == 3


def test_old_windows_are_swept(monkeypatch):
    monkeypatch.setattr(cache.breaker, "_closed_again_at", float("inf"))
    monkeypatch.setattr(windows, "_counts", {})
    monkeypatch.setattr(windows, "_LOCAL_SIZE", 10)
    for number in range(100):
        take(Window(f"swept:{number}", 1, 0))
    assert len(windows._counts) < 30
