from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import NODEFAULT, inspect
from msgspec.structs import fields

from khreport.agencies import Agency
from khreport.edges.folder import freeze_edition, frozen_edition, frozen_editions
from khreport.edges.shipped import load_plan
from khreport.edition import Edition, Token
from khreport.errors import CampaignError
from khreport.forms import Column
from khreport.plan import Indicator
from khreport.previous import Previous
from khreport.rules import Rule
from khreport.verbs.init import default_settings, init_campaign
from khreport.verbs.templates import shipped_edition


def test_a_frozen_edition_is_read_back_as_it_was(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    edition = shipped_edition(campaign.settings)
    path = freeze_edition(campaign, edition)
    assert frozen_edition(path) == edition
    assert frozen_edition(path).digest == edition.digest == path.stem
    assert list(frozen_editions(campaign)) == [edition.digest]


def test_a_frozen_edition_that_was_changed_is_refused(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    path = freeze_edition(campaign, shipped_edition(campaign.settings))
    path.write_text(path.read_text(encoding="utf-8").replace("Sở Xây dựng", "Sở Khác"), "utf-8")
    with pytest.raises(CampaignError, match="đã bị sửa sau khi phát hành biểu mẫu"):
        frozen_edition(path)


def test_each_setting_that_agencies_see_makes_another_edition() -> None:
    plan = load_plan("qd1165")
    digests = {
        shipped_edition(default_settings(plan, "qd1165", year)).digest for year in ("2023", "2024")
    }
    assert len(digests) == 2


def test_a_text_that_is_no_token_is_none() -> None:
    assert Token.parse("khreport:qd1165:2024") is None
    assert Token.parse("TT") is None


def test_the_edition_sent_last_is_the_newest_even_when_it_was_sent_before(tmp_path: Path) -> None:
    campaign = init_campaign(tmp_path / "dot", "qd1165", "2024")
    first = shipped_edition(campaign.settings)
    sender = msgspec.structs.replace(campaign.settings.sender, phone="0258 000 0003")
    second = shipped_edition(msgspec.structs.replace(campaign.settings, sender=sender))
    for edition in (first, second, first):
        path = freeze_edition(campaign, edition)
        os.utime(path, (0, 0))
    assert list(frozen_editions(campaign)) == [second.digest, first.digest]


def _structs(info: object) -> Iterator[type[msgspec.Struct]]:
    """The types of which a value of that type is built."""
    match info:
        case inspect.StructType(cls=cls, fields=fields):
            yield cls
            for field in fields:
                yield from _structs(field.type)
        case inspect.UnionType(types=types) | inspect.TupleType(item_types=types):
            for each in types:
                yield from _structs(each)
        case inspect.VarTupleType(item_type=item):
            yield from _structs(item)
        case inspect.DictType(value_type=value):
            yield from _structs(value)
        case _:
            pass


def test_what_later_versions_add_with_a_default_changes_no_digest() -> None:
    structs = set(_structs(inspect.type_info(Edition)))
    assert {Edition, Rule, Column, Indicator, Agency, Previous} <= structs
    grows = {cls for cls in structs if any(f.default is not NODEFAULT for f in fields(cls))}
    assert {cls.__name__ for cls in grows if not cls.__struct_config__.omit_defaults} == set()
