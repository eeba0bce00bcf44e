"""A round of 2026 with two made-up communes, and decisions on the rows of the districts."""

from __future__ import annotations

import msgspec

from khreport.edges.shipped import load_plan, load_register
from khreport.edition import Edition
from khreport.parse.succession import parse_register
from khreport.succession import Register
from khreport.verbs.init import default_settings
from khreport.verbs.templates import shipped_edition

COMMUNES = """
[[agency]]
key = "xa-mau-mot"
name = "UBND xã Mẫu Một"
short = "UBND xã Mẫu Một"
abbreviation = "UBND-MAU1"
kind = "commune"
former_province = "Khánh Hòa"

[[agency]]
key = "xa-mau-hai"
name = "UBND xã Mẫu Hai"
short = "UBND xã Mẫu Hai"
abbreviation = "UBND-MAU2"
kind = "commune"
former_province = "Ninh Thuận"
"""
TO_COMMUNES = """
[[decision]]
task = "PL2.I.1"
answering = ["@xa-khanh-hoa-cu"]
reason = "Công văn minh họa"

[[decision]]
task = "PL2.II.7"
answering = ["sxd"]
reason = "Công văn minh họa"

[[decision]]
task = "PL2.V.6"
answering = ["skhcn"]
reason = "Công văn minh họa"
"""


def register_with(text: str) -> Register:
    plan = load_plan("qd1165")
    return parse_register(text, "co-quan.toml", plan, load_register("qd1165"))


def edition_of(period: str, text: str = "", **changed: object) -> Edition:
    settings = default_settings(load_plan("qd1165"), "qd1165", period)
    return shipped_edition(
        msgspec.structs.replace(settings, **changed), register=register_with(text)
    )
