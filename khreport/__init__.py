"""Run a reporting round of a Vietnamese provincial plan by Excel and Word.

>>> import khreport
>>> plan = khreport.load_plan("qd1165")
>>> len(plan.tasks)
114

The public names are imported when they are first used, so that ``import khreport`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from khreport.campaign import Campaign
    from khreport.edges.folder import open_campaign
    from khreport.edges.shipped import load_plan
    from khreport.errors import KhreportError
    from khreport.verbs.check import check
    from khreport.verbs.closing import close, unlock
    from khreport.verbs.collect import collect
    from khreport.verbs.consolidate import consolidate
    from khreport.verbs.init import init_campaign
    from khreport.verbs.remind import remind
    from khreport.verbs.reply import reply
    from khreport.verbs.report import write_report
    from khreport.verbs.send import send
    from khreport.verbs.status import read_status
    from khreport.verbs.templates import write_templates
    from khreport.verbs.trace import trace

__all__ = [
    "Campaign",
    "KhreportError",
    "check",
    "close",
    "collect",
    "consolidate",
    "init_campaign",
    "load_plan",
    "open_campaign",
    "read_status",
    "remind",
    "reply",
    "send",
    "trace",
    "unlock",
    "write_report",
    "write_templates",
]

_HOMES = {
    "Campaign": "campaign",
    "KhreportError": "errors",
    "check": "verbs.check",
    "close": "verbs.closing",
    "collect": "verbs.collect",
    "consolidate": "verbs.consolidate",
    "init_campaign": "verbs.init",
    "load_plan": "edges.shipped",
    "open_campaign": "edges.folder",
    "read_status": "verbs.status",
    "remind": "verbs.remind",
    "reply": "verbs.reply",
    "send": "verbs.send",
    "trace": "verbs.trace",
    "unlock": "verbs.closing",
    "write_report": "verbs.report",
    "write_templates": "verbs.templates",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOMES:
        raise AttributeError(f"module 'khreport' has no attribute {name!r}")
    return getattr(import_module(f"khreport.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
