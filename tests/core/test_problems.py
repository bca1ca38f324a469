"""Refusals: always problem+json, always with a fix, never a 500 for what somebody sends."""

from __future__ import annotations

import ast
from pathlib import Path

import psycopg.errors
import pytest
from django.db import DataError, OperationalError
from django.http import Http404

from config.problem_messages import DOMAIN_PROBLEMS
from core.errors import Busy, Conflict, Invalid
from core.json_codec import loads
from core.problem_messages import CORE_PROBLEMS
from core.problems import answer, problem, problem_message
from tests.repository import PACKAGES

ROOT = Path(__file__).resolve().parent.parent.parent
REFUSALS = {"Refused", "Unknown", "Conflict", "Unreadable", "NotSignedIn", "TooMany", "DomainError", "Invalid"}


def body(response):
    assert response["Content-Type"] == "application/problem+json"
    return loads(response.content)


def test_a_problem_names_its_kind_its_fix_and_what_else_is_known():
    content = body(
        answer(Conflict("step_not_allowed", state="new", wanted="closed", allowed=["assigned", "cancelled"]))
    )
    assert content["type"] == "urn:sigap:problem:step_not_allowed"
    assert content["status"] == 409
    assert "assigned, cancelled" in content["detail"]
    assert content["allowed"] == ["assigned", "cancelled"]


def test_a_problem_speaks_the_askers_language(api):
    english = api().get("agencies", **{"Accept-Language": "en"}).json()
    indonesian = api().get("agencies").json()
    assert english["title"] == "Not signed in"
    assert indonesian["title"] == "Belum masuk"
    assert english["code"] == indonesian["code"]


def test_the_members_of_rfc_9457_are_never_overwritten_by_others():
    content = body(problem(409, "id_taken", extra={"status": "x", "code": "y", "id": 7}))
    assert (content["status"], content["code"], content["id"]) == (409, "id_taken", 7)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (OperationalError("canceling statement due to lock timeout"), 503, "busy"),
        (DataError("out of range"), 422, "invalid"),
        (Busy(retry_after_seconds=7), 503, "busy"),
        (Invalid.field("at", "time_in_future"), 422, "time_in_future"),
    ],
)
def test_each_mistake_has_its_answer(error, status, code):
    response = answer(error)
    assert (response.status_code, body(response)["code"]) == (status, code)
    assert ("Retry-After" in response) == (status == 503)


def test_a_fault_of_ours_is_not_taken_for_a_mistake():
    assert answer(KeyError("x")) is None


def test_a_lock_that_nobody_gives_up_is_busy_and_not_a_fault(api, admin, fresh_database):
    client = api(admin)
    assert client.put("agencies/DAMKAR", {"name": "Damkar"}).status_code == 200
    with psycopg.connect(fresh_database.url.replace("+", "%2B")) as other:
        other.execute("SELECT 1 FROM accounts_agency WHERE code = 'DAMKAR' FOR UPDATE")
        late = client.put("agencies/DAMKAR", {"name": "Other"})
    assert (late.status_code, late.json()["code"]) == (503, "busy")
    assert int(late["Retry-After"]) >= 1
    assert client.get("agencies").json()["items"][3]["name"] == "Damkar"


def codes_thrown():
    """Every code that the code throws, with where."""
    for app in PACKAGES:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (code := code_of(node)):
                    yield code, f"{path.relative_to(ROOT)}:{node.lineno}"


def code_of(call: ast.Call) -> str | None:
    name, place = call.func, 0
    if isinstance(name, ast.Attribute) and name.attr == "field" and getattr(name.value, "id", "") == "Invalid":
        place = 1
    elif not (isinstance(name, ast.Name) and name.id in REFUSALS):
        return None
    if len(call.args) > place and isinstance(call.args[place], ast.Constant):
        return str(call.args[place].value)
    return None


def test_every_code_that_is_thrown_has_words():
    silent = {code: place for code, place in codes_thrown() if problem_message(code) is None}
    assert not silent


def test_no_words_are_left_without_a_code():
    named = {
        node.value
        for app in PACKAGES
        for path in (ROOT / app).rglob("*.py")
        if path.name != "problem_messages.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert not DOMAIN_PROBLEMS.keys() - named
    assert not DOMAIN_PROBLEMS.keys() & CORE_PROBLEMS.keys()
