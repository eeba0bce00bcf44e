"""A campaign's folder on disk: its settings, and the editions that it sent out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from khreport.campaign import SETTINGS_FILE, Campaign
from khreport.edges.ledger import Event, Ledger, now, tell_rebuild, user
from khreport.edges.ledger_files import ledger_was_begun
from khreport.edges.shipped import plan_names, read_text
from khreport.edges.store import write_atomically
from khreport.edition import Edition
from khreport.errors import CampaignError, LostLedgerError, PlanError
from khreport.forms import Form
from khreport.parse.settings import parse_settings
from khreport.parse.succession import parse_register
from khreport.parse.waivers import parse_waivers
from khreport.period_words import words_of
from khreport.periods import read_key
from khreport.plan import Plan
from khreport.rules import Rule, Waiver
from khreport.succession import Register


def open_campaign(folder: Path) -> Campaign:
    """The campaign in a folder. A plan that its settings name by a relative path stands in it.

    >>> import tempfile, khreport
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = khreport.init(Path(place, "dot-2024"), "qd1165", "2024").folder
    ...     khreport.open_campaign(folder).settings.dates.due
    datetime.date(2024, 12, 13)

    Raises:
        CampaignError: there is no khreport.toml, or it cannot be used.

    """
    path = folder / SETTINGS_FILE
    try:
        settings = parse_settings(path.read_bytes().decode("utf-8-sig"), str(path))
    except (FileNotFoundError, NotADirectoryError):
        raise CampaignError(
            f"Không có tệp {SETTINGS_FILE} trong thư mục “{folder}”. "
            f"Hãy tạo đợt báo cáo bằng lệnh: khreport init {folder} --period KỲ"
        ) from None
    except UnicodeDecodeError as error:
        raise CampaignError(f"Tệp {path} không ở mã UTF-8. Hãy lưu lại tệp ở mã UTF-8.") from error
    except OSError as error:
        raise CampaignError(
            f"Không mở được tệp “{path}”. Hãy đóng tệp trong chương trình khác, "
            "xem lại quyền đọc rồi chạy lại."
        ) from error
    if settings.plan not in plan_names() and (folder / settings.plan).is_dir():
        settings = msgspec.structs.replace(settings, plan=str(folder / settings.plan))
    return Campaign(folder, settings)


def campaign_above(path: Path) -> Campaign | None:
    """The campaign whose folder a path stands in, if any."""
    for folder in path.resolve().parents:
        if (folder / SETTINGS_FILE).is_file():
            return open_campaign(folder)
    return None


def own_cards(campaign: Campaign, forms: Iterable[Form]) -> tuple[Rule, ...]:
    """The rule cards of the campaign's own folder; none where it has no such folder.

    Raises:
        PlanError: a card cannot be used; the message names file, line and card.

    """
    texts = {path.name: read_text(path) for path in sorted(campaign.cards.glob("*.toml"))}
    if not texts:
        return ()
    # it brings polars, which opening a campaign does not need
    from khreport.parse.rules import parse_rule_files  # noqa: PLC0415

    words = words_of(read_key(campaign.settings.period))
    return parse_rule_files(texts, forms, words)


def load_own_register(campaign: Campaign, plan: Plan, shipped: Register) -> Register:
    """The register with what the campaign's own file says; as it is where there is none.

    Raises:
        CampaignError: the file cannot be used; the message names file and line.

    """
    path = campaign.agencies_file
    if not path.is_file():
        return shipped
    try:
        return parse_register(read_text(path), path.name, plan, shipped)
    except PlanError as error:
        raise CampaignError(str(error)) from error


def load_waivers(campaign: Campaign, edition: Edition) -> tuple[Waiver, ...]:
    """The waivers that the campaign's folder records; none where it has no such file.

    Raises:
        CampaignError: a waiver cannot be used; the message names file and line.

    """
    path = campaign.waivers_file
    if not path.is_file():
        return ()
    return parse_waivers(read_text(path), path.name, edition)


def freeze_edition(campaign: Campaign, edition: Edition) -> Path:
    """The file that keeps an edition under its digest; the ledger says that it was sent last."""
    path = _edition_path(campaign, edition.digest)
    sent = digests_sent(campaign)
    campaign.state.mkdir(parents=True, exist_ok=True)
    # an edition without a ledger means that one was lost: the ledger is made first
    with Ledger(campaign.ledger) as ledger, ledger.together():
        if not path.exists():
            write_atomically(path, msgspec.json.encode(edition, order="deterministic"))
        if sent[-1:] != [edition.digest]:
            ledger.append("prepared", "", "", {"digest": edition.digest}, now(), user())
    return path


def digests_sent(campaign: Campaign) -> list[str]:
    """The editions that a campaign sent, by digest, in order; a digest may come again.

    Raises:
        LostLedgerError: there are editions, and nothing tells which of them went out.

    """
    events: list[Event] = []
    begun = ledger_was_begun(campaign.ledger)
    if begun:
        with Ledger(campaign.ledger) as ledger:
            events = ledger.events()
    sent = [event.detail["digest"] for event in events if event.kind == "prepared"]
    # a ledger without any event is one of which the first was not entered any more
    if not sent and (events or not begun) and any((campaign.state / "editions").glob("*.json")):
        raise LostLedgerError(
            f"Sổ theo dõi “{campaign.ledger.name}” bị mất hoặc trống, tuy đã phát biểu mẫu."
            f" {tell_rebuild(campaign.ledger)}"
        )
    return sent


def frozen_edition(path: Path) -> Edition:
    """The edition in a file that :func:`freeze_edition` wrote.

    Raises:
        CampaignError: the file was changed since.

    """
    try:
        edition = msgspec.json.decode(path.read_bytes(), type=Edition)
    except FileNotFoundError:
        raise CampaignError(
            f"Thiếu tệp {path}. Hãy khôi phục thư mục .khreport từ bản sao lưu."
        ) from None
    except msgspec.DecodeError as error:
        raise CampaignError(f"Tệp {path} đã hỏng: {error}.") from error
    if edition.digest != path.stem:
        raise CampaignError(f"Tệp {path} đã bị sửa sau khi phát hành biểu mẫu.")
    return edition


def newest_edition(campaign: Campaign) -> Edition:
    """The edition that a campaign sent last.

    Raises:
        CampaignError: none was sent.
        LostLedgerError: the ledger that told which is lost.

    """
    sent = digests_sent(campaign)
    if not sent:
        raise nothing_sent(campaign)
    return frozen_edition(_edition_path(campaign, sent[-1]))


def nothing_sent(campaign: Campaign) -> CampaignError:
    """What to say of a campaign whose forms have not gone out yet."""
    return CampaignError(
        f"Đợt báo cáo chưa phát biểu mẫu. Hãy chạy: khreport templates {campaign.folder}"
    )


def _edition_path(campaign: Campaign, digest: str) -> Path:
    return campaign.state / "editions" / f"{digest}.json"


def frozen_editions(campaign: Campaign) -> dict[str, Edition]:
    """Every edition that a campaign ever sent, by digest, the one sent last at the end."""
    newest_first = dict.fromkeys(reversed(digests_sent(campaign)))
    return {
        digest: frozen_edition(_edition_path(campaign, digest)) for digest in reversed(newest_first)
    }
