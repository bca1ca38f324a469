"""Pages of docs that are made from the tables in the code, so that they cannot become outdated."""

from __future__ import annotations

from calls.states import OPERATOR_STEPS
from calls.states import STEPS as CALL_STEPS
from core.event_kinds import EventKind, all_kinds
from core.states import Steps
from dispatch.states import STEPS as INCIDENT_STEPS
from dispatch.states import TASK_STEPS
from launcher import variables
from units.states import FMS
from units.states import STEPS as UNIT_STEPS

_TYPES = {int: "number", bool: "yes or no", list: "list", dict: "object"}
_HEAD = """# States

This page is made by `./sigap write_docs` from the tables in the code. A test compares the two.
A step that is not listed is refused with 409 `step_not_allowed`; the answer names the allowed steps.

The rules behind the steps: [calls](call-states.md), [operators](operator-states.md),
[incidents, tasks and assignments](incident-states.md), [units](unit-states.md), [alarms](escalation.md#alarm-states).
"""


def diagram(title: str, steps: Steps) -> str:
    """One state machine as a section with a Mermaid drawing."""
    arrows = [f"    {state} --> {to}" for state, allowed in steps.table.items() for to in allowed]
    return "\n".join(["", f"## {title}", "", "```mermaid", "stateDiagram-v2", *arrows, "```", ""])


def states_page() -> str:
    """docs/rules/states.md: the state machines of calls, operators, incidents, tasks and units."""
    units = "\n".join(
        f"| `{status}` | {FMS[status] or '-'} | {', '.join(f'`{step}`' for step in allowed)} |"
        for status, allowed in UNIT_STEPS.table.items()
    )
    return "".join(
        [
            _HEAD,
            diagram("Calls", CALL_STEPS),
            diagram("Operators", OPERATOR_STEPS),
            diagram("Incidents", INCIDENT_STEPS),
            diagram("Agency tasks", TASK_STEPS),
            f"\n## Units\n\n| Status | FMS digit | Allowed next |\n|---|---|---|\n{units}\n",
        ]
    )


def settings_page() -> str:
    """docs/settings.md: every environment variable that people set, with its kind, default and range."""
    lines = [
        "# Settings",
        "",
        "Environment variables, also from `.env` in the checkout. `NAME_FILE` in place of `NAME` names a file to read.",
        "Each value that can't be used is one line at the start, all at once. `./sigap write_docs` makes this page.",
        "",
        "| variable | kind | default | what it is |",
        "|---|---|---|---|",
    ]
    for variable in variables.TABLE:
        if not variable.own:
            default = f"`{variable.default}`" if variable.default else ""
            lines.append(f"| `{variable.name}` | {variable.kind.name} | {default} | {variable.help} |")
    return "\n".join([*lines, ""])


def events_page() -> str:
    """docs/events.md: every kind of event with the fields of its data and its sentence."""
    lines = [
        "# Events",
        "",
        "The kinds of events: in the log, in the frames of the [live feed](feed.md) and in timelines. Each event has",
        "`seq`, `at`, `recorded_at`, `actor`, `desk`, `kind`, `subjects` and `data`. A field of `data` may be absent",
        "or null. `late` may be in each: it was stated more than a minute after it happened. Ids and times are text.",
        "`./sigap write_docs` makes this page.",
    ]
    by_app: dict[str, list[EventKind]] = {}
    for kind in all_kinds():
        by_app.setdefault(type(kind).__module__.partition(".")[0], []).append(kind)
    for app in sorted(by_app.keys() - {"bench", "tests"}):
        lines += ["", f"## {app.capitalize()}", "", "| Kind | Fields of its data | Sentence |", "|---|---|---|"]
        lines += [f"| `{kind}` | {_fields(kind)} | {kind.sentence} |" for kind in by_app[app]]
    return "\n".join([*lines, ""])


def _fields(kind: EventKind) -> str:
    return ", ".join(f"`{name}` ({_TYPES.get(type_, 'text')})" for name, type_ in kind.fields.items())
