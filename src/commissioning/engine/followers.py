"""What reaches as far as a table's rows, and follows when the table has grown.

Excel extends conditional formats, data validations, defined names and the references of charts
when a row is added below a table, and moves down what is drawn further below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.check.references import LAST_ROW, Area, area
from commissioning.check.xml import ON_SHEET, children, integer
from commissioning.engine import charts
from commissioning.engine.formulas import grown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from commissioning.engine.document import Document
    from commissioning.engine.table import Table

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_EXCEL = "{http://schemas.microsoft.com/office/excel/2006/main}"
#: What a drawing holds on to; an absoluteAnchor to nothing.
_ANCHORS = tuple(ON_SHEET + name for name in ("oneCellAnchor", "twoCellAnchor"))
_ANCHOR_ROWS = tuple(f"{ON_SHEET}{end}/{ON_SHEET}row" for end in ("from", "to"))


def follow(document: Document, table: Table) -> None:
    """Let what covered the last data row of a table, or all of its rows, reach to its new end."""
    _extend_rules(table)
    _extend_names(document, table)
    _extend_charts(document, table)
    _move_drawings(document, table)
    _move_breaks(document, table)


def _extend_rules(table: Table) -> None:
    """Extend the conditional formats and data validations on the table's own sheet."""
    sheet = table.sheet
    root = sheet.document.parts.root(sheet.part)
    for rule in _rules(root):
        if covered := rule.get("sqref"):
            rule.set("sqref", _extended(covered, table))
    for place in root.iter(f"{_EXCEL}sqref"):
        parent = place.getparent()
        if parent is not None and parent.tag in _X14_RULES:
            place.text = _extended(place.text or "", table)


_X14_RULES = (f"{_X14}conditionalFormatting", f"{_X14}dataValidation")


def _rules(root: _Element) -> Iterator[_Element]:
    yield from children(root, "conditionalFormatting")
    yield from children(root, "dataValidations", "dataValidation")


def _extended(references: str, table: Table) -> str:
    """References that cover the last row of a table's columns, with its new rows."""
    found = []
    rest = []
    for text in references.split():
        covered = area(text)
        if covered is None or not _covers_end(covered, table):
            found.append(text)
        elif table.area.left <= covered.left and covered.right <= table.area.right:
            found.append(str(covered._replace(bottom=table.data.bottom)))
        else:
            found.append(text)
            rest.append(_below(covered, table))
    return " ".join((*found, *rest))


def _covers_end(covered: Area, table: Table) -> bool:
    """Whether an area covers the former last row in one of the columns, and not the new ones."""
    return (
        covered.top <= table.settled.bottom <= covered.bottom < table.data.bottom
        and covered.left <= table.area.right
        and table.area.left <= covered.right
    )


def _below(covered: Area, table: Table) -> str:
    """The new rows of those columns of a table that an area wider than the table covers."""
    left, right = max(covered.left, table.area.left), min(covered.right, table.area.right)
    return str(Area(covered.bottom + 1, left, table.data.bottom, right))


def _extend_names(document: Document, table: Table) -> None:
    standing = table.sheet.title, table.settled
    for name in document.defined:
        name.extend(grown(name.text, "", standing, table.data.bottom))


def _extend_charts(document: Document, table: Table) -> None:
    """Extend the references of charts; the values that they keep of these follow later."""
    standing = table.sheet.title, table.settled
    for part, formula in charts.references(document):
        text = grown(formula.text or "", "", standing, table.data.bottom)
        if text != formula.text:
            formula.text = text
            document.parts.touch(part)


def _move_drawings(document: Document, table: Table) -> None:
    """Move charts, pictures and shapes that begin below a table down by as many rows as it grew.

    Controls of forms stay: theirs are repeated in two more places, which have to agree.
    """
    package, parts = document.package, document.parts
    growth = table.data.bottom - table.settled.bottom
    end = table.area.bottom - growth
    for related in package.relationships(table.sheet.part):
        if related.kind != "drawing" or related.target not in parts:
            continue
        for anchor in parts.root(related.target).iterchildren(*_ANCHORS):
            rows = [row for path in _ANCHOR_ROWS for row in anchor.iterfind(path)]
            numbers = [integer((row.text or "").strip()) or 0 for row in rows]
            # They count from 0: the number of the row below the table is that of its last one.
            if anchor.get("editAs") == "absolute" or min(numbers, default=0) < end:
                continue
            for row, number in zip(rows, numbers, strict=True):
                row.text = str(min(number + growth, LAST_ROW - 1))
            parts.touch(related.target)


def _move_breaks(document: Document, table: Table) -> None:
    """Move the ends of pages below a table down with what is drawn there."""
    growth = table.data.bottom - table.settled.bottom
    end = table.area.bottom - growth
    for each in children(document.parts.root(table.sheet.part), "rowBreaks", "brk"):
        row = integer(each.get("id")) or 0
        if row >= end:
            each.set("id", str(min(row + growth, LAST_ROW - 1)))
