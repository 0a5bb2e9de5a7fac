"""Faults of cells, their formats and their validation that make Excel offer to repair a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commissioning.check.findings import Fault, rule
from commissioning.check.references import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commissioning.check.model import Cell, Workbook

LONGEST_TEXT = 32_767
LONGEST_LIST = 255
#: Characters of a validation's titles and messages.
LONGEST_MESSAGES = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_KINDS = {"n", "b", "e", "d", "s", "str", "inlineStr"}


@rule(
    "cell-reference",
    "repair",
    "Every row and cell lies in the sheet, and every cell in its row",
    "Remove the cell, or write its reference with the row that it stands in.",
)
def cell_reference(workbook: Workbook) -> Iterator[Fault]:
    """Rows and cells whose reference is malformed, beyond XFD1048576 or in another row."""
    for sheet in workbook.sheets:
        for ref in sheet.misplaced:
            yield sheet.at(ref), f"the reference {ref!r} is not where a cell can be"


@rule(
    "cell-duplicate",
    "repair",
    "No cell occurs twice",
    "Keep one of the two cells.",
)
def cell_duplicate(workbook: Workbook) -> Iterator[Fault]:
    """Cells of one row and column that stand in the file more than once."""
    for sheet in workbook.sheets:
        for cells in sheet.rows.values():
            seen: set[int] = set()
            for cell in cells:
                if cell.column in seen:
                    yield sheet.at(cell.reference), "the cell occurs twice"
                seen.add(cell.column)


@rule(
    "row-order",
    "repair",
    "The rows of a sheet stand in order, each once",
    "Sort the rows of the sheet's part by number.",
)
def row_order(workbook: Workbook) -> Iterator[Fault]:
    """Rows that follow a row of the same or a higher number."""
    for sheet in workbook.sheets:
        for before, number in zip(sheet.row_numbers, sheet.row_numbers[1:], strict=False):
            if number <= before:
                yield sheet.at(f"{number}:{number}"), f"row {number} stands after row {before}"


@rule(
    "cell-order",
    "repair",
    "The cells of a row stand in order",
    "Sort the cells of the row by column.",
)
def cell_order(workbook: Workbook) -> Iterator[Fault]:
    """Cells that follow a cell further right."""
    for sheet in workbook.sheets:
        for cells in sheet.rows.values():
            before = 0
            for cell in cells:
                if cell.column < before:
                    yield (
                        sheet.at(cell.reference),
                        f"the cell stands after one in column {letters(before)}",
                    )
                before = cell.column


@rule(
    "cell-value",
    "repair",
    "A cell's value is of the type that the cell declares",
    "Type the value again.",
)
def cell_value(workbook: Workbook) -> Iterator[Fault]:
    """Numbers that are none, truth values other than 0 and 1, unknown types."""
    for sheet in workbook.sheets:
        for cell in sheet.cells:
            if cell.kind not in _KINDS:
                yield sheet.at(cell.reference), f"the type {cell.kind!r} does not exist"
            elif cell.text and _wrong_value(cell, cell.text):
                yield sheet.at(cell.reference), f"the value {cell.text!r} is not of its type"


def _wrong_value(cell: Cell, text: str) -> bool:
    if cell.kind == "n":
        return _NUMBER.fullmatch(text.strip()) is None
    return cell.kind == "b" and text not in {"0", "1", "true", "false"}


@rule(
    "cell-text",
    "repair",
    f"No text has more than {LONGEST_TEXT:,} characters",
    "Shorten the text, or divide it between cells.",
)
def cell_text(workbook: Workbook) -> Iterator[Fault]:
    """Texts that are too long for a cell, in the units that Excel counts (UTF-16)."""
    for sheet in workbook.sheets:
        for cell in sheet.cells:
            if cell.text and len(cell.text) > LONGEST_TEXT // 2:
                length = len(cell.text.encode("utf-16-le", "surrogatepass")) // 2
                if length > LONGEST_TEXT:
                    yield sheet.at(cell.reference), f"the text has {length:,} characters"


@rule(
    "string-index",
    "repair",
    "Every shared text that a cell refers to exists",
    "Type the text again.",
)
def string_index(workbook: Workbook) -> Iterator[Fault]:
    """Cells whose index into the shared strings is out of range."""
    for sheet in workbook.sheets:
        for cell in sheet.unknown_strings:
            yield sheet.at(cell.reference), f"shared text {cell.text or ''!r} does not exist"


@rule(
    "style-index",
    "repair",
    "Every cell format that a cell, row or column refers to exists, and so do its font and fill",
    "Format the cells again.",
)
def style_index(workbook: Workbook) -> Iterator[Fault]:
    """Indices of cell formats, fonts and fills that are out of range."""
    for fault in workbook.styles.faults:
        yield "styles", fault
    last = len(workbook.styles.cells) - 1
    for sheet in workbook.sheets:
        used = [
            *((cell.reference, cell.style) for cell in sheet.cells if not 0 <= cell.style <= last),
            *((f"{row}:{row}", style) for row, style in sheet.row_styles.items()),
            *(
                (f"{letters(held.first)}:{letters(held.last)}", held.style)
                for held in sheet.columns
            ),
        ]
        for ref, style in used:
            if not 0 <= style <= last:
                yield sheet.at(ref), f"cell format {style} does not exist, the last is {last}"


@rule(
    "dxf-index",
    "repair",
    "Every differential format that a conditional format or table refers to exists",
    "Set the format of the conditional format or table again.",
)
def dxf_index(workbook: Workbook) -> Iterator[Fault]:
    """Indices of differential formats that are out of range."""
    used: list[tuple[str, int | None]] = [("table styles", dxf) for dxf in workbook.styles.dxfs]
    for sheet in workbook.sheets:
        used += [(sheet.at(held.ref), held.dxf) for held in sheet.conditionals]
        used += [(sheet.at(table.ref), dxf) for table in sheet.tables for dxf in table.dxfs]
    last = len(workbook.styles.differential) - 1
    for where, dxf in used:
        if dxf is not None and not 0 <= dxf <= last:
            yield where, f"differential format {dxf} does not exist, the last is {last}"


@rule(
    "validation-length",
    "repair",
    f"A drop-down list typed into a validation has {LONGEST_LIST} characters at most, its messages "
    "no more than Excel shows",
    "Put the list into cells and refer to them; shorten the messages.",
)
def validation_length(workbook: Workbook) -> Iterator[Fault]:
    """Lists, titles and messages that are too long."""
    for sheet in workbook.worksheets:
        for validation in sheet.validations:
            where = sheet.at(validation.ref)
            for text in validation.formulas:
                length = len(text.strip().strip('"'))
                if text.lstrip().startswith('"') and length > LONGEST_LIST:
                    yield where, f"the drop-down list has {length} characters"
            for name, text in validation.texts.items():
                if len(text) > LONGEST_MESSAGES[name]:
                    yield where, f"its {name} has {len(text)} characters"
