"""The cells of a worksheet: reading and setting values and formulas.

A value is set as Excel's Range.Value sets it, but for text: a text is a text, whatever it looks
like, and one that begins with an equals sign is refused unless an apostrophe marks it as text.
"""

from __future__ import annotations

import datetime as dt
import itertools
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
    from collections.abc import Callable, Iterable, Sequence

    from lxml.etree import _Element

    from commissioning.engine.entries import Context
    from commissioning.engine.rows import Row
    from commissioning.engine.styles import Styles
    from commissioning.errors import WorkbookError

T = TypeVar("T")

#: What typed text begins with where Excel would take it for a formula.
_OPENING = ("=", "+", "-", "@")
#: Cells that are read at once; a damaged sheet may claim to be as large as a sheet can be.
MOST_CELLS = 10_000_000
#: What to do about a damaged sheet.
REPAIR = "open it in Excel, let it repair the file and save it under a new name"


class Grid:
    """The cells of one worksheet.

    Attributes:
        rows: its rows.
        merges: its merged areas.
        cell_formulas: the formulas of its cells.
        protected: whether its locked cells may not be changed.
        extent: the area that holds every cell that was added, None where none was.
        formulas_moved: whether formulas have been set or overwritten.
        unfit: numbers of the rows whose texts have changed since their heights were looked at.
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
            raise error(f"is damaged ({disorder})", REPAIR) from None
        merges = (area(merge.get("ref", "")) for merge in children(root, "mergeCells", "mergeCell"))
        self.merges = [merge for merge in merges if merge]
        protection = child(root, "sheetProtection")
        self.protected = protection is not None and flag(protection.get("sheet"))
        self.cell_formulas = CellFormulas(root, error)
        self.extent: Area | None = None
        self.formulas_moved = False
        self.unfit: set[int] = set()

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
        if is_number(held) and _style(cell) in self.styles.dates:
            return self._context.calendar.moment(held)
        return held

    def values(self, block: Area) -> list[list[Value]]:
        """The values of an area, row by row."""
        return self._block(block, self.value, None)

    def settled(self, block: Area) -> list[Value] | None:
        """The values of an area one after the other; None where a formula of it has none."""
        found = list(itertools.chain.from_iterable(self.values(block)))
        formulas = itertools.chain.from_iterable(self.formulas(block))
        pending = (
            value is None and formula.startswith("=")
            for value, formula in zip(found, formulas, strict=True)
        )
        return None if any(pending) else found

    def formulas(self, block: Area) -> list[list[str]]:
        """The formulas of an area, row by row; for a constant the text that Excel gives."""
        return self._block(block, self._formula_text, "")

    def _block(self, block: Area, read: Callable[[_Element], T], blank: T) -> list[list[T]]:
        self.check_size(block)
        found = [[blank] * block.width for _ in range(block.height)]
        for row, column, cell in self.rows.cells(block):
            found[row - block.top][column - block.left] = read(cell)
        return found

    def check_size(self, block: Area) -> None:
        """See that an area is not too large to look at each of its cells.

        Raises:
            WorkbookError: it is.
        """
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
        row = self.rows.find(number)
        missing, changed = [], False
        for column, entry in enumerate(line, left):
            cell = row.get(column) if row else None
            if cell is None and entry.fills:
                missing.append(column)
            elif cell is not None and not self._holds(cell, entry):
                self._put(cell, entry)
                changed = True
                self._note_text(number, entry)
        if missing:
            added = self.ensure(row or self.rows.ensure(number), missing)
            for column, cell in zip(missing, added, strict=True):
                self._fill(cell, line[column - left])
                self._note_text(number, line[column - left])
        return changed or bool(missing)

    def _note_text(self, number: int, entry: Entry) -> None:
        """Note that the height of a row no longer fits, as Excel sees when a text is entered."""
        if isinstance(entry.value, str):
            self.unfit.add(number)

    def wraps(self, cell: _Element) -> bool:
        """Whether a cell shows a long text in several lines."""
        return _style(cell) in self.styles.wrapped

    def ensure(self, row: Row, columns: Sequence[int]) -> list[_Element]:
        """The cells of a row in columns, given in ascending order; empty ones where it has none."""
        if added := row.ensure(columns):
            self.extend(Area(row.number, added[0], row.number, added[-1]))
        return [row.cells[column] for column in columns]

    def extend(self, block: Area) -> None:
        """Note that cells were added in an area."""
        self.extent = around(self.extent or block, block)

    def write_cached(self, row: int, column: int, value: Value) -> bool:
        """Give a cell's formula its worked-out value; returns whether it had another.

        A cell without a formula stays as it is.
        """
        cell = self.rows.cell(row, column)
        if cell is None or cells.part(cell, cells.FORMULA) is None:
            return False
        value = self._plain(value, row, column)
        # A date and time is read to the millisecond only: the one that is shown is no other.
        if _alike(*(self._shown(cell, each) for each in (self._stored(cell), value))):
            return False
        cells.write_cached(cell, value)
        if isinstance(value, str):
            self.unfit.add(row)
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
            stale += (cell for *_, cell in self.rows.cells(filled))
        dropped = [cells.drop_cached(cell) for cell in stale if cell is not None]
        return any(dropped)

    def is_occupied(self, cell: _Element) -> bool:
        """Whether a cell holds a value or a formula, not only a style."""
        return cells.part(cell, cells.FORMULA) is not None or self._stored(cell) is not None

    def used(self) -> Area:
        """The area that holds every cell the sheet has, formatted ones too; A1 of an empty one."""
        return self.rows.used() or Area(1, 1, 1, 1)

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
    def styles(self) -> Styles:
        """The cell formats of the workbook."""
        return self._context.styles()

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
            raise self._error(fault, REPAIR) from None

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
                cell = row.get(column) if row else None
                same = not entry.fills if cell is None else self._holds(cell, entry)
                if not same and self.styles.locked(self.style_at(row, cell, column)):
                    raise self.locked(f"the cell {reference(number, column)}")

    def locked(self, what: str) -> WorkbookError:
        """The error for a change that the sheet's protection does not allow."""
        return self._error(f"is protected and {what} is locked", "unprotect the sheet in Excel")

    def style_at(self, row: Row | None, cell: _Element | None, column: int) -> int:
        """The style of a cell; where there is none, of its row or its column."""
        if cell is None:
            return self.rows.styled(row.element if row else None, column)
        return _style(cell)

    def plain_style(self, cell: _Element) -> int:
        """The style of a cell, without the mark of a text."""
        return self.styles.variant(_style(cell), prefixed=False)

    def _holds(self, cell: _Element, entry: Entry) -> bool:
        """Whether a cell holds an entry already."""
        if not len(cell):
            return not entry.fills
        element = cells.part(cell, cells.FORMULA)
        if element is None or entry.formula is None:
            same = element is None and entry.formula is None
            held = self._stored(cell) if same else None
            return (
                same
                and type(held) is type(entry.value)
                and held == entry.value
                and (not entry.prefixed or _style(cell) in self.styles.prefixed)
            )
        return element.get("t") in {None, "normal", "shared"} and (
            self.cell_formulas.text(cell) == entry.formula
        )

    def _put(self, cell: _Element, entry: Entry) -> None:
        if cells.part(cell, cells.FORMULA) is not None:
            self.cell_formulas.own(cell)
            self.formulas_moved = True
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
            style = self.styles.variant(_style(cell), prefixed=entry.prefixed)
            restyle(cell, style)


def restyle(cell: _Element, style: int) -> None:
    """Give a cell a style."""
    cell.set("s", str(style)) if style else cell.attrib.pop("s", "")


def _style(cell: _Element) -> int:
    return integer(cell.get("s", "0")) or 0


def _alike(one: Value, other: Value) -> bool:
    """Whether two values are the same in the 15 digits that Excel keeps."""
    if is_number(one) and is_number(other):
        return f"{one:.15g}" == f"{other:.15g}"
    return type(one) is type(other) and one == other
