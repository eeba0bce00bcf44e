"""The rules of the tree, held by reading its files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = {
    "types": "errors cells text quantities dates findings sheet report raw columns anatomy"
    " document legacy resource secrecy signing parse parse.records parse.toml",
    "meaning": "agencies plan periods period_words forms rules previous edition frames campaign"
    " consolidation messages cell_messages chain_messages edit_messages file_messages contacts"
    " letters mails form_status status workdays windows reminders evidence profile succession",
    "work": "agency_table parse.plan parse.forms parse.rules parse.outline parse.letter"
    " parse.settings parse.odd_settings parse.office parse.contacts parse.periods parse.waivers"
    " parse.workdays parse.profile parse.succession assign given rows"
    " layout layout.* read read.* checks checks.* merge merge.* compose compose.* lint lint.*",
    "edges": "edges edges.*",
    "verbs": "verbs verbs.*",
    "demo": "demo demo.*",
    "top": "cli* testing __init__ __main__",
}
"""Patterns of modules, from the bottom up: a layer imports from itself and from those above
it in this table."""

HOMES = {
    "docx": "edges.docx*",
    "imaplib": "edges.mailbox",
    "lxml": "edges.docx*",
    "openpyxl": "demo.*",
    "pandera": "checks.check",
    "python_calamine": "edges.child",
    "rapidfuzz": "text",
    "rich": "cli_output cli_status",
    "smtplib": "edges.smtp",
    "sqlite3": "edges.ledger* edges.turns",
    "xlsxwriter": "edges.xlsx",
}
"""The modules that may import a foreign library."""

LATE = ("docx", "lxml", "openpyxl", "pandera", "polars", "python_calamine", "xlsxwriter")
"""Libraries that `import khreport` does not pay for."""

NAMES_COLUMNS = "columns"
"""The module that names the columns to which code gives a meaning."""

ALSO_MEANS = {
    "change": "a table of a register of bodies, and a column of the list of proposed changes",
    "scope": "a table of a register of bodies, and a column of the indicators",
    "documents": "the frame of issued documents",
    "value": "any value, and the column of a frame that holds one",
    "status": "the verb that shows where a round stands",
}
"""Column keys that are words of the code's own too, with what they mean there."""

MAX_LINES = 400

BINARY = {".docx", ".ods", ".parquet", ".pdf", ".png", ".xls", ".xlsb", ".xlsx", ".zip"}

# written so that this file does not match itself
PRIVATE = {
    "a home folder": re.compile(r"/(?:home|Users)/\w|/root[/]|[A-Z]:\\Users\\"),
    "a package host": re.compile(r"pypi\.org|pythonhosted\.org|://[^/\s]*(?:pypi|/simple/)"),
}


class Import(NamedTuple):
    """One name that a module imports; `lazily` inside a function."""

    name: str
    lazily: bool


@cache
def sources() -> dict[str, Path]:
    package = ROOT / "khreport"
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[-1] == "__init__" and len(parts) > 1:
            parts = parts[:-1]
        found[".".join(parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


def read_imports(node: ast.AST, *, lazily: bool = False) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, lazily) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports name their module in full"
            # "from khreport import plan" names a module, "from khreport.plan import Plan" none
            yield from (Import(f"{child.module}.{alias.name}", lazily) for alias in child.names)
        inside = lazily or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from read_imports(child, lazily=inside)


def own_imports(module: str) -> dict[str, bool]:
    """The modules of the package that a module imports, and whether only lazily."""
    found: dict[str, bool] = {}
    for name, lazily in read_imports(tree(module)):
        package, *rest = name.split(".")
        if package != "khreport":
            continue
        if ".".join(rest) not in sources() and len(rest) < 2:
            rest = ["__init__"]  # "import khreport", "from khreport import load_plan"
        named = (".".join(rest[:end]) for end in range(len(rest), 0, -1))
        target = next((module for module in named if module in sources()), rest[0])
        found[target] = lazily and found.get(target, True)
    return found


def matches(module: str, patterns: str) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns.split())


def layers(module: str) -> list[int]:
    return [place for place, patterns in enumerate(LAYERS.values()) if matches(module, patterns)]


def test_every_module_stands_in_one_layer() -> None:
    assert {module: layers(module) for module in sources() if len(layers(module)) != 1} == {}


