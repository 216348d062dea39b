"""Charts as SVG, by pygal: without script and style of their own, so that they stand in a page whose policy has none.

A page's style sheet colours them (`templates/charts.css`); a document that stands alone carries the same sheet inside.
No two series differ by colour alone: each has its pattern or its dashes, and its values are written on it.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count
from math import ceil
from typing import Any

import pygal
from pygal.style import Style

WIDTH = 720
"""Units of the drawing; it is shown as wide as there is room."""

_SVG = "http://www.w3.org/2000/svg"
_STYLE = Style(
    font_family="sans-serif", label_font_size=13, major_label_font_size=13, value_font_size=13, legend_font_size=13,
    value_label_font_size=13, title_font_size=13,
)  # fmt: skip
_FRAME: dict[str, Any] = {
    "style": _STYLE, "js": (), "css": (), "no_prefix": True, "disable_xml_declaration": True, "width": WIDTH,
    "print_values": True, "print_zeroes": False, "rounded_bars": 2, "legend_at_bottom": True, "legend_box_size": 14,
    "margin": 6, "spacing": 8, "show_x_guides": False, "include_x_axis": True,
    "truncate_label": -1, "truncate_legend": -1, "tooltip_fancy_mode": False, "no_data_text": "",
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A picture of figures that stand beneath it as a table too."""

    name: str
    """Tells it apart in its page."""
    title: str
    says: str
    """The picture in a sentence, for whoever does not see it."""
    svg: str
    height: int

    def with_style(self) -> str:
        """The drawing with the sheet for print inside: for documents without style sheets."""
        style = f"<style>{print_sheet()}</style>"
        return re.sub(r"(<svg[^>]*>)", lambda found: found[1] + style, self.svg, count=1)


Series = Mapping[str, Sequence[float | None]]


def bars(name: str, title: str, says: str, labels: Sequence[str], series: Series) -> Chart:
    """Standing bars, a group a label."""
    return _drawn(
        pygal.Bar, name, title, says, labels, series,
        highest=_highest(series), height=250, show_legend=len(series) > 1, print_values_position="top",
    )  # fmt: skip


def stacked(name: str, title: str, says: str, labels: Sequence[str], series: Series) -> Chart:
    """Lying bars, one a label, its series one after the other."""
    height = 34 * len(labels) + (80 if len(series) > 1 else 50)
    return _drawn(
        pygal.HorizontalStackedBar, name, title, says, labels[::-1], {key: one[::-1] for key, one in series.items()},
        highest=max((sum(value or 0 for value in row) for row in zip(*series.values(), strict=True)), default=0),
        height=height, show_legend=len(series) > 1, show_y_guides=False, show_x_guides=True,
    )  # fmt: skip


def lines(name: str, title: str, says: str, labels: Sequence[str], series: Series) -> Chart:
    """A line a series, with a dot a label."""
    return _drawn(
        pygal.Line, name, title, says, labels, series,
        highest=_highest(series), height=280, show_legend=True, dots_size=3.5, print_values=False,
    )  # fmt: skip


def _drawn(
    kind: Callable[..., Any],
    name: str,
    title: str,
    says: str,
    labels: Sequence[str],
    series: Series,
    *,
    highest: float,
    height: int,
    **options: Any,
) -> Chart:
    frame = {**_FRAME, "height": height, "formatter": _shown, "legend_at_bottom_columns": max(1, len(series))}
    frame["y_labels"] = ticks = _ticks(highest)
    frame["range"] = (0, ticks[-1])
    chart = kind(**{**frame, **options})
    chart.x_labels = list(labels)
    for label, values in series.items():
        chart.add(label, list(values))
    root = ET.fromstring(chart.render())  # noqa: S314 - see above
    _undressed(root)
    _titled(root, name, title, says)
    ET.register_namespace("", _SVG)
    return Chart(name=name, title=title, says=says, svg=ET.tostring(root, encoding="unicode"), height=height)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _highest(series: Series) -> float:
    return max((value or 0 for values in series.values() for value in values), default=0)


def _ticks(highest: float) -> list[int]:
    """Whole numbers, as complaints are counted, at most six beside the zero; with room for the value above the bar."""
    top = max(1, ceil(highest * 1.08))
    step = next(step for power in count() for step in (10**power, 2 * 10**power, 5 * 10**power) if step * 6 >= top)
    return list(range(0, top + step, step))


def _undressed(root: ET.Element) -> None:
    """Takes out what a strict policy forbids, what only scripts use, and ids that would meet twice in a page."""
    for parent in root.iter():
        for child in list(parent):
            tag, kind = child.tag, child.get("class") or ""
            if tag in (f"{{{_SVG}}}defs", f"{{{_SVG}}}desc", f"{{{_SVG}}}title") or "tooltip" in kind.split("-"):
                parent.remove(child)
        parent.attrib.pop("id", None)
        parent.attrib.pop("style", None)


def _titled(root: ET.Element, name: str, title: str, says: str) -> None:
    root.set("role", "img")
    root.set("class", "chart")
    root.set("aria-labelledby", f"chart-{name}-title chart-{name}-says")
    for place, (tag, text, part) in enumerate((("title", title, "title"), ("desc", says, "says"))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"chart-{name}-{part}"})
        element.text = text
        root.insert(place, element)
    defs = ET.fromstring(_PATTERNS)  # noqa: S314 - ours
    root.insert(2, defs)


_PATTERNS = f"""<defs xmlns="{_SVG}"><pattern id="hatched" class="hatched" width="7" height="7"
 patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="7" height="7"/>
<rect class="stripe" width="3" height="7"/></pattern></defs>"""


@cache
def sheet() -> str:
    """The style sheet of all charts, in the variables of the page."""
    return files("complaints.reports").joinpath("templates", "charts.css").read_text(encoding="utf-8")


@cache
def print_sheet() -> str:
    """The same in the colours and the letters of print: typst knows no variables."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: _PRINT[found[1]], sheet())


_PRINT = {
    "ink": "#1d2a30",
    "quiet": "#56656d",
    "line": "#d9e0e3",
    "paper": "#ffffff",
    "accent": "#1f5f6b",
    "bad": "#a3271e",
    "soon": "#7a5200",
    "letters": '"Libertinus Serif"',
}
