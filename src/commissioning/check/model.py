"""A workbook as the rules see it: sheets, cells, tables, names and what hangs on them.

Everything stands as the file has it, faults included; nothing here is corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from commissioning.check import references
from commissioning.check.formulas import Scan, scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commissioning.check.package import Package
    from commissioning.check.references import Area
    from commissioning.check.styles import Styles


class Cell(NamedTuple):
    """A cell.

    Attributes:
        row: counted from 1.
        column: counted from 1.
        kind: the file's type: "n" number, "b" truth value, "e" error, "d" date, and for text
            "s" (shared), "str" (of a formula) or "inlineStr".
        text: the cached value as text, shared strings looked up; None where there is none.
        formula: without its equals sign; "" where it is shared from another cell; None without.
        style: index of its cell format.
    """

    row: int
    column: int
    kind: str = "n"
    text: str | None = None
    formula: str | None = None
    style: int = 0

    @property
    def reference(self) -> str:
        """Such as B4."""
        return references.reference(self.row, self.column)

    @property
    def empty(self) -> bool:
        """Whether the cell has neither value nor formula."""
        return not self.text and self.formula is None

    @property
    def is_text(self) -> bool:
        """Whether the cached value is text."""
        return self.kind in {"s", "str", "inlineStr"}

    @property
    def is_error(self) -> bool:
        """Whether the cached value is an error, such as "#N/A"."""
        return self.kind == "e"

    @property
    def value(self) -> str | float | bool | None:
        """The cached value; errors as text, dates as days (or as text where stored as "d")."""
        if self.text is None:
            return None
        if self.kind == "b":
            return self.text in {"1", "true"}
        if self.kind == "n":
            try:
                return float(self.text)
            except ValueError:
                return self.text
        return self.text


class Column(NamedTuple):
    """Sheet columns `first` to `last` with their width in characters and their visibility."""

    first: int
    last: int
    width: float | None
    hidden: bool
    style: int


class Validation(NamedTuple):
    """A data validation; `texts` are its titles and messages by attribute."""

    ref: str
    kind: str
    formulas: tuple[str, ...]
    texts: Mapping[str, str]


class Conditional(NamedTuple):
    """A rule of conditional formatting."""

    ref: str
    dxf: int | None
    formulas: tuple[str, ...]


class Shape(NamedTuple):
    """What a drawing holds: kind is "sp" for shapes, "pic", "graphicFrame" for charts, "cxnSp"."""

    kind: str
    name: str
    description: str
    text: str
    decorative: bool


class TableColumn(NamedTuple):
    """A column of a table as the table's part declares it."""

    id: int | None
    name: str
    formula: str | None


@dataclass(frozen=True)
class Table:
    """An Excel table; `area` is None where `ref` is none inside a sheet."""

    part: str
    sheet: Sheet = field(repr=False)
    id: int | None
    name: str
    ref: str
    header_rows: int
    totals_rows: int
    columns: tuple[TableColumn, ...]
    filter_ref: str | None
    dxfs: tuple[int, ...]

    @cached_property
    def area(self) -> Area | None:
        """The cells of the table, header and totals included."""
        return references.area(self.ref)

    @cached_property
    def body(self) -> Area | None:
        """The cells between header and totals."""
        if self.area is None:
            return None
        top, bottom = self.area.top + self.header_rows, self.area.bottom - self.totals_rows
        return self.area._replace(top=top, bottom=bottom) if top <= bottom else None

    def headings(self) -> list[Cell]:
        """The cells of the header row, one for each column of the area."""
        if self.area is None or not self.header_rows:
            return []
        row = self.sheet.row(self.area.top)
        return [
            row.get(column, Cell(self.area.top, column))
            for column in range(self.area.left, self.area.right + 1)
        ]

    def cells(self) -> Iterator[Cell]:
        """The cells between header and totals that the file has."""
        for number in range(self.body.top, self.body.bottom + 1) if self.body else ():
            for cell in self.sheet.rows.get(number, ()):
                if self.body and self.body.left <= cell.column <= self.body.right:
                    yield cell

    def rows(self) -> Iterator[dict[str, Cell]]:
        """Each row between header and totals: heading -> cell, empty cells included."""
        if self.body is None:
            return
        names = [column.name for column in self.columns]
        for number in range(self.body.top, self.body.bottom + 1):
            row = self.sheet.row(number)
            yield {
                name: row.get(column, Cell(number, column))
                for column, name in enumerate(names, self.body.left)
            }


class DefinedName(NamedTuple):
    """A defined name; `scope` is the index of its sheet, None for the whole workbook."""

    name: str
    text: str
    scope: int | None