def test_imports_run_downwards_only() -> None:
    upwards = [
        f"{module} imports {imported}"
        for module in sources()
        for imported in own_imports(module)
        if layers(imported) > layers(module)
    ]
    assert upwards == []


def test_imports_form_no_ring() -> None:
    graph = {module: own_imports(module).keys() - {module} for module in sources()}
    assert set(TopologicalSorter(graph).static_order()) >= set(sources())


def test_only_the_command_line_and_testing_import_the_demo() -> None:
    users = {
        (module, "lazily" if lazily else "at once")
        for module in sources()
        if not matches(module, LAYERS["demo"])
        for imported, lazily in own_imports(module).items()
        if matches(imported, LAYERS["demo"])
    }
    # for type checkers alone, the package names the function of ``khreport demo``
    named = {("__init__", "at once")}
    assert users - named <= {("cli_commands", "lazily"), ("testing", "at once")}


@pytest.mark.parametrize("library", HOMES)
def test_a_foreign_library_is_imported_at_home_only(library: str) -> None:
    abroad = [
        module
        for module in sources()
        if not matches(module, HOMES[library])
        and any(name.split(".")[0] == library for name, _ in read_imports(tree(module)))
    ]
    assert abroad == []


def test_no_module_is_too_long_to_read() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("khreport", "tests", "examples", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def draw_tree() -> str:
    """The modules by layer with the first line of their docstrings: the tree in CONTRIBUTING.md.

    `python tests/test_structure.py` prints it, for pasting there.
    """
    lines = ["khreport/"]
    for number, layer in enumerate(LAYERS):
        lines.append(f"  {layer}")
        for module, path in sources().items():
            if layers(module) == [number]:
                words = (ast.get_docstring(tree(module)) or "").splitlines()[0]
                name = path.relative_to(ROOT / "khreport").as_posix()
                lines.append(f"    {name:<26} {words}")
    return "\n".join(lines) + "\n"


def test_the_tree_in_the_contributors_page_is_the_one_that_stands() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert draw_tree() in page, "paste what `python tests/test_structure.py` prints"


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = f"import sys, khreport; print([m for m in {LATE!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@cache
def forms() -> list[dict[str, Any]]:
    return [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "templates/xlsx").glob("*.toml"))
    ]


def answer_keys() -> set[str]:
    """Column keys that forms ask or give values for, less words that code uses otherwise."""
    held = {
        column["key"]
        for form in forms()
        for column in form.get("columns", ())
        if column["role"] in {"answer", "given"}
    }
    vocabulary = {
        str(word.value)
        for module in sources()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal")
        for word in ast.walk(node.slice)
        if isinstance(word, ast.Constant)
    }
    return held - vocabulary - ALSO_MEANS.keys()


def test_one_module_names_the_columns_that_code_gives_a_meaning_to() -> None:
    keys = answer_keys()
    assert {"percent", "completed_on", "difficulty"} <= keys
    named = {
        f"{module}:{node.lineno} {node.value}"
        for module in sources()
        if module != NAMES_COLUMNS
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in keys
    }
    assert named == set()


def test_every_name_of_a_column_stands_in_a_form() -> None:
    columns = {column["key"] for form in forms() for column in form.get("columns", ())}
    codes = {
        choice[0]
        for form in forms()
        for choices in form.get("lists", ())
        for choice in choices["choices"]
    }
    named = {
        ast.literal_eval(node.value)
        for node in tree(NAMES_COLUMNS).body
        if isinstance(node, ast.Assign)
    }
    assert named - columns - codes == set()


@cache
def texts() -> dict[str, bytes]:
    """The files of the checkout that are text, whether git knows them yet or not."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("skipped: this is no git checkout, so its files are not known")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and path.suffix not in BINARY
    }


def test_every_text_is_utf_8_and_composed() -> None:
    assert "khreport/errors.py" in texts()
    decomposed = [
        name
        for name, data in texts().items()
        if not unicodedata.is_normalized("NFC", data.decode("utf-8"))
    ]
    assert decomposed == []


@pytest.mark.parametrize("what", PRIVATE)
def test_no_text_names_a_machine(what: str) -> None:
    named = [
        f"{name}: {line.strip()}"
        for name, data in texts().items()
        for line in data.decode("utf-8", "replace").splitlines()
        if PRIVATE[what].search(line)
    ]
    assert named == []


if __name__ == "__main__":
    sys.stdout.write(draw_tree())
