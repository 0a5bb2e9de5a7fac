"""The words in which the workbook is declared: sheets, tables, columns, cells and formulas.

A formula is declared once, as the text that a spreadsheet calculates and as the Python that works
out the same value; the template writes both, the checks and tests hold them against each other.

In formula texts, `[@Heading]` is the cell of the same row and `Table[Heading]` a whole column;
`stored` turns them into the form that files hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from commissioning.cells import Value
    from commissioning.workbook.book import Book, Row


class Kind(NamedTuple):
    """How the values of a column look."""

    number_format: str = "General"
    right: bool = False


TEXT = Kind()
NUMBER = Kind("0")
WHOLE = Kind("#,##0", right=True)
SHARE = Kind("0.0%", right=True)
POINTS = Kind("+0.0%;-0.0%;0.0%", right=True)
DECIMAL = Kind("#,##0.0", right=True)
POUNDS = Kind("#,##0", right=True)
BILLIONS = Kind("#,##0.000", right=True)
MILLIONS = Kind("#,##0.0", right=True)
WEIGHT = Kind("0.00", right=True)
DATE = Kind("dd mmm yyyy", right=True)
TIME = Kind("dd mmm yyyy hh:mm", right=True)


class Formula(NamedTuple):
    """A figure: the native formula, the Python that gives the same value, and its twin.

    The twin is the call of a LOCALIS_* function, written as a formula, that gives the same
    wherever the figure is a number.
    """

    text: str
    value: Callable[[Row, Book], Value]
    twin: str | None = None


class Cell(NamedTuple):
    """A cell that differs from its column: in kind, by a formula of its own, or by a link.

    A link is an address (https://…) or the name of a sheet.
    """

    content: Value | Formula = None
    kind: Kind | None = None
    link: str | None = None


#: A row of a table as it is declared: heading -> what the cell holds.
Contents = Mapping[str, "Value | Formula | Cell"]


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        heading: letters, digits, spaces, £ and hyphens, so that formulas can name it.
        width: in characters.
        formula: of every row, where the column is worked out.
        input: whether the officer fills it; its heading then ends in "input".
        imported: whether an import fills it too, where the officer has typed nothing.
        choices: values offered by a drop-down list: a few words, or the name of a range.
        limits: lowest and highest number that may be typed.
        prompt: help shown beside the selected cell.
        tones: colours for texts that begin with the given words.
    """

    heading: str
    kind: Kind = TEXT
    width: float = 14
    formula: Formula | None = None
    input: bool = False
    choices: tuple[str, ...] | str | None = None
    limits: tuple[float, float] | None = None
    prompt: str | None = None
    tones: Mapping[str, str] = MappingProxyType({})
    imported: bool = False

    @property
    def is_officers(self) -> bool:
        """Whether only the officer fills it."""
        return self.input and not self.imported


class Table(NamedTuple):
    """An Excel table: `key` is the heading whose values tell its rows apart.

    `names` gives single cells a workbook-wide name: name -> (key of the row, heading); `lists`
    names whole columns: name -> heading. A `filtered` table has filter buttons. A row that the
    evidence, or an import, no longer has is marked by what `retires` says: heading -> value; where
    that is None, the officer is asked to look at such a row.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    rows: Sequence[Contents]
    names: Mapping[str, tuple[str, str]] = MappingProxyType({})
    filtered: bool = False
    lists: Mapping[str, str] = MappingProxyType({})
    retires: Mapping[str, str | float] | None = None

    @property
    def body(self) -> Sequence[Contents]:
        """The rows as they are written: Excel's tables have one at least, if only a blank one."""
        return self.rows or ({},)

    def column(self, heading: str) -> Column:
        """The column with the given heading."""
        return next(column for column in self.columns if column.heading == heading)

    def position(self, heading: str) -> int:
        """The number of a column, counted from 1, which is also its number on the sheet."""
        return [column.heading for column in self.columns].index(heading) + 1


class Check(NamedTuple):
    """One check: how many problems a native formula and its Python twin count."""

    code: str
    what: str
    sheet: str
    formula: str
    problems: Callable[[Book], float]


class Series(NamedTuple):
    """One series of a chart: a column of the chart's table, in a colour of the theme."""

    heading: str
    name: str
    colour: str


class Chart(NamedTuple):
    """A horizontal bar chart of columns of one table.

    Attributes:
        title: the finding, as (table, key, heading) of the cell that states it.
        table: where categories and series stand.
        stacked: one bar for all series instead of one each; negative values go to the left.
        place: row of its top edge, and distance from the left edge of the sheet in centimetres.
        size: width and height in centimetres.
    """

    title: tuple[str, str, str]
    table: str
    categories: str
    series: tuple[Series, ...]
    category_axis: str
    value_axis: str
    description: str
    place: tuple[int, float]
    size: tuple[float, float]
    stacked: bool = False
    limits: tuple[float, float] = (0.0, 1.0)


class Line(NamedTuple):
    """A line of text above the table, in a style of the theme; tones as those of a column."""

    content: str | Formula
    style: str = "Localis line"
    link: str | None = None
    tones: Mapping[str, str] = MappingProxyType({})


#: The parts of the evidence that can be refreshed by themselves.
PARTS = ("survey", "expenditure", "recommendations")

#: The parts that an import fills from the council's own files.
OWN_PARTS = ("own spend", "own contracts", "own survey")


class Sheet(NamedTuple):
    """A sheet: title in A1, lines under it, then one table, then charts.

    `group` is the part of the workbook that it belongs to, shown by the colour of its tab; a
    sheet of one page is printed on one; officers add rows to the table of one that `grows`;
    `printed` is how many rows of the table come on paper, where not all do; `parts` are those of
    the evidence, or of the council's own files, that fill it.
    """

    name: str
    title: str
    purpose: str
    group: str
    table: Table
    lines: tuple[Line, ...] = ()
    charts: tuple[Chart, ...] = ()
    task: str = "Read"
    one_page: bool = False
    grows: bool = False
    printed: int | None = None
    parts: tuple[str, ...] = PARTS

    @property
    def header_row(self) -> int:
        """The row of the table's headings."""
        return len(self.lines) + 2

    def row_of(self, index: int) -> int:
        """The sheet's row of the table's row with the given index, counted from 0."""
        return self.header_row + 1 + index


@dataclass(frozen=True)
class Layout:
    """The sheets in their order, with their tables and names to look up."""

    title: str
    sheets: tuple[Sheet, ...]

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name."""
        return {sheet.table.name: sheet.table for sheet in self.sheets}

    @cached_property
    def names(self) -> Mapping[str, tuple[str, str, str]]:
        """Cells with a workbook-wide name: name -> (table, key of the row, heading)."""
        return {
            name: (table.name, *place)
            for table in self.tables.values()
            for name, place in table.names.items()
        }

    def sheet_of(self, table: str) -> Sheet:
        """The sheet on which a table stands."""
        return next(sheet for sheet in self.sheets if sheet.table.name == table)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'{}'".format(sheet.replace("'", "''"))


_THIS_ROW = re.compile(r"\[@([^\]]+)\]")
_COLUMN = re.compile(r"\b([A-Za-z_]\w*)\[([^\[\]#]+)\]")
_QUOTED = re.compile(r'("(?:[^"]|"")*")')


@cache
def stored(text: str, table: str) -> str:
    """A declared formula in the form that a file holds: `Table[[#This Row],[Heading]]`."""
    parts = _QUOTED.split(text)
    # Every second part is a quoted text, in which brackets are only characters.
    parts[::2] = [_stored_part(part, table) for part in parts[::2]]
    return "".join(parts)


def _stored_part(part: str, table: str) -> str:
    def column(match: re.Match[str]) -> str:
        heading = match[2]
        # A heading with a sign in it stands in brackets of its own.
        return f"{match[1]}[{heading}]" if _is_plain(heading) else f"{match[1]}[[{heading}]]"

    return _COLUMN.sub(column, _THIS_ROW.sub(rf"{table}[[#This Row],[\1]]", part))


def _is_plain(heading: str) -> bool:
    return all(character.isalnum() or character in " £" for character in heading)
