"""``--previous``: what an earlier campaign was told, read from its folder."""

from __future__ import annotations

from pathlib import Path

from khreport.campaign import SETTINGS_FILE, Campaign
from khreport.edges.folder import frozen_editions, newest_edition, open_campaign
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.merge.carried import carry_answers
from khreport.previous import Previous
from khreport.verbs.consolidated import load_consolidation, read_editing_file


def read_previous(folder: Path, present: Edition) -> Previous:
    """The answers of the campaign in `folder`, as its officer settled them.

    Raises:
        CampaignError: the folder holds no campaign, or one that was not consolidated, is of
            another plan, or is of no period before that of the edition `present`.

    """
    if not (folder / SETTINGS_FILE).is_file():
        raise CampaignError(
            f"“{folder}” không phải thư mục của một đợt báo cáo (không có tệp {SETTINGS_FILE}). "
            "Hãy chỉ thư mục của đợt kỳ trước, ví dụ: --previous dot-2023"
        )
    earlier = open_campaign(folder)
    edition = newest_edition(earlier)
    if edition.plan.key != present.plan.key:
        raise CampaignError(
            f"Đợt trong “{folder}” theo kế hoạch khác ({edition.plan.number}), không phải "
            f"{present.plan.number}. Hãy chỉ đợt kỳ trước của cùng kế hoạch."
        )
    if edition.period.end >= present.period.start:
        raise CampaignError(
            f"Đợt trong “{folder}” là kỳ {edition.period.name.lower()}, không trước kỳ "
            f"{present.period.name.lower()}. Hãy chỉ đợt của kỳ trước, ví dụ năm "
            f"{present.period.year - 1}."
        )
    consolidation = load_consolidation(earlier)
    edits, _ = read_editing_file(earlier, edition)
    return carry_answers(edition, consolidation, edits)


def sent_previous(campaign: Campaign) -> Previous | None:
    """What the forms that a campaign sent last told of an earlier period."""
    editions = frozen_editions(campaign)
    return next(reversed(editions.values())).previous if editions else None
