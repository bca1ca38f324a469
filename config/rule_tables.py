"""The tables in docs/rules/ and docs/architecture.md that are made from the code and the shipped data.

A page marks the place of a table with the lines `<!-- table: NAME -->` and `<!-- end of table -->`. What stands
between them is replaced by `./sigap write_docs`; a test compares the pages with the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from accounts.roles import ROLE_RIGHTS, SCOPE_RIGHTS, Reach, Right, Role, Scope
from alarms.rules import ACKNOWLEDGES
from config.package_diagram import package_diagram
from core.data_files import document, rows

_TABLE = re.compile(r"<!-- table: ([a-z-]+) -->\n.*?<!-- end of table -->\n", re.DOTALL)
_GROUPS = ("M", "F", "K", "B", "L", "S", "H", "O", "U", "X")
_SUBJECTS_BY_KEY = {"any": "all", "untimed": "without a target"}


def with_tables(page: str) -> str:
    """The text of a page with its tables as they are now. Raises KeyError for a table that does not exist."""
    return _TABLE.sub(lambda found: _marked(found[1]), page)


def names_in(page: str) -> list[str]:
    """The names of the tables that a page has."""
    return [found[1] for found in _TABLE.finditer(page)]


def _marked(name: str) -> str:
    return f"<!-- table: {name} -->\n\n{TABLES[name]()}\n\n<!-- end of table -->\n"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def rule_seconds() -> str:
    """When each level of each shipped escalation rule is due, by the priority of its subject."""
    names = {feature["properties"]["code"]: feature["properties"]["name"] for feature in _kecamatan()}
    body = []
    for rule in document("defaults/escalation_rules.json")["rules"]:
        for key, seconds in rule["after_seconds"].items():
            levels = [f"{each:,} s" if each is not None else "-" for each in (*seconds, None, None)[:3]]
            body.append([str(rule["rule"]), rule["name_en"], _key_name(key, names), *levels])
    return _table(["Rule", "Name", "Priority", "Level 1 after", "Level 2 after", "Level 3 after"], body)


def _kecamatan() -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = document("sumenep/kecamatan.geojson")["features"]
    return found


def _key_name(key: str, names: dict[str, str]) -> str:
    priority, _, variant = key.partition(".")
    if not priority.isdecimal():
        return _SUBJECTS_BY_KEY[key]
    return f"P{priority} in {names[variant]}" if variant else f"P{priority}"


def rule_roles() -> str:
    """What each shipped escalation rule is about, and the roles that each of its levels alerts."""
    body = []
    for rule in document("defaults/escalation_rules.json")["rules"]:
        roles = {step["level"]: ", ".join(f"`{role}`" for role in step["roles"]) for step in rule["steps"]}
        levels = [roles.get(level, "-") for level in (1, 2, 3)]
        again = ", ".join(
            f"{_key_name(key, {}) if key != 'any' else 'else'} {seconds:,} s"
            for key, seconds in rule["again_seconds"].items()
        )
        body.append([str(rule["rule"]), rule["subject"], *levels, again])
    return _table(
        ["Rule", "Subject", "Level 1 alerts", "Level 2 alerts", "Level 3 alerts", "An acknowledgement holds"], body
    )


def role_rights() -> str:
    """How far each right of each role goes."""
    shown = {Reach.NONE: "-", Reach.OWN: "own", Reach.ANY: "any"}
    body = [
        [f"`{right}`", *(shown[ROLE_RIGHTS[role].get(right, Reach.NONE)] for role in Role)]
        for right in Right
        if any(right in rights for rights in ROLE_RIGHTS.values())
    ]
    return _table(["Right", *(f"`{role}`" for role in Role)], body)


def scope_rights() -> str:
    """The rights of each scope of an API key."""
    body = [[f"`{scope}`", ", ".join(_right(*each) for each in SCOPE_RIGHTS[scope].items())] for scope in Scope]
    return _table(["Scope", "Rights"], body)


def _right(right: Right, reach: Reach) -> str:
    return f"`{right}`" if reach is Reach.ANY else f"`{right}` (own)"


def acknowledgers() -> str:
    """The escalation rules whose alarms each role may acknowledge."""
    body = [[f"`{role}`", ", ".join(str(rule) for rule in sorted(rules))] for role, rules in ACKNOWLEDGES.items()]
    return _table(["Role", "Rules"], body)


def call_dispositions() -> str:
    """The dispositions of calls."""
    body = [
        [
            row["code"],
            row["letter"] or "-",
            row["name_id"],
            row["name_en"],
            row["report_group"],
            "the system" if row["by_itself"] == "yes" else "a person",
        ]
        for row in rows("defaults/call_dispositions.csv")
    ]
    return _table(["Code", "Letter", "Indonesian", "English", "Report group", "Set by"], body)


def incident_dispositions() -> str:
    """The dispositions of incidents."""
    found = rows("defaults/incident_dispositions.csv")
    body = [[f"`{row['code']}`", row["name_id"], row["name_en"]] for row in found]
    return _table(["Code", "Indonesian", "English"], body)


def incident_types() -> str:
    """The shipped incident types."""
    found = sorted(rows("defaults/incident_types.csv"), key=lambda row: (_GROUPS.index(row["group"]), row["code"]))
    body = [
        [
            row["code"],
            row["name_id"],
            row["name_en"],
            f"P{row['priority']}",
            _codes(row["lead_agencies"]),
            _codes(row["support_agencies"]),
            ", ".join(name for name, column in _MARKS.items() if row[column] == "yes") or "-",
            f"{int(row['on_scene_update_seconds']):,} s",
            _codes(row["apco"]),
        ]
        for row in found
    ]
    head = ["Code", "Indonesian", "English", "Priority", "Lead", "Support", "Marks", "Update interval", "APCO"]
    return _table(head, body)


_MARKS = {"restricted": "restricted", "now case": "now_case", "at sea": "sea"}


def _codes(cell: str) -> str:
    return ", ".join(cell.split()) or "-"


def agencies() -> str:
    """The shipped agencies, each with its capabilities, the first one first."""
    capabilities: dict[str, list[str]] = {}
    for row in sorted(rows("defaults/agency_capabilities.csv"), key=lambda row: int(row["position"])):
        capabilities.setdefault(row["agency"], []).append(f"`{row['capability']}`")
    body = [
        [row["code"], row["name_id"], row["name_en"], ", ".join(capabilities.get(row["code"], ["-"]))]
        for row in rows("defaults/agencies.csv")
    ]
    return _table(["Code", "Indonesian", "English", "Capabilities"], body)


def capabilities() -> str:
    """The shipped capabilities."""
    body = [[f"`{row['code']}`", row["name_id"], row["name_en"]] for row in rows("defaults/capabilities.csv")]
    return _table(["Code", "Indonesian", "English"], body)


def plans() -> str:
    """The shipped response plans, a line for each type."""
    parts: dict[str, list[dict[str, str]]] = {}
    for row in rows("defaults/plans.csv"):
        parts.setdefault(row["type"], []).append(row)
    body = [
        [
            code,
            ", ".join(f"{part['count']} `{part['capability']}`" for part in own if part["capability"]) or "-",
            ", ".join(part["agency"] for part in own if part["role"] != "next"),
            ", ".join(part["agency"] for part in own if part["role"] == "next") or "-",
        ]
        for code, own in parts.items()
    ]
    return _table(["Type", "Needs", "Tasks offered to", "Stands in for the lead"], body)


def demo_people() -> str:
    """The people of a training site."""
    body = [
        [f"`{row['username']}`", row["name"], ", ".join(f"`{role}`" for role in row["roles"].split()), _belongs(row)]
        for row in rows("sumenep/demo_people.csv")
    ]
    return _table(["User", "Name", "Roles", "Belongs to"], body)


def _belongs(row: dict[str, str]) -> str:
    return " ".join(part for part in (row["agency"], row["unit"]) if part) or "the centre"


def demo_units() -> str:
    """How many units of each agency a training site has."""
    units: dict[str, list[str]] = {}
    for row in rows("sumenep/units.csv"):
        units.setdefault(row["agency"], []).append(row["callsign"])
    body = [[agency, str(len(callsigns)), ", ".join(callsigns)] for agency, callsigns in units.items()]
    return _table(["Agency", "Units", "Callsigns"], body)


TABLES: dict[str, Callable[[], str]] = {
    "rule-seconds": rule_seconds,
    "rule-roles": rule_roles,
    "role-rights": role_rights,
    "scope-rights": scope_rights,
    "acknowledgers": acknowledgers,
    "call-dispositions": call_dispositions,
    "incident-dispositions": incident_dispositions,
    "incident-types": incident_types,
    "agencies": agencies,
    "capabilities": capabilities,
    "plans": plans,
    "demo-people": demo_people,
    "demo-units": demo_units,
    "package-imports": package_diagram,
}
