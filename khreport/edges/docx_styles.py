"""Looks of Word documents resolved: defaults, table, paragraph and character styles, themes.

Properties are flat: `ind.left`, `sz`, `b`. Between styles of different types the switches
(bold, italic …) change each other, as ISO/IEC 29500-1, 17.7.3 has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from khreport.document import Look
from khreport.edges.docx_package import Package
from khreport.edges.docx_parts import Element

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_NAMESPACE}}}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

Properties = dict[str, str]
_OFF = {"0", "false", "off", "none"}
_SWITCHES = ("b", "i", "caps", "vanish")
_PARAGRAPH_SWITCHES = ("keepNext", "contextualSpacing")
_UNITS = {"pt": 20.0, "in": 1440.0, "cm": 1440 / 2.54, "mm": 1440 / 25.4, "pc": 240.0, "": 1.0}
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(pt|in|cm|mm|pc|)")
_MOST_TWIPS = 100_000
_SCRIPTS = {"vi": "Viet", "ja": "Jpan", "ko": "Hang", "zh-cn": "Hans", "zh-tw": "Hant"}
_AUTOMATIC = "280"  # what Word leaves before and after paragraphs of web pages
_DEEPEST = 30


def twips_of(text: str | None, otherwise: int = 0) -> int:
    """The length that an attribute says, in twips."""
    found = _LENGTH.fullmatch((text or "").strip())
    if found is None:
        return otherwise
    length = float(found[1]) * _UNITS[found[2]]
    return round(max(-_MOST_TWIPS, min(_MOST_TWIPS, length)))


def value(element: Element | None, name: str = "val") -> str | None:
    """An attribute of the main namespace."""
    return None if element is None else element.get(W + name)


def child_value(element: Element | None, child: str, name: str = "val") -> str | None:
    """An attribute of a child, or None where there is no such child."""
    return None if element is None else value(element.find(W + child), name)


def is_on(element: Element | None) -> bool:
    """Whether a switch that stands there is on."""
    return element is not None and (value(element) or "1").lower() not in _OFF


def paragraph_properties(element: Element | None) -> Properties:
    """What a `pPr` says, flat."""
    said: Properties = {}
    for each in element if element is not None else ():
        name = each.tag.removeprefix(W)
        if name in {"jc", "pStyle"}:
            said[name] = value(each) or ""
        elif name in _PARAGRAPH_SWITCHES:
            said[name] = "1" if is_on(each) else ""
        elif name in _PARAGRAPH_GROUPS:
            said |= _PARAGRAPH_GROUPS[name](each)
    return said


def _read_indents(element: Element) -> Properties:
    said: Properties = {}
    for key, names in (("left", ("left", "start")), ("right", ("right", "end"))):
        for name in names:
            if (found := value(element, name)) is not None:
                said[f"ind.{key}"] = found
    if (found := value(element, "firstLine")) is not None:
        said["ind.first"] = found
    if (found := value(element, "hanging")) is not None:
        said["ind.first"] = f"-{found}"
    return said


def _read_spacing(element: Element) -> Properties:
    said: Properties = {}
    for side in ("before", "after", "line", "lineRule"):
        if (found := value(element, side)) is not None:
            said[f"spacing.{side}"] = found
    for side in ("before", "after"):
        if (value(element, f"{side}Autospacing") or "0") not in _OFF:
            said[f"spacing.{side}"] = _AUTOMATIC
    return said


def _read_border(element: Element) -> Properties:
    return {
        f"border.{each.tag.removeprefix(W)}": (
            "" if value(each) in {None, "nil", "none"} else "drawn"
        )
        for each in element
    }


def _read_numbering(element: Element) -> Properties:
    parts = {name: child_value(element, name) for name in ("numId", "ilvl")}
    return {name: found for name, found in parts.items() if found is not None}


_PARAGRAPH_GROUPS = {
    "ind": _read_indents,
    "spacing": _read_spacing,
    "pBdr": _read_border,
    "numPr": _read_numbering,
}


def run_properties(element: Element | None) -> Properties:
    """What an `rPr` says, flat."""
    said: Properties = {}
    for each in element if element is not None else ():
        name = each.tag.removeprefix(W)
        if name == "rFonts":
            for script in ("ascii", "hAnsi", "eastAsia", "cs"):
                theme = value(each, "cstheme" if script == "cs" else f"{script}Theme")
                font = value(each, script)
                if theme or font:
                    said[script] = f"theme:{theme}" if theme else str(font)
        elif name in _SWITCHES:
            said[name] = "1" if is_on(each) else ""
        elif name in {"sz", "u", "rStyle"}:
            said[name] = value(each) or ""
        elif name == "color":
            theme = value(each, "themeColor") or ""
            said[name] = "000000" if theme in {"text1", "dark1"} else value(each) or "auto"
    return said


class Styles:
    """The styles of one document."""

    def __init__(self, package: Package) -> None:
        root = package.related("styles")
        self._elements: dict[str, Element] = {}
        self._defaults: dict[str, str] = {}
        self.paragraph_defaults: Properties = {}
        self._run_defaults: Properties = {}
        self._chains: dict[str, tuple[Element, ...]] = {}
        self._looks: dict[tuple[object, ...], Look] = {}
        if root is not None:
            for style in root.iterfind(W + "style"):
                key = value(style, "styleId") or ""
                self._elements[key] = style
                if (value(style, "default") or "0") not in _OFF:
                    self._defaults.setdefault(value(style, "type") or "", key)
            paragraph = root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr")
            self.paragraph_defaults = paragraph_properties(paragraph)
            run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
            self._run_defaults = run_properties(run)
        self._fonts = _theme_fonts(package)

    def name(self, key: str) -> str:
        """The name that Word shows for a style."""
        return child_value(self._elements.get(key), "name") or key

    def default(self, kind: str) -> str:
        """The style of what names none: of a "paragraph", a "table"."""
        return self._defaults.get(kind, "")

    def chain(self, key: str | None) -> tuple[Element, ...]:
        """The style with those that it builds on, the first of them first."""
        if not key:
            return ()
        if key not in self._chains:
            found: list[Element] = []
            at: str | None = key
            while at and at in self._elements and len(found) < _DEEPEST:
                if self._elements[at] in found:
                    break
                found.append(self._elements[at])
                at = child_value(found[-1], "basedOn")
            self._chains[key] = tuple(reversed(found))
        return self._chains[key]

    def look(self, tables: Iterable[Properties], paragraph_style: str, direct: Properties) -> Look:
        """The look of a run whose table styles say `tables`, and the run itself `direct`."""
        tables = tuple(tables)
        key = (
            tuple(tuple(sorted(each.items())) for each in tables),
            paragraph_style,
            tuple(sorted(direct.items())),
        )
        if key not in self._looks:
            self._looks[key] = self._resolve(tables, paragraph_style, direct)
        return self._looks[key]

    def _resolve(
        self, tables: tuple[Properties, ...], paragraph_style: str, direct: Properties
    ) -> Look:
        character = direct.get("rStyle") or self.default("character")
        layers = [
            merge(tables),
            merge(run_properties(style.find(W + "rPr")) for style in self.chain(paragraph_style)),
            merge(run_properties(style.find(W + "rPr")) for style in self.chain(character)),
        ]
        whole = merge([self._run_defaults, *layers, direct])
        on = {name: self._is_on(name, layers, direct) for name in _SWITCHES}
        latin = [self._font(whole.get(script)) for script in ("ascii", "hAnsi")]
        others = [self._font(whole.get(script)) for script in ("eastAsia", "cs")]
        size = whole.get("sz", "")
        return Look(
            fonts=tuple(dict.fromkeys(latin)),
            other_fonts=tuple(dict.fromkeys(others)),
            size_pt=twips_of(size, 20) / 2 if size.isdigit() else twips_of(size, 200) / 20,
            bold=on["b"],
            italic=on["i"],
            underline=whole.get("u", "none") not in {"none", ""},
            caps=on["caps"],
            color=whole.get("color", "auto"),
        )

    def _is_on(self, name: str, layers: list[Properties], direct: Properties) -> bool:
        if name in direct:
            return bool(direct[name])
        if self._run_defaults.get(name):
            return True
        return sum(bool(layer.get(name)) for layer in layers) % 2 == 1

    def is_hidden(self, direct: Properties) -> bool:
        """Whether a run is not shown at all."""
        return bool(direct.get("vanish"))

    def _font(self, said: str | None) -> str:
        if said is None:
            return "Times New Roman"  # what Word takes where nothing is said
        kind, _, theme = said.partition("theme:")
        return kind if not theme else self._fonts.get(theme, "Times New Roman")


def merge(layers: Iterable[Mapping[str, str]]) -> Properties:
    """The properties of all layers, a later one over an earlier."""
    return {key: value for layer in layers for key, value in layer.items()}


def _theme_fonts(package: Package) -> dict[str, str]:
    """The fonts that the theme's names stand for, chosen by the document's languages."""
    theme = package.related("theme")
    settings = package.related("settings")
    if theme is None:
        return {}
    languages = None if settings is None else settings.find(W + "themeFontLang")
    fonts = {}
    for size in ("major", "minor"):
        found = theme.find(f".//{A}{size}Font")
        if found is None:
            continue
        by_script = {each.get("script"): each.get("typeface") for each in found.iter(A + "font")}
        for names, tag, attribute in (
            (("Ascii", "HAnsi"), "latin", "val"),
            (("EastAsia",), "ea", "eastAsia"),
            (("Bidi",), "cs", "bidi"),
        ):
            language = (value(languages, attribute) or "").lower()
            script = _SCRIPTS.get(language) or _SCRIPTS.get(language.partition("-")[0])
            plain = found.find(A + tag)
            font = by_script.get(script) or ("" if plain is None else plain.get("typeface", ""))
            for name in names:
                fonts[f"{size}{name}"] = font or "Times New Roman"
    return fonts
