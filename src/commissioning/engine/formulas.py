"""Formulas that move: to another cell, or along with a table that grows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from commissioning.check.formulas import LONGEST_FORMULA, scan
from commissioning.check.references import area, reference

if TYPE_CHECKING:
    from commissioning.check.references import Area

_AREA = re.compile(
    r"""
      (?P<string>"[^"]*(?:""[^"]*)*")
    | (?P<bracket>\[[^\]]*\])
    | (?:(?<!\])(?P<sheet>'[^']*+(?:''[^']*+)*+'|[\w.]+)!|(?<![\w$.:!'\]]))
      (?P<cells>\$?[A-Z]{1,3}\$?[0-9]{1,7}:\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w(.!:])
    | '[^']*+(?:''[^']*+)*+'
    """,
    re.VERBOSE,
)


class Formula(NamedTuple):
    """A formula of a cell.

    Attributes:
        row: of its cell.
        column: of its cell.
        text: without its equals sign; where cells share one, as the first of them has it.
        filled: the area that it fills where it is an array formula.
        home: row and column of the cell that has the text where cells share one.
    """

    row: int
    column: int
    text: str
    filled: Area | None = None
    home: tuple[int, int] | None = None


@lru_cache(maxsize=4096)
def fault_of(text: str) -> str | None:
    """What keeps Excel from reading a formula (without its equals sign); None if nothing is known.

    A formula that Excel cannot read makes it offer to repair the whole workbook.
    """
    if not text.strip():
        return "it is empty"
    if len(text) > LONGEST_FORMULA:
        return f"it has {len(text):,} characters (at most {LONGEST_FORMULA:,})"
    return scan(text).fault


def moved(text: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    """A formula, without its equals sign, as it reads when it is copied from cell to cell."""
    if start == end or not _moves(text):
        return text
    try:
        translated = Translator(f"={text}", reference(*start)).translate_formula(reference(*end))
    except TranslatorError:
        # A reference that would leave the sheet, as Excel shows it.
        return "#REF!"
    except TokenizerError:
        # What nobody can read means the same everywhere.
        return text
    return str(translated)[1:]


@lru_cache(maxsize=4096)
def _moves(text: str) -> bool:
    """Whether a formula reads differently in different cells."""
    # Down and right: a fixed row, a fixed column or a structured reference stays as it is.
    try:
        there = Translator(f"={text}", "B2").translate_formula("C3")
    except (TranslatorError, TokenizerError):
        return True
    return str(there) != f"={text}"


def grown(text: str, home: str, table: tuple[str, Area], bottom: int) -> str:
    """A formula or reference whose areas of exactly a table's rows, whole columns, reach further.

    Args:
        text: the formula, with or without its equals sign.
        home: title of the sheet that references without a sheet mean; "" for none.
        table: title of its sheet, and its data rows until now.
        bottom: the last data row that it has now.
    """
    title, data = table

    def reach(match: re.Match[str]) -> str:
        cells = match["cells"]
        if cells is None:
            return match[0]
        sheet = match["sheet"]
        named = home if sheet is None else unquoted(sheet)
        found = area(cells.replace("$", ""))
        covers = (
            found is not None
            and named.casefold() == title.casefold()
            and (found.top, found.bottom) == (data.top, data.bottom)
            and data.left <= found.left
            and found.right <= data.right
        )
        return re.sub(r"[0-9]+$", str(bottom), match[0]) if covers else match[0]

    return _AREA.sub(reach, text)


def unquoted(sheet: str) -> str:
    """The title of a sheet as it stands before an exclamation mark, without its quotes."""
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
