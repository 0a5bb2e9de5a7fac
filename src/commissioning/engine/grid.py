"""The cells of a worksheet: reading and setting values and formulas.

A value is set as Excel's Range.Value sets it, but for text: a text is a text, whatever it looks
like, and one that begins with an equals sign is refused unless an apostrophe marks it as text.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from commissioning.cells import Error, Value, is_number
from commissioning.check.references import Area, area, reference
from commissioning.check.xml import child, children, flag, integer
from commissioning.engine import cells
from commissioning.engine.areas import around, encloses
from commissioning.engine.cell_formulas import CellFormulas
from commissioning.engine.entries import Entry
from commissioning.engine.formulas import fault_of
from commissioning.engine.rows import DisorderError, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lxml.etree import _Element

    from commissioning.engine.entries import Context
    from commissioning.engine.styles import Styles
    from commissioning.errors import WorkbookError

T = TypeVar("T")

#: What typed text begins with where Excel would take it for a formula.
_OPENING = ("=", "+", "-", "@")
#: Cells that are read at once; a damaged sheet may claim to be as large as a sheet can be.
MOST_CELLS = 10_000_000
#: Characters of a number format's code.
LONGEST_CODE = 255
_REPAIR = "open it in Excel, let it repair the file and save it under a new name"


class Grid:
    """The cells of one worksheet.

    Attributes:
        rows: its rows.
        merges: its merged areas.
        cell_formulas: the formulas of its cells.
        protected: whether its locked cells may not be changed.
        extent: the area that holds every cell that was added, None where none was.
        formulas_moved: whether formulas have been set or overwritten.
    """

    def __init__(
        self, root: _Element, context: Context, error: Callable[[str, str], WorkbookError]
    ) -> None:
        """Take the root of a worksheet part.

        Args:
            root: the part.
            context: what its cells refer to.
            error: makes the error for a fault of the sheet, and what to do about it.

        Raises:
            WorkbookError: rows or cells are out of order.
        """
        self._error = error
        self._context = context
        try:
            self.rows = Rows(root)
        except DisorderError as disorder:
            raise error(f"is damaged ({disorder})", _REPAIR) from None
        merges = (area(merge.get("ref", "")) for merge in children(root, "mergeCells", "mergeCell"))
        self.merges = [merge for merge in merges if merge]
        protection = child(root, "sheetProtection")
        self.protected = protection is not None and flag(protection.get("sheet"))
        self.cell_formulas = CellFormulas(root, error)
        self.extent: Area | None = None
        self.formulas_moved = False

    def value(self, cell: _Element | None) -> Value:
        """What a cell shows: a date and time where it is formatted so; None where it is empty.

        Raises:
            WorkbookError: it holds what its type does not allow.
        """
        if cell is None:
            return None
        return self._shown(cell, self._held(cell))

    def _shown(self, cell: _Element, held: Value) -> Value:
        """A value as a cell shows it."""
        if is_number(held) and self._style(cell) in self._styles.dates:
            return self._context.calendar.moment(held)
        return held

    def values(self, block: Area) -> list[list[Value]]:
        """The values of an area, row by row."""
        return self._block(block, self.value, None)

    def formulas(self, block: Area) -> list[list[str]]:
        """The formulas of an area, row by row; for a constant the text that Excel gives."""
        return self._block(block, self._formula_text, "")

    def _block(self, block: Area, read: Callable[[_Element], T], blank: T) -> list[list[T]]:
        self._check_size(block)
        found = [[blank] * block.width for _ in range(block.height)]
        for row in self.rows.within(block):
            into = found[row.number - block.top]
            for column, cell in row.cells.items():
                if block.left <= column <= block.right:
                    into[column - block.left] = read(cell)
        return found

    def _check_size(self, block: Area) -> None:
        if (count := block.height * block.width) > MOST_CELLS:
            fault = f"has {count:,} cells to read at once in {block}"
            raise self._error(fault, "read fewer of them")

    def write(self, block: Area, entries: Sequence[Sequence[Entry]]) -> bool:
        """Put entries into an area, row by row; returns whether anything changed.

        Raises:
            WorkbookError: a cell is locked, or part of an array formula; nothing has changed then.
        """
        self._check(block, entries)
        rows = [self._write_row(*row, block.left) for row in enumerate(entries, block.top)]
        self.cell_formulas.forget_arrays(block)
        return any(rows)

    def _write_row(self, number: int, line: Sequence[Entry], left: int) -> bool:
        filled = [column for column, entry in enumerate(line, left) if entry.fills]
        row = self.rows.ensure(number) if filled else self.rows.find(number)
        if row is None:
            return False
        present = [(row.cells.get(column), entry) for column, entry in enumerate(line, left)]
        added = row.ensure(filled)
        for column in added:
            self._fill(row.cells[column], line[column - left])
        if added:
            self.extend(Area(number, added[0], number, added[-1]))
        other = [
            (cell, entry)
            for cell, entry in present
            if cell is not None and not self._holds(cell, entry)
        ]
        for cell, entry in other:
            self._put(cell, entry)
        return bool(added or other)

    def extend(self, block: Area) -> None:
        """Note that cells were added in an area."""
        self.extent = around(self.extent or block, block)

    def number_format(self, block: Area) -> str | None:
        """The code of the number format of an area's cells, None where they differ."""
        codes = {self._styles.code(style) for *_, style in self._styled(block)}
        return codes.pop() if len(codes) == 1 else None

    def set_number_format(self, block: Area, code: str) -> bool:
        """Give cells a number format by its code; returns whether any had another.

        Raises:
            WorkbookError: Excel knows no such code, the sheet is protected, or the workbook has
                no formats; nothing has changed then.
        """
        if not 0 < len(code) <= LONGEST_CODE:
            fault = f"cannot have the number format {code[:80]!r} in {block}"
            raise self._error(fault, "give the code that Excel shows under Format Cells")
        other = [each for each in self._styled(block) if self._styles.code(each[2]) != code]
        if other and self.protected:
            raise self.locked(f"the format of {block}")
        if any(style not in self._styles for *_, style in other):
            raise self._error(f"is damaged (no formats for the cells in {block})", _REPAIR)
        self._restyle(
            (n, column, self._styles.formatted(style, code)) for n, column, style in other
        )
        return bool(other)

    def _restyle(self, wanted: Iterable[tuple[int, int, int]]) -> None:
        """Give cells, by row and column, a style; those that the sheet lacks are added."""
        for number, column, style in wanted:
            row = self.rows.ensure(number)
            if row.ensure([column]):
                self.extend(Area(number, column, number, column))
            self.restyle(row.cells[column], style)

    def _styled(self, block: Area) -> Iterator[tuple[int, int, int]]:
        """Row, column and style of each cell of an area, those that the sheet lacks too."""
        self._check_size(block)
        for number in range(block.top, block.bottom + 1):
            row = self.rows.find(number)
            element, held = (row.element, row.cells) if row else (None, {})
            for column in range(block.left, block.right + 1):
                yield number, column, self._style_at(element, held.get(column), column)

    def write_cached(self, row: int, column: int, value: Value) -> bool:
        """Give a cell's formula its worked-out value; returns whether it had another.

        A cell without a formula stays as it is.
        """
        cell = self.rows.cell(row, column)
        if cell is None or cell.find(cells.FORMULA) is None:
            return False
        value = self._plain(value, row, column)
        # A date and time is read to the millisecond only: the one that is shown is no other.
        if _alike(*(self._shown(cell, each) for each in (self._stored(cell), value))):
            return False
        cells.write_cached(cell, value)
        return True

    def entry(self, value: object, row: int, column: int) -> Entry:
        """What stands in a cell once a value has been set; an apostrophe marks a text as such.

        Raises:
            WorkbookError: no cell can hold it, or it would be a formula.
        """
        marked = False
        if isinstance(value, str) and not isinstance(value, Error):
            if value.startswith("="):
                raise self._unfit("text that begins with = and is not marked as text", row, column)
            marked = value.startswith("'")
            value = value.removeprefix("'") or None
        held = self._plain(value, row, column)
        return Entry(held, marked and isinstance(held, str) and held.startswith(_OPENING))

    def formula_entry(self, text: object, row: int, column: int) -> Entry:
        """What stands in a cell once its formula has been set; "" and None empty it.

        Raises:
            WorkbookError: Excel could not read the formula, or it is no formula.
        """
        if not isinstance(text, str) or not text:
            return self.entry(text, row, column)
        fault = fault_of(text[1:]) if text.startswith("=") else "it does not begin with ="
        if fault:
            raise self._unfit(f"the formula {text[:80]} ({fault})", row, column)
        return Entry(formula=text[1:])

    def drop_values(self, places: Iterable[tuple[int, int]], spilled: Iterable[Area]) -> bool:
        """Take away the values of some formulas; returns whether there were any.

        Args:
            places: row and column of each.
            spilled: areas that array formulas among them fill.
        """
        stale = [self.rows.cell(*place) for place in places]
        for filled in spilled:
            for row in self.rows.within(filled):
                inside = (
                    cell for column, cell in row.cells.items() if filled.holds(row.number, column)
                )
                stale += inside
        dropped = [cells.drop_cached(cell) for cell in stale if cell is not None]
        return any(dropped)

    def is_occupied(self, cell: _Element) -> bool:
        """Whether a cell holds a value or a formula, not only a style."""
        return cell.find(cells.FORMULA) is not None or self._stored(cell) is not None

    def plain_style(self, cell: _Element) -> int:
        """The style of a cell, without the mark of a text."""
        return self._styles.variant(self._style(cell), prefixed=False)

    def restyle(self, cell: _Element, style: int) -> None:
        """Give a cell a style."""
        cell.set("s", str(style)) if style else cell.attrib.pop("s", "")

    def fill_formats(self, source: Area, block: Area) -> bool:
        """Give the rows of an area the formats of its first ones; returns whether any changed.

        Raises:
            WorkbookError: the sheet is protected.
        """
        styles = {
            (row - source.top, column): self._styles.variant(style, prefixed=False)
            for row, column, style in self._styled(source)
        }
        other = [
            (row, column, wanted)
            for row, column, style in self._styled(block._replace(top=source.bottom + 1))
            if style != (wanted := styles[(row - source.top) % source.height, column])
        ]
        if other and self.protected:
            raise self.locked(f"the formats of {block}")
        self._restyle(other)
        return bool(other)

    def used(self) -> Area:
        """The area that holds every cell the sheet has, formatted ones too; A1 of an empty one."""
        found = [row for row in self.rows.within(_ALL) if row.cells]
        if not found:
            return Area(1, 1, 1, 1)
        left = min(next(iter(row.cells)) for row in found)
        right = max(max(row.cells) for row in found)
        return Area(found[0].number, left, found[-1].number, right)

    def _plain(self, value: object, row: int, column: int) -> Value:
        """A value as a cell holds it, a date as its serial number."""
        try:
            held = cells.plain(value)
            return self._context.calendar.serial(held) if isinstance(held, dt.date) else held
        except (cells.UnfitError, ValueError) as error:
            raise self._unfit(str(error), row, column) from None

    def _unfit(self, what: str, row: int, column: int) -> WorkbookError:
        fault = f"cannot hold {what} in {reference(row, column)}"
        return self._error(fault, "correct what is filled in")

    @property
    def _styles(self) -> Styles:
        return self._context.styles()

    def _style(self, cell: _Element) -> int:
        return integer(cell.get("s", "0")) or 0

    def _stored(self, cell: _Element) -> Value:
        """What a cell holds, a date as its serial number."""
        held = self._held(cell)
        try:
            return self._context.calendar.serial(held) if isinstance(held, dt.date) else held
        except ValueError:
            # A date that only text can hold is equal to none that is set.
            return str(held)

    def _held(self, cell: _Element) -> Value:
        try:
            return cells.stored(cell, self._context.string)
        except ValueError as error:
            fault = f"is damaged (the cell {cell.get('r')} holds {error})"
            raise self._error(fault, _REPAIR) from None

    def _formula_text(self, cell: _Element) -> str:
        formula = self.cell_formulas.text(cell)
        if formula is not None:
            return f"={formula}"
        held = self._stored(cell)
        if isinstance(held, bool):
            return str(held).upper()
        return cells.number_text(held) if is_number(held) else str(held or "")

    def _check(self, block: Area, entries: Sequence[Sequence[Entry]]) -> None:
        for filled in self.cell_formulas.arrays:
            if block.overlaps(filled) and not encloses(block, filled):
                fault = f"has an array formula in {filled}, and a part of it cannot be changed"
                raise self._error(fault, "remove that formula in Excel")
        if not self.protected:
            return
        for number, line in enumerate(entries, block.top):
            row = self.rows.find(number)
            for column, entry in enumerate(line, block.left):
                cell = row.cells.get(column) if row else None
                same = not entry.fills if cell is None else self._holds(cell, entry)
                if not same and self._is_locked(row.element if row else None, cell, column):
                    raise self.locked(f"the cell {reference(number, column)}")

    def locked(self, what: str) -> WorkbookError:
        """The error for a change that the sheet's protection does not allow."""
        return self._error(f"is protected and {what} is locked", "unprotect the sheet in Excel")

    def _is_locked(self, row: _Element | None, cell: _Element | None, column: int) -> bool:
        return self._styles.locked(self._style_at(row, cell, column))

    def _style_at(self, row: _Element | None, cell: _Element | None, column: int) -> int:
        """The style of a cell; where there is none, of its row or its column."""
        return self.rows.styled(row, column) if cell is None else self._style(cell)

    def _holds(self, cell: _Element, entry: Entry) -> bool:
        """Whether a cell holds an entry already."""
        element = cell.find(cells.FORMULA)
        if element is None or entry.formula is None:
            same = element is None and entry.formula is None
            held = self._stored(cell) if same else None
            return (
                same
                and type(held) is type(entry.value)
                and held == entry.value
                and (not entry.prefixed or self._style(cell) in self._styles.prefixed)
            )
        return element.get("t") in {None, "normal", "shared"} and (
            self.cell_formulas.text(cell) == entry.formula
        )

    def _put(self, cell: _Element, entry: Entry) -> None:
        self.cell_formulas.own(cell)
        self.formulas_moved |= cell.find(cells.FORMULA) is not None
        cells.empty(cell)
        self._fill(cell, entry)

    def _fill(self, cell: _Element, entry: Entry) -> None:
        """Put an entry into an empty cell."""
        if entry.formula is None:
            cells.write(cell, entry.value)
        else:
            cells.write_formula(cell, entry.formula)
            self.formulas_moved = True
        typed = entry.fills and type(entry.value) is not str
        if entry.prefixed or (typed and cell.get("s") is not None):
            style = self._styles.variant(self._style(cell), prefixed=entry.prefixed)
            self.restyle(cell, style)


_ALL = Area(1, 1, 1 << 20, 1 << 14)


def _alike(one: Value, other: Value) -> bool:
    """Whether two values are the same in the 15 digits that Excel keeps."""
    if is_number(one) and is_number(other):
        return f"{one:.15g}" == f"{other:.15g}"
    return type(one) is type(other) and one == other
