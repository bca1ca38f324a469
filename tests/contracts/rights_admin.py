"""Who may what on the settings' pages, written by hand: every page of the admin site against everybody.

What each asker gets, in the order of `ASKERS`: + goes through, - may not (403), ? is not theirs to see (sent back to
the front page, which names it), x is nobody (sent to sign-in).
"""

from __future__ import annotations

from dataclasses import dataclass

ASKERS = ("nobody", "calltaker", "dispatcher", "supervisor", "damkar", "pln", "crew", "admin", "auditor")

# The admin writes; a supervisor and an auditor read; an agency's desk reads its own units and nothing else.
READERS, WRITERS, NOBODY = "x--+---++", "x------+-", "x--------"
FRONT = "x--+++-++"

# What is kept there, and the ways to each: adding, changing, importing and what is asked once are written by POST too.
PAGES = {
    "accounts/agency": "list add change history import export",
    "accounts/user": "list add change history import export password",
    "accounts/desk": "list add change history import export",
    "accounts/centre": "list add change history",
    "accounts/apikey": "list add change history revoke",
    "units/station": "list add change history import export",
    "units/unit": "list add change history import export",
    "units/capability": "list add change history import export",
    "plans/incidenttype": "list add change history import export",
    "plans/typesynonyms": "list add change history import export",
    "plans/responseplan": "list add change history import export",
    "directory/contact": "list add change history import export",
    "places/place": "list add change history import export remove",
    "places/placewarning": "list add change history end",
    "alarms/policy": "list add change history import export",
}
READ = {"list": READERS, "change": READERS, "history": READERS, "export": READERS,
        "add": WRITERS, "import": WRITERS, "password": WRITERS, "revoke": WRITERS,
        "remove": WRITERS, "end": WRITERS}  # fmt: skip
WRITE = dict.fromkeys(("add", "change", "import", "password", "revoke", "remove", "end"), WRITERS)
# DAMKAR's desk reads DMK1, PLN's has none of it; which rules there are is built in; keys and warnings never change.
OTHERWISE = {
    ("GET", "units/unit", "list"): "x--+++-++",
    ("GET", "units/unit", "export"): "x--+++-++",
    ("GET", "units/unit", "change"): "x--++?-++",
    ("GET", "units/unit", "history"): "x--++?-++",
    ("GET", "plans/typesynonyms", "add"): NOBODY,
    ("POST", "plans/typesynonyms", "add"): NOBODY,
    ("GET", "alarms/policy", "add"): NOBODY,
    ("GET", "accounts/centre", "add"): NOBODY,
    ("POST", "accounts/centre", "add"): NOBODY,
    ("POST", "alarms/policy", "add"): NOBODY,
    ("POST", "accounts/apikey", "change"): NOBODY,
    ("POST", "places/placewarning", "change"): NOBODY,
}


@dataclass(frozen=True)
class Row:
    """A page and what each asker gets. kept: "" for the front page."""

    method: str
    kept: str
    way: str
    expected: str


def rows() -> list[Row]:
    """Every page with what is read and written there."""
    made = [Row("GET", "", "index", FRONT)]
    for kept, ways in PAGES.items():
        for way in ways.split():
            made.append(Row("GET", kept, way, OTHERWISE.get(("GET", kept, way), READ[way])))
            if way in WRITE:
                made.append(Row("POST", kept, way, OTHERWISE.get(("POST", kept, way), WRITE[way])))
    return made
