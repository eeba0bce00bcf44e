"""Charts in a Word document: a part for each, drawn by Word itself, legible in black and white.

The numbers stand in the chart part as they are; there is no workbook behind it to edit them in.
"""

from __future__ import annotations

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from khreport.edges.docx_parts import Element, keep_letters, make
from khreport.report import Chart, Series

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_EMU_MM = 36_000
_FONT, _SIZE = "Times New Roman", 1100
_BLACK, _WHITE = "000000", "FFFFFF"
_LOOKS = ("wdUpDiag", "ltVert", _BLACK, "smGrid", _WHITE, "dkHorz", "pct25", "wdDnDiag")
"""How the series are told apart in black and white: patterns, and two that are plain."""
_EDGE_EMU = 9525
_AXES = ("1", "2")


class Charts:
    """The charts of one document, numbered as they are drawn."""

    def __init__(self) -> None:
        self._drawn: list[tuple[Chart, Element]] = []

    def draw(self, chart: Chart, width_mm: float) -> tuple[Element, str]:
        """The run that shows the chart, and the label of its caption: "Biểu đồ 1"."""
        label = f"Biểu đồ {len(self._drawn) + 1}"
        reference = _make(_C, "chart")
        self._drawn.append((chart, reference))
        size = {"cx": round(width_mm * _EMU_MM), "cy": round(chart.height_mm * _EMU_MM)}
        about = {"id": len(self._drawn), "name": label, "descr": keep_letters(chart.alt)}
        inline = _make(
            _WP, "inline",
            _make(_WP, "extent", **size),
            _make(_WP, "docPr", **about),
            _make(_WP, "cNvGraphicFramePr"),
            _make(_A, "graphic", _make(_A, "graphicData", reference, uri=_C)),
            distT=0, distB=0, distL=0, distR=0,
        )  # fmt: skip
        return make("r", make("drawing", inline)), label

    def add_to(self, document: Part) -> None:
        """Nothing; the document's main part has a part for each chart."""
        for number, (chart, reference) in enumerate(self._drawn, start=1):
            blob = etree.tostring(
                _write(chart), xml_declaration=True, encoding="UTF-8", standalone=True
            )
            where = PackURI(f"/word/charts/chart{number}.xml")
            part = Part(where, CONTENT_TYPE.DML_CHART, blob, document.package)
            key = document.relate_to(part, RELATIONSHIP_TYPE.CHART)
            reference.set(f"{{{_R}}}id", key)


def _make(space: str, tag: str, *children: Element, **attributes: object) -> Element:
    prefixes = {"c": _C, "a": _A, "r": _R} if space == _C else {"wp": _WP, "a": _A}
    element = etree.Element(f"{{{space}}}{tag}", nsmap=prefixes)
    for name, value in attributes.items():
        element.set(name, str(value))
    element.extend(children)
    return element


def _c(tag: str, *children: Element, text: str = "", **attributes: object) -> Element:
    element = _make(_C, tag, *children, **attributes)
    element.text = text or None
    return element


def _write(chart: Chart) -> Element:
    """The root of the chart's part."""
    series = [
        _write_series(number, chart, each)
        for number, each in enumerate(chart.series)
        if any(each.counts)
    ]
    longest = max(map(sum, zip(*(each.counts for each in chart.series), strict=True)))
    ends = (("orientation", "minMax"), ("max", longest), ("min", 0))
    plot = _c(
        "plotArea",
        _c("layout"),
        _c(
            "barChart",
            _c("barDir", val="bar"),
            _c("grouping", val="stacked"),
            _c("varyColors", val=0),
            *series,
            _c("gapWidth", val=45),
            _c("overlap", val=100),
            *(_c("axId", val=axis) for axis in _AXES),
        ),
        _write_axis("catAx", *_AXES, _c("orientation", val="maxMin")),
        _write_axis("valAx", *reversed(_AXES), *(_c(end, val=at) for end, at in ends)),
    )
    legend = _c("legend", _c("legendPos", val="b"), _c("overlay", val=0))
    return _c(
        "chartSpace",
        _c("date1904", val=0),
        _c("lang", val="vi-VN"),
        _c("roundedCorners", val=0),
        _c(
            "chart",
            _c("autoTitleDeleted", val=1),
            plot,
            *([legend] if len(series) > 1 else []),
            _c("plotVisOnly", val=1),
        ),
        _c("spPr", _make(_A, "noFill"), _make(_A, "ln", _make(_A, "noFill"))),
        _write_font(),
    )


