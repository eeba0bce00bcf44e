"""``khreport rules``: the table of all rules, and what is wrong with cards that people edit."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khreport.campaign import OWN_CARDS, SETTINGS_FILE, Campaign
from khreport.checks.prove import prove_card
from khreport.checks.rule_table import RuleLine, rule_table, table_as_markdown
from khreport.edges.shipped import load_forms, load_rules, read_text
from khreport.errors import CampaignError, PlanError
from khreport.parse.rules import try_cards
from khreport.verbs.templates import campaign_edition


class CheckedCards(msgspec.Struct, frozen=True):
    """How many cards were looked at, and what is wrong with them, each with file and line."""

    count: int
    complaints: tuple[str, ...]


def list_rules(campaign: Campaign | None = None, form: str | None = None) -> list[RuleLine]:
    """The table of the shipped rules, or of a campaign's; of one form, by its key, or of all.

    >>> import khreport
    >>> [line.id for line in khreport.list_rules(form="PH")][-1]
    'PH-40'

    Raises:
        CampaignError: there is no such form.

    """
    if campaign is None:
        forms = load_forms()
        rules = load_rules(forms)
    else:
        edition = campaign_edition(campaign)
        forms, rules = edition.forms, edition.rules
    keys = {each.key.casefold(): each for each in forms}
    if form is None:
        return rule_table(rules, forms)
    if form.casefold() not in keys:
        names = ", ".join(f"{each.key} ({each.sheet})" for each in forms)
        raise CampaignError(f"Không có biểu “{form}”. Chọn một trong: {names}.")
    return rule_table(rules, [keys[form.casefold()]], forms)


def rules_page() -> str:
    """The page docs/quy-tac.md: all shipped rules as Markdown."""
    return table_as_markdown(list_rules())


def check_cards(folder: Path) -> CheckedCards:
    r"""What is wrong with the rule cards of a folder, or of a campaign's folder for its own.

    A card must fit the forms, and its examples must prove it.

    >>> import tempfile
    >>> import khreport
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, "toi.toml").write_text('[[rule]]\nid = "X-1"', encoding="utf-8")
    ...     len(khreport.check_cards(Path(place)).complaints)
    1

    Raises:
        CampaignError: the folder has no file of cards.

    """
    own = folder / OWN_CARDS
    in_campaign = own.is_dir() or (folder / SETTINGS_FILE).is_file()
    paths = sorted((own if in_campaign else folder).glob("*.toml"))
    if not paths and in_campaign:
        raise CampaignError(
            f"Đợt báo cáo “{folder}” chưa có quy tắc riêng. Muốn có, ghi tệp .toml vào thư mục "
            f"“{own}”, theo mẫu các quy tắc mà lệnh “khreport rules” in ra."
        )
    if not paths:
        raise CampaignError(
            f"Thư mục “{folder}” không có tệp quy tắc (.toml). Hãy kiểm tra lại đường dẫn."
        )
    forms = {form.key: form for form in load_forms()}
    complaints: list[str] = []
    texts: dict[str, str] = {}
    for path in paths:
        try:
            texts[path.name] = read_text(path)
        except PlanError as error:
            complaints.append(str(error))
    cards = list(try_cards(texts, forms.values()))
    for card in cards:
        if isinstance(card, PlanError):
            complaints.append(str(card))
            continue
        wrong = prove_card(card.rule, forms[card.rule.form])
        complaints += [card.entry.complain(field, words) for field, words in wrong.items()]
    return CheckedCards(len(cards), tuple(complaints))
