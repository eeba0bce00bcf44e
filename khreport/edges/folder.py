"""A campaign's folder on disk: its settings, and the editions that it sent out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from khreport.campaign import SETTINGS_FILE, Campaign
from khreport.edges.ledger import Ledger, now, user
from khreport.edges.shipped import plan_names, read_text
from khreport.edges.store import write_atomically
from khreport.edition import Edition
from khreport.errors import CampaignError
from khreport.forms import Form
from khreport.parse.settings import parse_settings
from khreport.parse.waivers import parse_waivers
from khreport.rules import Rule, Waiver


def open_campaign(folder: Path) -> Campaign:
    """The campaign in a folder. A plan that its settings name by a relative path stands in it.

    >>> import tempfile, khreport
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = khreport.init_campaign(Path(place, "dot-2024"), "qd1165", "2024").folder
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
            f"Hãy tạo đợt báo cáo bằng lệnh: khreport init {folder} --period NĂM"
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

    return parse_rule_files(texts, forms)


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
    if not path.exists():
        write_atomically(path, msgspec.json.encode(edition, order="deterministic"))
    with Ledger(campaign.ledger) as ledger:
        if _digests_sent(ledger)[-1:] != [edition.digest]:
            ledger.append("prepared", "", "", {"digest": edition.digest}, now(), user())
    return path


def _digests_sent(ledger: Ledger) -> list[str]:
    return [event.detail["digest"] for event in ledger.events("prepared")]


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

    """
    sent: list[str] = []
    if campaign.ledger.is_file():
        with Ledger(campaign.ledger) as ledger:
            sent = _digests_sent(ledger)
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
    if not campaign.ledger.is_file():
        return {}
    with Ledger(campaign.ledger) as ledger:
        sent = _digests_sent(ledger)
    newest_first = dict.fromkeys(reversed(sent))
    return {
        digest: frozen_edition(_edition_path(campaign, digest)) for digest in reversed(newest_first)
    }