def _write_axis(tag: str, axis: str, crossed: str, *scaling: Element) -> Element:
    """The names of the categories; the axis of numbers is not shown, as they stand in the bars."""
    names = tag == "catAx"
    line = _make(_A, "ln", _fill(_BLACK), w=_EDGE_EMU)
    return _c(
        tag,
        _c("axId", val=axis),
        _c("scaling", *scaling),
        _c("delete", val=0 if names else 1),
        _c("axPos", val="l" if names else "t"),
        _c("numFmt", formatCode="0", sourceLinked=0),
        _c("majorTickMark", val="none"),
        _c("minorTickMark", val="none"),
        _c("tickLblPos", val="nextTo"),
        _c("spPr", line),
        _c("crossAx", val=crossed),
        _c("crosses", val="autoZero"),
    )


def _write_series(number: int, chart: Chart, series: Series) -> Element:
    """A series with its pattern and its numbers, but for noughts, of which nothing is seen."""
    categories = [
        _c("pt", _c("v", text=keep_letters(name)), idx=at)
        for at, name in enumerate(chart.categories)
    ]
    values = [
        _c("pt", _c("v", text=str(count)), idx=at)
        for at, count in enumerate(series.counts)
        if count
    ]
    total = len(chart.categories)
    return _c(
        "ser",
        _c("idx", val=number),
        _c("order", val=number),
        _c("tx", _c("v", text=keep_letters(series.name))),
        _c("spPr", *_write_look(number)),
        _c("invertIfNegative", val=0),
        _write_labels(),
        _c("cat", _c("strLit", _c("ptCount", val=total), *categories)),
        _c("val", _c("numLit", _c("formatCode", text="0"), _c("ptCount", val=total), *values)),
    )


def _write_look(number: int) -> list[Element]:
    """A black pattern on white, or one of the two, outlined."""
    look = _LOOKS[number % len(_LOOKS)]
    inks = (
        _make(_A, "fgClr", _make(_A, "srgbClr", val=_BLACK)),
        _make(_A, "bgClr", _make(_A, "srgbClr", val=_WHITE)),
    )
    plain = look in {_BLACK, _WHITE}
    fill = _fill(look) if plain else _make(_A, "pattFill", *inks, prst=look)
    return [fill, _make(_A, "ln", _fill(_BLACK), w=_EDGE_EMU)]


def _write_labels() -> Element:
    """The number in the middle of each bar, on white, so that no pattern runs through it."""
    shown = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent")
    return _c(
        "dLbls",
        _c("numFmt", formatCode="#", sourceLinked=0),  # LibreOffice takes what is left out for 0
        _c("spPr", _fill(_WHITE)),
        _write_font(bold=True),
        _c("dLblPos", val="ctr"),
        *(_c(each, val=int(each == "showVal")) for each in (*shown, "showBubbleSize")),
    )


def _fill(colour: str) -> Element:
    return _make(_A, "solidFill", _make(_A, "srgbClr", val=colour))


def _write_font(*, bold: bool = False) -> Element:
    faces = (_make(_A, script, typeface=_FONT) for script in ("latin", "ea", "cs"))
    letters = _make(_A, "defRPr", _fill(_BLACK), *faces, sz=_SIZE, b=int(bold))
    paragraph = _make(_A, "p", _make(_A, "pPr", letters), _make(_A, "endParaRPr", lang="vi-VN"))
    return _c("txPr", _make(_A, "bodyPr"), _make(_A, "lstStyle"), paragraph)
