"""What the structured log contains, and what it never contains."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from core.logging import configure

NAMES = ["password", "api_key", "session_token", "Authorization", "Set-Cookie", "WEBHOOK_SECRET", "sessionid", "dsn"]


@pytest.fixture
def lines():
    """Log as a running place does, and read what was written."""
    root = logging.getLogger()
    usual = root.handlers[:], root.level
    configure({"level": "INFO"})
    stream = io.StringIO()
    root.handlers[-1].setStream(stream)

    def read():
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield read
    root.handlers[:], root.level = usual


def test_a_line_is_json_with_time_level_name_and_what_was_given(lines):
    logging.getLogger("core.x").info("event_log_head", extra={"anchor": "1:ab"})
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("event_log_head", "info", "core.x")
    assert line["anchor"] == "1:ab"
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("name", NAMES)
def test_secrets_by_name_are_hidden_however_deep(lines, name):
    logging.getLogger("core.x").warning("said", extra={name: "hush", "inner": {name: "hush", "list": [{name: "hush"}]}})
    text = json.dumps(lines())
    assert "hush" not in text
    assert "***" in text


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hush.hush-hush",
        "GET /api/v1/aml?key=hush&x=1",
        "postgresql://sigap_app:hush@127.0.0.1/sigap",
        "redis://:hush@127.0.0.1/0",
        "password=hush,",
    ],
)
def test_secrets_in_running_text_are_hidden(lines, text):
    logging.getLogger("core.x").warning("%s", text)
    logging.getLogger("core.x").warning("said", extra={"words": text})
    assert "hush" not in json.dumps(lines())


def test_a_traceback_shows_no_local_variables(lines):
    def fail():
        callers_words = "a caller's words"
        raise ValueError(len(callers_words))

    try:
        fail()
    except ValueError:
        logging.getLogger("core.x").exception("failed")
    (line,) = lines()
    assert line["exception"].endswith("ValueError")
    assert "in fail" in line["exception"]
    assert "a caller's" not in line["exception"]
    assert "16" not in line["exception"]


def test_structlog_writes_through_the_same_handler(lines):
    structlog.get_logger("feed").warning("feed.gap", head=3, token="hush")
    (line,) = lines()
    assert (line["event"], line["head"], line["token"], line["logger"]) == ("feed.gap", 3, "***", "feed")


def test_ordinary_names_stay(lines):
    logging.getLogger("core.x").warning(
        "said", extra={"monkey": "see", "tokens": 3, "keyboard": "x", "kind": "key.made"}
    )
    (line,) = lines()
    assert (line["monkey"], line["tokens"], line["keyboard"], line["kind"]) == ("see", 3, "x", "key.made")
