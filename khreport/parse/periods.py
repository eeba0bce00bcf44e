"""Windows of data and due days from TOML: what cannot be is refused with its line."""

from __future__ import annotations

from khreport.parse.toml import Entry, Source
from khreport.windows import Delay, MonthDay, PeriodRules, Window


def parse_period_rules(text: str, name: str) -> PeriodRules:
    """The rules that the text of a file of windows and due days makes.

    Raises:
        PlanError: an entry cannot be used; the message says file and line.

    """
    source = Source(text, name)
    windows = [
        Entry(source, "window", nth, each.get("kind", "window")).convert(each, Window)
        for nth, each in enumerate(source.tables("window"))
    ]

    def read_delay(table: str) -> Delay:
        return Entry(source, table, 0, table).convert(source.content.get(table, {}), Delay)

    return PeriodRules(
        windows={window.kind: window for window in windows},
        gap=read_delay("gap"),
        due=read_delay("due"),
        report_due=Entry(source, "report_due", 0, "report_due").convert(
            source.content.get("report_due", {}), MonthDay
        ),
    )
