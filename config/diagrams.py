"""docs/rules/states.md and docs/settings.md, made from the tables in the code, so that they cannot become outdated."""

from __future__ import annotations

from calls.states import OPERATOR_STEPS
from calls.states import STEPS as CALL_STEPS
from core.states import Steps
from dispatch.states import STEPS as INCIDENT_STEPS
from dispatch.states import TASK_STEPS
from launcher import variables
from units.states import FMS
from units.states import STEPS as UNIT_STEPS

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
