"""The rights in full: nobody sees or does what they don't give, through any address, and no address is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Agency, User
from accounts.sockets import admit
from calls.models import Call
from config.api import api as the_api
from core.clock import now
from tests.api_client import Api
from tests.contracts.rights import PAGES, Row, rows
from tests.contracts.rights_world import ASKERS, NUMBERS, PEOPLE, WORDS, build, client_of

ROWS = rows()
MEANING = {401: "x", 403: "-", 404: "?"}
THROUGH = {409, 422, 428}


@pytest.fixture(scope="module")
def world(module_database: object) -> dict[str, str]:
    """The objects, committed once; what a request does to them is rolled back."""
    pln = Agency.objects.get(code="PLN")
    polres = Agency.objects.get(code="POLRES")
    for username, agency in (("pln", pln), ("polres", polres)):
        User.objects.create(
            username=username,
            name=username,
            centre=agency.centre,
            agency=agency,
            roles=["agency_desk"],
            created_at=now(),
        )
    return build()


@pytest.fixture(scope="module")
def clients(world: dict[str, str]) -> dict[str, Api]:
    """A signed-in client for everybody who asks."""
    return {asker: client_of(asker) for asker in ASKERS}


def ask(client: Api, method: str, path: str, body: Any, ids: dict[str, str]) -> Any:
    """Send a request and take back what it did."""
    filled = (
        {name: value.format(**ids) if isinstance(value, str) else value for name, value in body.items()}
        if isinstance(body, dict)
        else body
    )
    with transaction.atomic():
        # In overflow a dispatcher may more: the waiting call has just rung, however slow the machine is.
        Call.objects.filter(pk=ids["waiting"]).update(started_at=now())
        answer = client.ask(method, path.partition("#")[0].format(**ids), filled)
        transaction.set_rollback(True)
    return answer


def letter_of(status: int) -> str:
    """A status as a letter of the table."""
    return MEANING.get(status, "+" if status < 400 or status in THROUGH else f"({status})")


def some_of(row: Row) -> dict[str, str]:
    """Who asks in the suite, with the letters that they should get: all people, two keys of each letter by turns."""
    expected = dict(zip(ASKERS, row.expected, strict=True))
    chosen = {asker: letter for asker, letter in expected.items() if asker in {"nobody", *PEOPLE}}
    keys = [asker for asker in ASKERS if asker not in chosen]
    turn = ROWS.index(row) % len(keys)
    for letter in set(row.expected):
        chosen |= dict.fromkeys([key for key in keys[turn:] + keys[:turn] if expected[key] == letter][:2], letter)
    return chosen


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_everybody_gets_what_their_rights_give(
    row: Row, world: dict[str, str], clients: dict[str, Api], request: pytest.FixtureRequest
) -> None:
    everybody = dict(zip(ASKERS, row.expected, strict=True))
    expected = everybody if request.config.getoption("--long") else some_of(row)
    got = {who: letter_of(ask(clients[who], row.method, row.path, row.body, world).status_code) for who in expected}
    assert got == expected


def test_every_key_is_asked_about_often() -> None:
    asked = Counter(asker for row in ROWS for asker in some_of(row))
    assert asked.keys() == set(ASKERS)
    assert min(asked.values()) > len(ROWS) // 20


def test_no_call_of_the_api_is_left_out() -> None:
    known = {(row.method, row.template) for row in ROWS}
    built = set()
    for path, methods in the_api.get_openapi_schema()["paths"].items():
        built |= {(method.upper(), bare(path.removeprefix("/api/v1/"), "{")) for method in methods}
    assert built - known == set(), "write its row into tests/contracts/rights.py"
    assert known - built == set(), "these are gone"


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Every address of the resolver."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def bare(address: str, brackets: str) -> str:
    """An address with {} for each name in it."""
    return "/".join("{}" if step.startswith(brackets) else step for step in address.strip("/").split("/"))


def test_no_other_address_is_left_out() -> None:
    calls = {bare(path, "{") for path in the_api.get_openapi_schema()["paths"]}
    found = {address for address in addresses(get_resolver().url_patterns) if bare(address, "<") not in calls}
    # The settings' pages have a table of their own: test_rights_admin.
    assert {address for address in found if not address.startswith("admin/") or address == "admin/"} == PAGES


READERS = {
    "restricted": {"dispatcher", "supervisor", "auditor", "polres", "key:incidents+restricted"},
    "mine": {"calltaker", "dispatcher", "supervisor", "auditor", "polres", "key:incidents+restricted"},
    "own": {"calltaker", "dispatcher", "supervisor", "auditor", "damkar", "pln", "polres", "crew", "key:incidents",
            "key:board", "key:calls", "key:incidents+restricted", "key:incidents@DAMKAR"},
}  # fmt: skip
NUMBER_READERS = {"calltaker", "dispatcher", "supervisor", "auditor", "damkar", "crew", "key:incidents", "key:calls",
                "key:incidents+restricted", "key:incidents@DAMKAR"}  # fmt: skip
ASKING = (*PEOPLE, "polres", "key:incidents", "key:incidents+restricted", "key:incidents@DAMKAR", "key:calls",
          "key:board", "key:units", "key:supervise")  # fmt: skip


@pytest.mark.parametrize("asker", ASKING)
def test_the_words_of_a_restricted_incident_are_read_by_whom_the_rights_name(asker: str, world: dict[str, str]) -> None:
    client = client_of(asker)
    for name, readers in READERS.items():
        answer = ask(client, "GET", f"incidents/{{{name}}}", None, world)
        assert (WORDS in answer.content.decode()) == (asker in readers), name
        if name != "own":
            assert ("S04" in answer.content.decode() or "S05" in answer.content.decode()) == (asker in readers)


@pytest.mark.parametrize("asker", ASKING)
def test_a_callers_number_is_shown_to_whom_the_rights_name(asker: str, world: dict[str, str]) -> None:
    answer = ask(client_of(asker), "GET", "incidents/{own}", None, world)
    assert (NUMBERS[2] in answer.content.decode()) == (asker in NUMBER_READERS)


@pytest.mark.parametrize("path", ["board", "incidents", "calls?state=open", "units", "alarms", "operators"])
def test_the_lists_and_the_board_of_an_agency_and_a_crew_hold_only_their_own(
    path: str, world: dict[str, str], clients: dict[str, Api]
) -> None:
    for asker in ("damkar", "pln", "crew", "key:board@DAMKAR"):
        text = ask(clients[asker], "GET", path, None, world).content.decode()
        for strange in ("other", "restricted", "mine", "waiting", "taken", "alarm_1", "alarm_2"):
            assert world[strange] not in text, (asker, strange)
        assert WORDS not in text or path in {"board", "incidents"}
        for number in NUMBERS:
            assert number not in text
        assert '"PSC1"' not in text


@pytest.mark.parametrize("asker", ["nobody", *PEOPLE, "key:board", "key:units"])
@pytest.mark.parametrize("path", ["board", "incidents", "incidents/{restricted}", "incidents/{mine}"])
def test_no_list_and_no_board_holds_what_is_restricted(
    asker: str, path: str, world: dict[str, str], clients: dict[str, Api]
) -> None:
    found = ask(clients[asker], "GET", path, None, world).json()
    incidents = found.get("incidents") or found.get("items") or []
    for incident in incidents:
        if incident["id"] in {world["restricted"], world["mine"]}:
            assert (incident["type"], incident["narrative"], incident["restricted"]) == ("S", None, True)


SOCKETS = {
    "nobody": 4401,
    "calltaker": "centre",
    "dispatcher": "centre",
    "supervisor": "centre",
    "damkar": "agency",
    "pln": "agency",
    "crew": "crew",
    "admin": 4403,
    "auditor": "centre",
    "key:board": "centre",
    "key:board@DAMKAR": "agency",
}


@pytest.mark.parametrize("asker", ASKERS)
def test_a_socket_opens_in_ones_own_view_or_not_at_all(asker: str, clients: dict[str, Api]) -> None:
    client = clients[asker]
    headers = [(name.lower().encode(), value.encode()) for name, value in client.headers.items()]
    if cookie := client.client.cookies.get("sessionid"):
        headers.append((b"cookie", f"sessionid={cookie.value}".encode()))
    admission = admit({"headers": headers})
    found = admission if isinstance(admission, int) else admission.view.kind
    assert found == SOCKETS.get(asker, 4403)
