"""What users' scripts get from `khreport`, and their own tests from `khreport.testing`."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from json_round import documented
from openpyxl import load_workbook

import khreport
from khreport.cli import make_parser
from khreport.errors import CampaignError
from khreport.testing import fill_workbook, make_campaign, make_return, trial_campaign

STATUS = ("PL2", "PL2.I.1", "status")
OTHERWISE = {
    "agencies": "list_agencies",
    "agencies check": "check_agencies",
    "plan export": "load_plan",
    "status": "read_status",
    "report": "write_report",
    "lint": "lint_document",
    "rules": "list_rules",
    "rules check": "check_cards",
    "demo": "run_demo_round",
}
"""The functions of commands that a module of the package is called like."""


def commands(parser: argparse.ArgumentParser, above: str = "") -> Iterator[str]:
    """The commands of the command line that do something, those within others by both words."""
    kind = argparse._SubParsersAction  # noqa: SLF001 - argparse tells its commands no other way
    within = [each for each in parser._actions if isinstance(each, kind)]  # noqa: SLF001
    # "plan" alone is refused, "rules" alone prints them
    if above and not any(each.required for each in within):
        yield above
    for each in within:
        for word, inner in each.choices.items():
            yield from commands(inner, f"{above} {word}".strip())


COMMANDS = sorted({*commands(make_parser()), *documented()})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_a_function_of_its_name_with_an_example(command: str) -> None:
    name = OTHERWISE.get(command, command)
    assert name in khreport.__all__
    verb = getattr(khreport, name)
    assert callable(verb)
    example = (inspect.getdoc(verb) or "").partition(">>> ")[2]
    assert f"khreport.{name}(" in example


def test_only_what_a_module_is_called_like_has_another_name() -> None:
    assert OTHERWISE.keys() <= {*COMMANDS}
    assert [c for c in OTHERWISE if find_spec(f"khreport.{c.split()[0]}") is None] == []
    # once such a module is imported, its name stands for it
    assert [name for name in khreport.__all__ if find_spec(f"khreport.{name}")] == []


def test_the_public_names_are_imported_when_they_are_first_used() -> None:
    assert dir(khreport) == khreport.__all__ == sorted(khreport.__all__)
    with pytest.raises(AttributeError, match="no attribute 'write_templates'"):
        khreport.write_templates  # noqa: B018


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_campaign(tmp_path_factory.mktemp("nho") / "dot", agencies=["stp"]).folder


def template(folder: Path) -> Path:
    return folder / "bieu-mau" / "STP-qd1165-2024.xlsx"


def test_a_small_campaign_writes_only_the_templates_wished_for(folder: Path) -> None:
    assert list((folder / "bieu-mau").iterdir()) == [template(folder)]
    assert len(khreport.read_status(khreport.open_campaign(folder)).agencies) == 34
    with pytest.raises(CampaignError, match="đã có đợt báo cáo"):
        make_campaign(folder)


def test_a_campaign_for_a_trial_is_gone_afterwards() -> None:
    with trial_campaign("stp") as campaign:
        assert [path.name for path in campaign.outgoing.iterdir()] == ["STP-qd1165-2024.xlsx"]
    assert not campaign.folder.exists()


def test_cells_are_filled_by_their_keys(folder: Path, tmp_path: Path) -> None:
    before = template(folder).read_bytes()
    filled = fill_workbook(template(folder), {STATUS: "Xong"}, tmp_path)
    assert filled == tmp_path / template(folder).name
    assert template(folder).read_bytes() == before
    values = [cell.value for row in load_workbook(filled)["Phụ lục II"] for cell in row]
    assert "Xong" in values
    named = fill_workbook(filled, {STATUS: "Rồi"}, tmp_path / "khac.xlsx")
    assert fill_workbook(named, {STATUS: None}) == named


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (("PL3", "PL2.I.1", "status"), "no form 'PL3'; did you mean 'PL2'?"),
        (("PL2", "PL2.I.11", "status"), "no row 'PL2.I.11'; did you mean 'PL2.I.1'?"),
        (("PL2", "PL2.I.1", "statsu"), "no column 'statsu'; did you mean 'status'?"),
    ],
)
def test_a_key_that_is_not_there_is_told(
    folder: Path, cell: tuple[str, str, str], told: str
) -> None:
    with pytest.raises(ValueError, match=told.replace("?", r"\?")):
        fill_workbook(template(folder), {cell: "Xong"})


def test_returns_pass_or_have_faults_as_wished(folder: Path) -> None:
    campaign = khreport.open_campaign(folder)
    make_return(campaign, "stp", name="sai.xlsx", faults=2)
    (faulty,) = khreport.check([folder]).files
    assert faulty.path.name == "sai.xlsx"
    assert not faulty.accepted
    make_return(campaign, "stp")
    (good,) = khreport.check([folder]).files
    assert good.accepted
    with pytest.raises(ValueError, match="no agency 'stpp'; did you mean 'stp'"):
        make_return(campaign, "stpp")
