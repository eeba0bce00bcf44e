"""The year-end report, written from a consolidation and the officer's edits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from khreport.campaign import Settings
from khreport.compose.appendix import write_appendix
from khreport.compose.assessment import write_difficulties, write_shortcomings
from khreport.compose.charts import draw_charts, write_charts_appendix
from khreport.compose.comparison import write_comparison
from khreport.compose.figures import count_figures
from khreport.compose.indicators import write_indicators, write_indicators_appendix
from khreport.compose.length import fit_material
from khreport.compose.material import CHARTS, Material, gather_indicators, settle
from khreport.compose.opening import (
    write_closing,
    write_coverage,
    write_documents,
    write_opening,
    write_overdue,
    write_reporting,
)
from khreport.compose.outlook import write_plans, write_proposals, write_proposals_appendix
from khreport.compose.round import name_period
from khreport.compose.sections import write_sections
from khreport.compose.tasks import write_late, write_tasks
from khreport.compose.words import slot, write
from khreport.consolidation import Consolidation, Edits
from khreport.edition import Edition
from khreport.merge.raised import follow_proposals
from khreport.parse.outline import SLOT_MARK, Outline, Part, slots_of
from khreport.period_words import call_period
from khreport.report import Appendix, Block, Heading, Letterhead, Report, Signature

__all__ = ["WRITERS", "compose_report", "prepare_material", "slots_of"]

WRITERS: dict[str, Callable[[Material], list[Block]]] = {
    "opening": write_opening,
    "coverage": write_coverage,
    "overdue": write_overdue,
    "documents": write_documents,
    "reporting": write_reporting,
    "indicators": write_indicators,
    "tasks": write_tasks,
    "comparison": write_comparison,
    "sections": write_sections,
    "late": write_late,
    "shortcomings": write_shortcomings,
    "difficulties": write_difficulties,
    "plans": write_plans,
    "proposals": write_proposals,
    "closing": write_closing,
}
"""Who writes each of `khreport.parse.outline.CONTENTS`."""

EXTRA: dict[str, Callable[[Material], Appendix]] = {
    "indicators": write_indicators_appendix,
    "proposals": write_proposals_appendix,
    CHARTS: write_charts_appendix,
}
"""Who writes the appendix of a list that is too long for the body, and that of the charts."""


def compose_report(  # noqa: PLR0913 - each is one thing that a report is made of
    edition: Edition,
    consolidation: Consolidation,
    edits: Edits,
    settings: Settings,
    outline: Outline,
    *,
    draft: bool,
) -> Report:
    """The report of the collecting body to its superior, with slots where only it can write.

    It is a report all the same where slots are open (`Report.open_slots`).
    """
    material = prepare_material(edition, consolidation, edits, settings, outline)
    return compose_material(material, draft=draft)


def compose_material(material: Material, *, draft: bool) -> Report:
    """The report of what :func:`prepare_material` prepared."""
    outline = material.outline
    office, dates = material.settings.office, material.settings.dates
    return Report(
        letterhead=Letterhead(
            superior=office.superior,
            issuer=office.issuer,
            symbol=write(material, outline.symbol, symbol=office.symbol),
            place=office.place,
            date=dates.issued or dates.report_due,
            number=office.number,
            day_open=dates.issued is None,
        ),
        kind=outline.kind,
        subject=write(material, outline.subject),
        addressees=office.addressees,
        body=_write_body(material),
        recipients=office.recipients,
        signature=Signature(lines=office.authority, name=office.signatory),
        appendices=(
            *(write_appendix(material, appendix) for appendix in material.told_appendices),
            *(EXTRA[figure](material) for figure in material.extra_appendices),
        ),
        draft=draft,
    )


def prepare_material(  # noqa: PLR0913 - each is one thing that a report is made of
    edition: Edition,
    consolidation: Consolidation,
    edits: Edits,
    settings: Settings,
    outline: Outline,
    *,
    charts: bool = False,
) -> Material:
    """What the parts are written from: settled tasks, indicators, and every figure by id.

    With `charts` it has what is drawn in an appendix of its own. The limits of its outline are
    those under which the body fits its pages.
    """
    outline = call_period(outline, name_period(edition))
    consolidation = _keep_asked(consolidation)
    tasks = settle(consolidation, edition, edits)
    indicators = gather_indicators(consolidation, edition, edits, outline.states)
    raised = follow_proposals(edition, consolidation)
    material = Material(
        edition=edition,
        consolidation=consolidation,
        edits=edits,
        settings=settings,
        outline=outline,
        tasks=tasks,
        indicators=indicators,
        raised=raised,
        figures=count_figures(edition, consolidation, tasks, indicators, raised),
    )
    if charts:
        material = msgspec.structs.replace(material, charts=draw_charts(material))
    return fit_material(material, _write_body)


def _keep_asked(consolidation: Consolidation) -> Consolidation:
    """The consolidation without what agencies say of tasks for which they are not asked any more.

    Such answers settle nothing; the consolidated workbook lists them with that mark.
    """
    asked = consolidation.answers.filter("asked").select("agency", "task").unique()
    told = {
        name: getattr(consolidation, name).join(
            asked, on=["agency", "task"], how="semi", maintain_order="left"
        )
        for name in ("difficulties", "proposals")
    }
    return msgspec.structs.replace(consolidation, **told)


def _write_body(material: Material) -> tuple[Block, ...]:
    parts = material.outline.part
    return tuple(block for part in parts for block in _write_part(material, part))


def _write_part(material: Material, part: Part) -> Iterator[Block]:
    if part.title:
        yield Heading(part.level, write(material, part.title))
    for content in part.contents:
        if content.startswith(SLOT_MARK):
            yield from slot(material, content.removeprefix(SLOT_MARK))
        else:
            yield from WRITERS[content](material)
