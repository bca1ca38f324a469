"""docs/domain.md and docs/settings.md, made from the tables in the code, so that they can't grow old."""

from __future__ import annotations

from calls.states import OPERATOR_STEPS
from calls.states import STEPS as CALL_STEPS
from core.launcher import variables
from core.states import Steps
from dispatch.states import STEPS as INCIDENT_STEPS
from dispatch.states import TASK_STEPS
from units.states import FMS
from units.states import STEPS as UNIT_STEPS

_HEAD = """# States and rules

Made by `./sigap write_docs` from the tables in the code; a test compares the two.
Any step that is not drawn is refused with 409 `step_not_allowed`, which names the allowed ones.
"""

_TAIL = """
## Assignments

An assignment's status and its unit's status are one fact while the assignment is active: the unit's steps from
`dispatched` to `at_destination` are the assignment's too. It ends as `cleared` (was on scene), `cancelled` (by a desk),
`refused` (by its crew) or `diverted`. A `stacked` one waits for its unit and is never sent by itself.

## Alarms

open (level 1 to 3) -> acknowledged -> closed; open -> closed. One per rule and subject; closes by itself when its
condition ends. An acknowledgement holds for the policy's `again_seconds`; if the condition still stands then, the alarm
is open again at the next level, or at the last one. An acknowledgement never delays rules 2 and 9; these are not
snoozed either. A late entry, up to an hour behind, raises its alarm once, at the highest level due, marked late. The
rules and their seconds are data: `data/defaults/escalation_rules.json`.
"""


def diagram(title: str, steps: Steps) -> str:
    """One state machine as a section with a Mermaid drawing."""
    arrows = [f"    {state} --> {to}" for state, allowed in steps.table.items() for to in allowed]
    return "\n".join(["", f"## {title}", "", "```mermaid", "stateDiagram-v2", *arrows, "```", ""])


def domain_page() -> str:
    """The whole page."""
    units = "\n".join(
        f"| {status} | {FMS[status] or '-'} | {', '.join(allowed)} |" for status, allowed in UNIT_STEPS.table.items()
    )
    return "".join(
        [
            _HEAD,
            diagram("Calls", CALL_STEPS),
            diagram("Operators", OPERATOR_STEPS),
            diagram("Incidents", INCIDENT_STEPS),
            diagram("Agency tasks", TASK_STEPS),
            f"\n## Units\n\n| status | FMS digit | next allowed |\n|---|---|---|\n{units}\n",
            _TAIL,
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
