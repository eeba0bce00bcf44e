"""What ``khreport rules`` prints."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from khreport.checks.rule_table import RuleLine
    from khreport.verbs.rules import CheckedCards


def show_rules(options: argparse.Namespace) -> list[RuleLine]:
    """The rules asked for, printed unless ``--json`` asks for values."""
    from khreport.edges.folder import open_campaign
    from khreport.verbs.rules import list_rules, rules_page

    if options.markdown and not options.json:
        print(rules_page(), end="")
        return []
    campaign = open_campaign(options.campaign) if options.campaign else None
    lines = list_rules(campaign, options.form)
    if not options.json:
        print_rules(lines)
    return lines


def print_rules(lines: list[RuleLine]) -> None:
    """Print the rules sheet by sheet, each in a few lines."""
    sheet = ""
    for line in lines:
        if line.sheet != sheet:
            sheet = line.sheet
            print(f"\n{sheet}")
        print(f"  {line.id} ({line.severity}). {line.heading}; {line.when}")
        print(f"    {line.message} {line.fix}")
    print(f"\n{len(lines)} quy tắc. Kiểm tra quy tắc tự sửa: khreport rules check THƯ_MỤC")


def print_checked_cards(checked: CheckedCards) -> None:
    """Print what is wrong with cards, or that nothing is."""
    for complaint in checked.complaints:
        print(complaint)
    if checked.complaints:
        print(f"Đã xem {checked.count} quy tắc, có {len(checked.complaints)} chỗ phải sửa.")
    else:
        print(f"Đã xem {checked.count} quy tắc, tất cả đều dùng được.")


def checked_as_json(checked: CheckedCards) -> dict[str, Any]:
    """What is wrong with cards as values for JSON."""
    return {"rules": checked.count, "complaints": list(checked.complaints)}