@dataclass
class Sheet:
    """A sheet; only worksheets have cells.

    Attributes:
        title: as on its tab.
        id: its number in the file, whatever its place.
        state: "visible", "hidden" or "veryHidden".
        part: name of its part; None where it has none, or none of its own.
        worksheet: whether it is one, not a chart sheet or the like.
        cells: in the order of the file, empty ones with a format included.
        row_numbers: in the order of the file.
        misplaced: references of rows and cells that lie outside the sheet or their row.
        unknown_strings: cells whose shared string does not exist.
        row_styles: cell formats of whole rows, by row.
        array_areas: areas filled by one array formula or data table.
        merges: references of merged areas.
        hyperlinks: references of linked cells.
        relationship_ids: those that the part makes use of.
        printed: texts of headers and footers.
    """

    title: str
    id: int | None
    state: str
    part: str | None
    worksheet: bool = False
    cells: list[Cell] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    unknown_strings: list[Cell] = field(default_factory=list)
    row_styles: dict[int, int] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    array_areas: list[Area] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    default_width: float = 8.43
    merges: list[str] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    conditionals: list[Conditional] = field(default_factory=list)
    hyperlinks: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    relationship_ids: list[str] = field(default_factory=list)
    frozen: bool = False
    top_left: str = "A1"
    cursor: str = "A1"

    @cached_property
    def rows(self) -> Mapping[int, Sequence[Cell]]:
        """The cells of each row that has any, in the order of the file."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        return rows

    def row(self, number: int) -> dict[int, Cell]:
        """The cells of a row by column."""
        return {cell.column: cell for cell in self.rows.get(number, ())}

    def cell(self, row: int, column: int) -> Cell:
        """A cell; an empty one where the file has none."""
        return self.row(row).get(column, Cell(row, column))

    def width(self, column: int) -> float:
        """The width of a column in characters."""
        for held in self.columns:
            if held.first <= column <= held.last and held.width is not None:
                return held.width
        return self.default_width

    def at(self, ref: str = "") -> str:
        """Where a finding is: the sheet, or a cell or area in it."""
        return references.at(self.title, ref)


@dataclass
class Workbook:
    """A workbook.

    Attributes:
        package: the file's parts.
        part: name of the workbook's part.
        active_tab: index of the sheet that the file opens on.
        properties: title, language and the like, by local name of the core properties.
        calculation: attributes of the calculation settings.
        chain: (index of a sheet by id, reference, of an array) of each calculation chain entry.
        relationship_ids: those that the workbook's part makes use of.
    """

    package: Package
    part: str
    sheets: list[Sheet]
    names: list[DefinedName]
    styles: Styles
    active_tab: int
    properties: Mapping[str, str]
    calculation: Mapping[str, str]
    chain: list[ChainEntry]
    relationship_ids: list[str]

    @property
    def worksheets(self) -> list[Sheet]:
        """The sheets that have cells."""
        return [sheet for sheet in self.sheets if sheet.worksheet]

    @property
    def tables(self) -> list[Table]:
        """The tables of all sheets."""
        return [table for sheet in self.sheets for table in sheet.tables]

    def sheet(self, title: str) -> Sheet | None:
        """The sheet of a title, without regard to case."""
        wanted = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == wanted), None)

    def table(self, name: str) -> Table | None:
        """The table of a name, without regard to case."""
        return self._tables.get(name.casefold())

    def name(self, name: str) -> DefinedName | None:
        """The defined name with the whole workbook as its scope, without regard to case."""
        wanted = name.casefold()
        return next(
            (
                found
                for found in self.names
                if found.name.casefold() == wanted and found.scope is None
            ),
            None,
        )

    def named_cell(self, name: str) -> Cell | None:
        """The cell that a defined name stands for; None where it stands for anything else."""
        found = self.name(name)
        title, mark, ref = found.text.rpartition("!") if found else ("", "", "")
        sheet = self.sheet(title.strip("'").replace("''", "'")) if mark else None
        area = references.area(ref)
        single = area and area.height == area.width == 1
        return sheet.cell(area.top, area.left) if sheet and area and single else None

    @cached_property
    def looks(self) -> Mapping[int, str]:
        """The cell formats of cells that hold something, each with the first such cell."""
        found: dict[int, str] = {}
        for sheet in self.sheets:
            for cell in sheet.cells:
                if cell.style not in found and not cell.empty:
                    found[cell.style] = sheet.at(cell.reference)
        return found

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return {table.name.casefold(): table for table in self.tables}

    @cached_property
    def formulas(self) -> list[tuple[str, Scan]]:
        """Every formula with where it stands: cells, columns, names, validations, formats."""
        return [(where, scan(text)) for where, text in self._formula_texts() if text]

    def _formula_texts(self) -> Iterator[tuple[str, str]]:
        for sheet in self.sheets:
            for cell in sheet.cells:
                if cell.formula:
                    yield sheet.at(cell.reference), cell.formula
            for table in sheet.tables:
                for column in table.columns:
                    yield f"{sheet.at(table.ref)} ({column.name})", column.formula or ""
            for validation in sheet.validations:
                yield from ((sheet.at(validation.ref), text) for text in validation.formulas)
            for conditional in sheet.conditionals:
                yield from ((sheet.at(conditional.ref), text) for text in conditional.formulas)
        for name in self.names:
            yield f"name {name.name}", name.text


class ChainEntry(NamedTuple):
    """An entry of the calculation chain; `sheet` is a sheet's id in the file."""

    sheet: int
    ref: str
    array: bool
