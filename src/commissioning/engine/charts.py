"""The values that charts keep of the cells they show: brought up to date where those have changed.

Viewers, and programs that do not calculate, draw a chart from what it keeps. Where that cannot be
told from the cells it is emptied, so that programs read the cells.

Standard: ECMA-376 part 1, 21.2.2.120 (numCache), 21.2.2.201 (strCache).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from commissioning.cells import Error, Value, is_number
from commissioning.check.xml import integer
from commissioning.engine import cells
from commissioning.engine.mentions import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from commissioning.engine.document import Document
    from commissioning.engine.mentions import Mentions

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_FORMULA, _COUNT, _POINT, _VALUE = (f"{_CHART}{name}" for name in ("f", "ptCount", "pt", "v"))
_NUMBERS, _TEXTS = f"{_CHART}numCache", f"{_CHART}strCache"
_CACHES = (_NUMBERS, _TEXTS, f"{_CHART}multiLvlStrCache")
#: Cells of a reference whose values are kept; a whole column has a million.
_MOST_POINTS = 10_000


def references(document: Document) -> Iterator[tuple[str, _Element]]:
    """The references of all charts, each with the part in which it stands."""
    for part in document.package.names:
        if document.package.content_type(part) == _TYPE:
            for formula in document.parts.root(part).iter(_FORMULA):
                yield part, formula


def renew(document: Document) -> None:
    """Bring what charts keep of changed cells up to date."""
    for part, formula in references(document):
        cache = next(formula.itersiblings(*_CACHES), None)
        found = mentions(formula.text or "")
        places = [(each.sheet, each.area) for each in found.cells]
        if cache is not None and document.changes.reach(found, places):
            values = _values(document, found)
            points = None if values is None else _points(cache.tag, values, document)
            if values is None or points is None:
                cache.getparent().remove(cache)  # type: ignore[union-attr]  # it has a sibling
            elif _is_alike(cache, len(values), points):
                continue
            else:
                _keep(cache, len(values), points)
            document.parts.touch(part)


def _values(document: Document, found: Mentions) -> list[Value] | None:
    """The values of the one row or column of cells that is mentioned; None where it is unclear."""
    if found.anything or found.tables or found.words or len(found.cells) != 1:
        return None
    (reference,) = found.cells
    title, block = reference.sheet.casefold(), reference.area
    sheet = next((each for each in document.sheets if each.title.casefold() == title), None)
    is_line = 1 in {block.width, block.height} and block.width * block.height <= _MOST_POINTS
    # A sheet that is not parsed may have lost values that its part still has.
    if sheet is None or not sheet.is_parsed or not is_line:
        return None
    return sheet.grid.settled(block)


def _points(tag: str, values: list[Value], document: Document) -> dict[int, str] | None:
    """What a chart keeps of values: place from 0 -> text; None where their formats are needed."""
    points = {}
    for place, value in enumerate(values):
        if isinstance(value, dt.date):
            value = document.context.calendar.serial(value)  # noqa: PLW2901 - as it is stored
        is_text = isinstance(value, str) and not isinstance(value, Error)
        if tag == _NUMBERS:
            if is_number(value):
                points[place] = cells.number_text(value)
        elif tag == _TEXTS and is_text:
            points[place] = cells.escaped(str(value))
        elif value is not None:
            return None
    return points


def _keep(cache: _Element, count: int, points: dict[int, str]) -> None:
    """Put points into a cache, behind its number format and before extensions."""
    for point in list(cache.iterchildren(_COUNT, _POINT)):
        cache.remove(point)
    made = [cache.makeelement(_COUNT, {"val": str(count)})]
    for place, text in points.items():
        made.append(cache.makeelement(_POINT, {"idx": str(place)}))
        value = made[-1].makeelement(_VALUE)
        value.text = text
        made[-1].append(value)
    start = 1 if len(cache) and cache[0].tag == f"{_CHART}formatCode" else 0
    cache[start:start] = made


def _is_alike(cache: _Element, count: int, points: dict[int, str]) -> bool:
    """Whether a cache has these points already, numbers perhaps written in another way."""
    held = {integer(point.get("idx")): _text(point) for point in cache.iterchildren(_POINT)}
    counted = next((integer(each.get("val")) for each in cache.iterchildren(_COUNT)), None)
    if counted != count or held.keys() != points.keys():
        return False
    plain = _number if cache.tag == _NUMBERS else str
    return all(plain(held[place]) == plain(text) for place, text in points.items())


def _text(point: _Element) -> str:
    return next((value.text or "" for value in point.iterchildren(_VALUE)), "")


def _number(text: str) -> float | str:
    try:
        return float(f"{float(text):.15g}")
    except ValueError:
        return text
