"""``--previous``: what an earlier campaign was told, read from its folder."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khreport.campaign import SETTINGS_FILE, Campaign
from khreport.edges.folder import frozen_editions, newest_edition, open_campaign
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.merge.carried import carry_answers
from khreport.period_words import words_of
from khreport.periods import read_key
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
    then, now = read_key(edition.period.key), read_key(present.period.key)
    if then.last >= now.first:
        raise CampaignError(
            f"Đợt trong “{folder}” là kỳ {then.spoken}, không trước kỳ {now.spoken}. "
            f"Hãy chỉ đợt của kỳ đã hết trước đó, ví dụ năm {now.first_year - 1}."
        )
    consolidation = load_consolidation(earlier)
    edits, _ = read_editing_file(earlier, edition)
    previous = carry_answers(edition, consolidation, edits)
    return previous if then.is_year_before(now) else _drop_figures(previous, present)


def _drop_figures(previous: Previous, present: Edition) -> Previous:
    """What an earlier period said without the figures that would stand as those of a year ago."""
    given = {
        form.key: {c.source for c in form.columns if c.role == "given"}
        for form in present.forms
        if form.rows == "indicators"
    }
    answers = {
        agency: {
            form: {
                key: {name: v for name, v in row.items() if name not in given.get(form, ())}
                for key, row in rows.items()
            }
            for form, rows in forms.items()
        }
        for agency, forms in previous.answers.items()
    }
    return msgspec.structs.replace(previous, answers=answers)


def tell_incomparable(edition: Edition) -> str:
    """Why forms do not hold the figures of the period before; "" where they do."""
    previous = edition.previous.period if edition.previous else ""
    if not previous or read_key(previous).is_year_before(now := read_key(edition.period.key)):
        return ""
    ago = words_of(now)["year_ago"]
    return (
        f"Số liệu chỉ tiêu của kỳ {read_key(previous).spoken} không ghi sẵn vào biểu {now.spoken}: "
        f"không phải số của {ago} nên không so sánh được."
    )


def sent_previous(campaign: Campaign) -> Previous | None:
    """What the forms that a campaign sent last told of an earlier period."""
    editions = frozen_editions(campaign)
    if not editions:
        return None
    last = next(reversed(editions.values()))
    return last.told or last.previous
