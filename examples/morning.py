r"""Each morning: take in what came, answer it, remind who owes an answer.

    python examples/morning.py FOLDER

Nothing goes twice, and on days off nobody is reminded, so it may run every day. The exit code is
0 when nothing is left for the officer, 1 when something is, 2 when it could not run.

With cron (Linux, macOS), at 7:15; .env is readable by you alone and exports the mail passwords:

    15 7 * * * cd khreport && . ./.env && .venv/bin/python examples/morning.py dot-2024

With the Task Scheduler of Windows, in one line; the passwords are the user's environment variables:

    schtasks /Create /TN khreport /SC DAILY /ST 07:15
        /TR "cmd /c cd /d C:\khreport & .venv\Scripts\python examples\morning.py dot-2024"
"""

import sys
from pathlib import Path

import khreport

try:
    campaign = khreport.open_campaign(Path(sys.argv[1]))
    collected = khreport.collect(campaign)
    for checked in collected.files:
        print(checked.agency_name or checked.path.name, "ok" if checked.accepted else "faulty")
    for note in collected.notes:  # unknown senders, letters that could not be read
        print(note)
    for waiting in collected.taken.waiting:
        print(f"waits for an unlocking: {waiting.file} ({waiting.agency})")
    for bounced in collected.taken.bounced:
        print(f"not delivered: {bounced.address} ({bounced.agency or 'nobody known'})")
    replied = khreport.reply(campaign)
    print(f"answers: {len(replied.outcomes)}")
    if collected.fault:
        # somebody whose return is still in the mailbox is not to be reminded
        print(collected.fault)
        sys.exit(1)
    reminded = khreport.remind(campaign)
    step = reminded.step.words if reminded.step else reminded.day_off or "no step today"
    print(f"reminders: {len(reminded.outcomes)} ({step})")
    for why in (*replied.lacking.values(), *replied.notes, *reminded.lacking.values()):
        print(why)
except khreport.KhreportError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
sys.exit(0 if collected.clean and replied.complete and reminded.complete else 1)
