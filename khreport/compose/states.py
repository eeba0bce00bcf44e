"""The states in which a report counts tasks, indicators and causes; the outline words each."""

from __future__ import annotations

from typing import Literal

Kind = Literal["target", "dated", "recurrent"]

STATES: dict[Kind, tuple[str, ...]] = {
    "target": ("target_exceeded", "target_reached", "target_partly", "target_failed"),
    "dated": (
        "completed_in_time", "completed_late", "completed_undated", "running_in_time",
        "running_late",
        "not_started_in_time", "not_started_late",
    ),
    "recurrent": ("carried_out", "partly", "not_carried_out"),
}  # fmt: skip
"""How a task of each kind may stand; any kind may also stand as OTHER_STATES say."""

OTHER_STATES = ("set_aside", "secret", "no_report")
OVERDUE = ("running_late", "not_started_late")
LATE = ("completed_late", *OVERDUE)
BEHIND = ("partly", "not_carried_out")

SHOWN: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "dated": (
        ("completed_in_time", "completed_late", "completed_undated"),
        ("running_in_time", "not_started_in_time"),
        OVERDUE,
        ("set_aside", "secret"),
        ("no_report",),
    ),
    "recurrent": (
        ("carried_out",), ("partly",), ("not_carried_out",), ("set_aside", "secret"),
        ("no_report",),
    ),
}  # fmt: skip
"""The states that a table or chart of sections shows together, in its order."""

INDICATOR_STATES = (
    "indicator_exceeded", "indicator_met", "indicator_below", "indicator_under_way",
    "indicator_unplanned", "indicator_no_figure", "indicator_secret", "indicator_set_aside",
    "indicator_no_report",
)  # fmt: skip
"""How an indicator stands to its plan; it is under way where a year's plan is not over."""
OUTLOOKS = (
    "outlook_exceeds",
    "outlook_reaches",
    "outlook_at_risk",
    "outlook_fails",
    "outlook_none",
)
CHANGES = ("change_up", "change_down", "change_none")
"""How the figure of a year stands to that of the year before."""

UNSAID = "unsaid"
SCOPES = ("before", "after", UNSAID)
"""Which area a figure covers where the province changed: that of then, of now, or not told."""

CAUSES = ("cause_objective", "cause_subjective", "cause_both", "cause_none")

ALL_STATES = (
    *(state for states in STATES.values() for state in states),
    *OTHER_STATES,
    *INDICATOR_STATES,
    *OUTLOOKS,
    *CHANGES,
    *CAUSES,
)
"""Every state for which an outline must have words."""
