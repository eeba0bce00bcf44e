"""Run a reporting round of a Vietnamese provincial plan by Excel and Word.

>>> import khreport
>>> plan = khreport.load_plan("qd1165")
>>> len(plan.tasks)
114

Each command of the command line is a function of the same name here, which gives its result as a
value: ``khreport.check`` for ``khreport check``. Where a module of the package has that name the
function says what it does with it: `read_status`, `write_report`, `list_rules`, `check_cards`
(``rules check``), `list_agencies`, `check_agencies` (``agencies check``), `lint_document`,
`load_plan` (``plan export``), `run_demo_round`.

The public names are imported when they are first used, so that ``import khreport`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.demo.round import run_demo_round
    from khreport.edges.folder import open_campaign
    from khreport.edges.shipped import load_plan
    from khreport.errors import KhreportError
    from khreport.verbs.agencies import check_agencies, list_agencies
    from khreport.verbs.check import check
    from khreport.verbs.closing import close, reopen, unlock
    from khreport.verbs.collect import collect
    from khreport.verbs.consolidate import consolidate
    from khreport.verbs.init import init_campaign as init
    from khreport.verbs.letter import write_official_letter as letter
    from khreport.verbs.limits import list_limits as limits
    from khreport.verbs.lint import lint as lint_document
    from khreport.verbs.log import read_log as log
    from khreport.verbs.paper import correct_paper, withdraw_paper
    from khreport.verbs.paper import take_paper as paper
    from khreport.verbs.rebuild import rebuild_ledger
    from khreport.verbs.remind import remind
    from khreport.verbs.reply import reply
    from khreport.verbs.report import write_own_report, write_report
    from khreport.verbs.rules import check_cards, list_rules
    from khreport.verbs.send import send
    from khreport.verbs.status import export_status, read_status
    from khreport.verbs.templates import write_templates as templates
    from khreport.verbs.trace import trace

__all__ = [
    "Campaign",
    "KhreportError",
    "check",
    "check_agencies",
    "check_cards",
    "close",
    "collect",
    "consolidate",
    "correct_paper",
    "export_status",
    "init",
    "letter",
    "limits",
    "lint_document",
    "list_agencies",
    "list_rules",
    "load_plan",
    "log",
    "open_campaign",
    "paper",
    "read_status",
    "rebuild_ledger",
    "remind",
    "reopen",
    "reply",
    "run_demo_round",
    "send",
    "templates",
    "trace",
    "unlock",
    "withdraw_paper",
    "write_own_report",
    "write_report",
]

_HOMES = {
    "Campaign": "campaign.Campaign",
    "KhreportError": "errors.KhreportError",
    "check": "verbs.check.check",
    "check_agencies": "verbs.agencies.check_agencies",
    "check_cards": "verbs.rules.check_cards",
    "close": "verbs.closing.close",
    "collect": "verbs.collect.collect",
    "consolidate": "verbs.consolidate.consolidate",
    "correct_paper": "verbs.paper.correct_paper",
    "export_status": "verbs.status.export_status",
    "init": "verbs.init.init_campaign",
    "letter": "verbs.letter.write_official_letter",
    "limits": "verbs.limits.list_limits",
    "lint_document": "verbs.lint.lint",
    "list_agencies": "verbs.agencies.list_agencies",
    "list_rules": "verbs.rules.list_rules",
    "load_plan": "edges.shipped.load_plan",
    "log": "verbs.log.read_log",
    "open_campaign": "edges.folder.open_campaign",
    "paper": "verbs.paper.take_paper",
    "read_status": "verbs.status.read_status",
    "rebuild_ledger": "verbs.rebuild.rebuild_ledger",
    "remind": "verbs.remind.remind",
    "reopen": "verbs.closing.reopen",
    "reply": "verbs.reply.reply",
    "run_demo_round": "demo.round.run_demo_round",
    "send": "verbs.send.send",
    "templates": "verbs.templates.write_templates",
    "trace": "verbs.trace.trace",
    "unlock": "verbs.closing.unlock",
    "withdraw_paper": "verbs.paper.withdraw_paper",
    "write_own_report": "verbs.report.write_own_report",
    "write_report": "verbs.report.write_report",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOMES:
        raise AttributeError(f"module 'khreport' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].rpartition(".")
    return getattr(import_module(f"khreport.{module}"), attribute)


def __dir__() -> list[str]:
    return __all__
