"""A year's round from Python: templates and letters out, returns in, consolidated and reported.

    python examples/yearly_round.py FOLDER YEAR

Run it once to write the templates, then fill in FOLDER/lien-he.xlsx. Run it again as often as you
like: it sends what has not gone yet (without a mail server, as drafts in FOLDER/gui-di), takes in
what is new in FOLDER/inbox, consolidates, and drafts the report.
"""

import sys
from pathlib import Path

import khreport

folder, year = Path(sys.argv[1]), sys.argv[2]

if not (folder / "khreport.toml").exists():
    campaign = khreport.init(folder, "qd1165", year)
    templates = khreport.templates(campaign)
    print(f"{len(templates.files)} templates in {campaign.outgoing}")
    sys.exit()

campaign = khreport.open_campaign(folder)
sent = khreport.send(campaign)
print(f"{len(sent.outcomes)} letters; agencies without one: {len(sent.lacking)}")

for checked in khreport.collect(campaign).files:
    print(
        checked.agency_name or checked.path.name, "ok" if checked.accepted else checked.correction
    )
overdue = khreport.read_status(campaign).overdue
print(f"{len(overdue)} agencies are overdue")

consolidated = khreport.consolidate(campaign)
tasks = consolidated.consolidation.tasks
late = tasks.filter(tasks["days_late"] > 0)
print(f"{late.height} tasks overdue; states of agencies: {consolidated.counts}")

written = khreport.write_report(campaign)
print(f"draft report: {written.path}; passages left to write: {len(written.open_slots)}")
