"""What khreport ships: plans inside the package, forms and rules beside it.

`templates/` and `validation/` stand at the top of a checkout and in `khreport/_shipped/`
of an installed wheel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from khreport.errors import PlanError
from khreport.forms import Form, set_scopes
from khreport.parse.forms import parse_form_files
from khreport.parse.letter import LetterTexts, parse_letters
from khreport.parse.outline import Outline, parse_outline
from khreport.parse.periods import parse_period_rules
from khreport.parse.plan import PLAN_FILES, parse_plan
from khreport.parse.succession import parse_register
from khreport.parse.workdays import parse_working_days
from khreport.period_words import YEAR_WORDS
from khreport.plan import Plan
from khreport.rules import Rule
from khreport.succession import Register
from khreport.windows import PeriodRules
from khreport.workdays import WorkingDays

_PACKAGE = Path(__file__).resolve().parent.parent
_REGISTER = "ke-thua.toml"


def plan_names() -> tuple[str, ...]:
    """The keys of the plans that are shipped, sorted."""
    return tuple(sorted(path.parent.name for path in _PACKAGE.glob("plans/*/plan.toml")))


def load_plan(plan: str | Path) -> Plan:
    """The shipped plan of that key, or the plan in a folder of the user's own.

    Raises PlanError, with file and line, where the files contradict themselves.

    >>> import khreport
    >>> khreport.load_plan("qd1165").number
    '1165/QĐ-UBND'
    """
    folder = _find_plan(plan)
    paths = {name: folder / name for name in PLAN_FILES}
    return parse_plan({name: read_text(path) for name, path in paths.items() if path.is_file()})


def plan_text(plan: str | Path, name: str) -> str:
    """The text of a further file of a plan, such as its settings "khreport.toml"."""
    path = _find_plan(plan) / name
    if not path.is_file():
        raise PlanError(f"Kế hoạch “{plan}” thiếu tệp {name}.")
    return read_text(path)


def load_register(plan: str | Path, parsed: Plan | None = None) -> Register:
    """What became of the bodies that the shipped plan, or the one in a folder, names.

    A plan of which nothing is known has no such file, and an empty register. Who has the plan
    `parsed` already saves reading it again.

    >>> load_register("qd1165").collectors[0].agency
    'skhdt'
    """
    path = _find_plan(plan) / _REGISTER
    if not path.is_file():
        return Register()
    return parse_register(read_text(path), path.name, parsed or load_plan(plan))


def load_working_days() -> WorkingDays:
    """The working days of offices, by the days off that the law and known notices name.

    >>> import datetime as dt
    >>> load_working_days().why_off(dt.date(2025, 1, 1))
    'Tết Dương lịch'
    """
    path = _PACKAGE / "plans" / "ngay-nghi.toml"
    return parse_working_days(read_text(path), path.name)


def load_period_rules() -> PeriodRules:
    """The windows of data and due days that decrees and decisions name.

    >>> load_period_rules().windows["quarter"].source
    'Nghị định số 09/2019/NĐ-CP, Điều 12'
    """
    path = _PACKAGE / "plans" / "ky-bao-cao.toml"
    return parse_period_rules(read_text(path), path.name)


def load_forms(
    *,
    with_previous: bool = False,
    with_scope: bool = False,
    words: Mapping[str, str] = YEAR_WORDS,
) -> tuple[Form, ...]:
    """The shipped forms in the order of the sheets; `words` are what they call the period.

    They have room for last period's answers or not, and ask which area figures cover or not.

    >>> [form.key for form in load_forms()]
    ['BIA', 'CT', 'PL1', 'PL2', 'PH', 'VB', 'DC']
    """
    texts = shipped_files("templates/xlsx")
    forms = parse_form_files(texts, with_previous=with_previous, words=words)
    return forms if with_scope else tuple(set_scopes(form) for form in forms)


def load_rules(forms: Iterable[Form], words: Mapping[str, str] = YEAR_WORDS) -> tuple[Rule, ...]:
    """The shipped rule cards, which must fit the forms; `words` are what they call the period.

    >>> load_rules(load_forms())[0].id
    'BIA-01'
    """
    # It brings polars, which a look at the plan does not need.
    from khreport.parse.rules import parse_rule_files  # noqa: PLC0415

    return parse_rule_files(shipped_files("validation"), forms, words)


def replace_cards(shipped: Iterable[Rule], own: Iterable[Rule]) -> tuple[Rule, ...]:
    """The shipped cards with a campaign's own in place of those that share their id, or added."""
    cards = {rule.id: rule for rule in shipped} | {rule.id: rule for rule in own}
    return tuple(cards.values())


def load_outline() -> Outline:
    """The shipped outline of the year-end report.

    >>> load_outline().kind
    'Báo cáo'
    """
    name = "templates/docx/bao-cao-nam.toml"
    return parse_outline(shipped_text(name), name)


def load_agency_outline() -> Outline:
    """The shipped outline of an agency's own report.

    >>> load_agency_outline().sentences.section_result
    '{quote}'
    """
    name = "templates/docx/bao-cao-co-quan.toml"
    base = shipped_text("templates/docx/bao-cao-nam.toml")
    return parse_outline(shipped_text(name), name, base)


def load_letters() -> LetterTexts:
    """The shipped words of official letters."""
    name = "templates/docx/cong-van.toml"
    return parse_letters(shipped_text(name), name)


def shipped_path(name: str) -> Path:
    """Where the file or folder `name`, such as "templates/xlsx", stands."""
    installed = _PACKAGE / "_shipped"
    checkout = _PACKAGE.parent
    if not installed.is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout / name
    return installed / name


def shipped_text(name: str) -> str:
    """The text of the file `name`, such as "templates/xlsx/1-bia.toml"."""
    path = shipped_path(name)
    if not path.is_file():
        raise PlanError(f"Bản cài khreport thiếu tệp {name}. Cài lại khreport.")
    return read_text(path)


def shipped_letters() -> dict[str, str]:
    """The texts of the letters that a round sends, by file name.

    >>> "gui-bieu.txt" in shipped_letters()
    True
    """
    paths = shipped_path("templates/mail").glob("*.txt")
    return {path.name: read_text(path) for path in sorted(paths)}


def shipped_files(folder: str) -> dict[str, str]:
    """The texts of the TOML files in `folder`, such as "validation", by name, sorted."""
    paths = sorted(shipped_path(folder).glob("*.toml"))
    if not paths:
        raise PlanError(f"Bản cài khreport thiếu thư mục {folder}. Cài lại khreport.")
    return {path.name: read_text(path) for path in paths}


def _find_plan(plan: str | Path) -> Path:
    folder = _PACKAGE / "plans" / str(plan) if str(plan) in plan_names() else Path(plan)
    if not folder.is_dir():
        raise PlanError(
            f"Không có kế hoạch “{plan}”: không phải thư mục, cũng không phải kế hoạch kèm theo"
            f" ({', '.join(plan_names())})."
        )
    return folder


def read_text(path: Path) -> str:
    """The text of a file that people edit.

    Raises:
        PlanError: it cannot be opened, or is not UTF-8.

    """
    # Excel and Notepad put a mark of byte order in front.
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"{path.name}: không đọc được chữ; lưu lại tệp ở mã UTF-8.") from error
    except OSError as error:
        raise PlanError(f"{path.name}: không mở được tệp ({error.strerror}).") from error
