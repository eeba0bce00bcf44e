"""A campaign's folder on disk: its settings, and the editions that it sent out."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khreport.campaign import SETTINGS_FILE, Campaign, Settings
from khreport.edges.store import write_atomically
from khreport.edition import Edition
from khreport.errors import CampaignError


def open_campaign(folder: Path) -> Campaign:
    """The campaign in a folder.

    Raises:
        CampaignError: there is no khreport.toml, or it cannot be used.

    """
    path = folder / SETTINGS_FILE
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise CampaignError(
            f"Không có tệp {SETTINGS_FILE} trong thư mục “{folder}”. "
            f"Hãy tạo đợt báo cáo bằng lệnh: khreport init {folder}"
        ) from None
    try:
        return Campaign(folder, parse_settings(text.decode("utf-8-sig"), str(path)))
    except UnicodeDecodeError as error:
        raise CampaignError(f"Tệp {path} không ở mã UTF-8. Hãy lưu lại tệp ở mã UTF-8.") from error


def parse_settings(text: str, name: str) -> Settings:
    """The settings in the text of a khreport.toml.

    Raises:
        CampaignError: the text cannot be used; the message names the file and the fault.

    """
    try:
        return msgspec.toml.decode(text, type=Settings)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise CampaignError(
            f"Tệp {name} chưa dùng được: {error}. Hãy sửa chỗ đó rồi chạy lại."
        ) from error


def campaign_above(path: Path) -> Campaign | None:
    """The campaign whose folder a path stands in, if any."""
    for folder in path.resolve().parents:
        if (folder / SETTINGS_FILE).is_file():
            return open_campaign(folder)
    return None


def freeze_edition(campaign: Campaign, edition: Edition) -> Path:
    """The file that now keeps an edition under its digest; written once."""
    path = campaign.state / "editions" / f"{edition.digest}.json"
    if not path.exists():
        write_atomically(path, msgspec.json.encode(edition, order="deterministic"))
    return path


def frozen_edition(path: Path) -> Edition:
    """The edition in a file that :func:`freeze_edition` wrote.

    Raises:
        CampaignError: the file was changed since.

    """
    try:
        edition = msgspec.json.decode(path.read_bytes(), type=Edition)
    except msgspec.DecodeError as error:
        raise CampaignError(f"Tệp {path} đã hỏng: {error}.") from error
    if edition.digest != path.stem:
        raise CampaignError(f"Tệp {path} đã bị sửa sau khi phát hành biểu mẫu.")
    return edition


def frozen_editions(campaign: Campaign) -> dict[str, Edition]:
    """Every edition that a campaign ever sent, by digest, the newest last."""
    files = sorted((campaign.state / "editions").glob("*.json"), key=lambda p: p.stat().st_mtime_ns)
    return {path.stem: frozen_edition(path) for path in files}
