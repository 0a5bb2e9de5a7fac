"""The cells of a worksheet: reading and setting values and formulas.

A value is set as Excel's Range.Value sets it, but for text: a text is a text, whatever it looks
like, and one that begins with an equals sign is refused unless an apostrophe marks it as text.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from commissioning.cells import Error, Value, is_number
from commissioning.check.references import Area, area, reference
from commissioning.check.xml import child, children, flag, integer
from commissioning.engine import cells
from commissioning.engine.formulas import Formula, fault_of, moved
from commissioning.engine.rows import DisorderError, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lxml.etree import _Element

    from commissioning.engine.dates import Calendar
    from commissioning.engine.styles import Styles
    from commissioning.errors import WorkbookError

T = TypeVar("T")

#: What typed text begins with where Excel would take it for a formula.
_OPENING = ("=", "+", "-", "@")
_REPAIR = "open it in Excel, let it repair the file and save it under a new name"


class Context(NamedTuple):
    """What the cells of every sheet refer to."""

    strings: Callable[[], Sequence[str]]
    styles: Callable[[], Styles]
    calendar: Calendar


class Entry(NamedTuple):
    """What is to stand in a cell: a formula without its equals sign, or a value.

    A date is a serial number; a text with `prefixed` would be a formula if somebody typed it.
    """

    value: Value = None
    prefixed: bool = False
    formula: str | None = None

    @property
    def fills(self) -> bool:
        """Whether it is more than an empty cell."""
        return self.value is not None or self.formula is not None


class _Shared(NamedTuple):
    """A formula that several cells share: its text, the cell that has it, and all its cells."""

    text: str
    home: tuple[int, int]
    elements: list[_Element]


class Grid:
    """The cells of one worksheet.

    Attributes:
        rows: its rows.
        merges: its merged areas.
        arrays: the areas that array formulas and data tables fill.
        protected: whether its locked cells may not be changed.
        edited: the corners of what was written, None where nothing was.
        formulas_moved: whether there are cells with a formula that had none, or the other way.
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
        self._root = root
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
        self.arrays: list[Area] = []
        self._shared: dict[str, _Shared] = {}
        for element in root.iter(cells.FORMULA):
            self._index(element)
        self.edited: Area | None = None
        self.formulas_moved = False

    def _index(self, formula: _Element) -> None:
        kind, cell = formula.get("t"), formula.getparent()
        if kind in _FILLING:
            filled = area(formula.get("ref", ""))
            if filled is not None:
                self.arrays.append(filled)
        elif kind == "shared" and cell is not None:
            index = formula.get("si", "")
            shared = self._shared.setdefault(index, _Shared("", (0, 0), []))
            shared.elements.append(cell)
            if formula.text:
                self._shared[index] = shared._replace(text=formula.text, home=_place(cell))

    def value(self, cell: _Element | None) -> Value:
        """What a cell shows: a date and time where it is formatted so; None where it is empty.

        Raises:
            WorkbookError: it holds what its type does not allow.
        """
        if cell is None:
            return None
        held = self._held(cell)
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
        found = [[blank] * block.width for _ in range(block.height)]
        for row in self.rows.within(block):
            into = found[row.number - block.top]
            for column, cell in row.cells.items():
                if block.left <= column <= block.right:
                    into[column - block.left] = read(cell)
        return found

    def write(self, block: Area, entries: Sequence[Sequence[Entry]]) -> bool:
        """Put entries into an area, row by row; returns whether anything changed.

        Raises:
            WorkbookError: a cell is locked, or part of an array formula; nothing has changed then.
        """
        self._check(block, entries)
        changed = False
        for number, line in enumerate(entries, block.top):
            filled = [column for column, entry in enumerate(line, block.left) if entry.fills]
            row = self.rows.ensure(number) if filled else self.rows.find(number)
            if row is None:
                continue
            here = row.ensure(filled)
            for column, entry in enumerate(line, block.left):
                cell = here.get(column)
                if cell is not None and not self._holds(cell, entry):
                    self._put(cell, entry)
                    self.note(number, column)
                    changed = True
        self.arrays = [filled for filled in self.arrays if not _encloses(block, filled)]
        return changed

    def note(self, row: int, column: int) -> None:
        """Note that a cell was changed."""
        old = self.edited or Area(row, column, row, column)
        self.edited = Area(
            min(old.top, row), min(old.left, column), max(old.bottom, row), max(old.right, column)
        )

    def write_cached(self, row: int, column: int, value: Value) -> bool:
        """Give a cell's formula its worked-out value; returns whether it had another.

        A cell without a formula stays as it is.
        """
        cell = self.rows.cell(row, column)
        if cell is None or cell.find(cells.FORMULA) is None:
            return False
        value = self._plain(value, row, column)
        if _alike(self._stored(cell), value):
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

    def formula(self, cell: _Element) -> str | None:
        """A cell's formula without its equals sign; None where it has none.

        Raises:
            WorkbookError: it shares one that is not there.
        """
        element = cell.find(cells.FORMULA)
        if element is None:
            return None
        if element.get("t") != "shared" or element.text:
            return element.text or ""
        shared = self._shared[element.get("si", "")]
        if not shared.text:
            fault = f"is damaged (the formula of {cell.get('r')} is missing)"
            raise self._error(fault, _REPAIR)
        return moved(shared.text, shared.home, _place(cell))

    def all_formulas(self) -> Iterator[Formula]:
        """All formulas, row by row."""
        for element in self._root.iter(cells.FORMULA):
            cell = element.getparent()
            shared = self._shared.get(element.get("si", ""))
            text = element.text or (shared.text if shared else "")
            filled = area(element.get("ref", "")) if element.get("t") in _FILLING else None
            if cell is not None:
                yield Formula(*_place(cell), text, filled)

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

    def own(self, cell: _Element) -> None:
        """Give a cell that shares a formula, and every cell that shares its, one of their own."""
        element = cell.find(cells.FORMULA)
        if element is None or element.get("t") != "shared":
            return
        index = element.get("si", "")
        shared = self._shared[index]
        sharing = shared.elements if shared.home == _place(cell) else [cell]
        texts = [(each, self.formula(each)) for each in sharing]
        for each, text in texts:
            own = each.find(cells.FORMULA)
            if own is not None and own.get("t") == "shared" and own.get("si") == index:
                own.text = text
                for name in ("t", "si", "ref"):
                    own.attrib.pop(name, "")

    def is_occupied(self, cell: _Element) -> bool:
        """Whether a cell holds a value or a formula, not only a style."""
        return cell.find(cells.FORMULA) is not None or self._stored(cell) is not None

    def plain_style(self, cell: _Element) -> int:
        """The style of a cell, without the mark of a text."""
        return self._styles.variant(self._style(cell), prefixed=False)

    def restyle(self, cell: _Element, style: int) -> None:
        """Give a cell a style."""
        cell.set("s", str(style)) if style else cell.attrib.pop("s", "")

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
            return cells.stored(cell, self._context.strings)
        except ValueError as error:
            fault = f"is damaged (the cell {cell.get('r')} holds {error})"
            raise self._error(fault, _REPAIR) from None

    def _formula_text(self, cell: _Element) -> str:
        formula = self.formula(cell)
        if formula is not None:
            return f"={formula}"
        held = self._stored(cell)
        if isinstance(held, bool):
            return str(held).upper()
        return cells.number_text(held) if is_number(held) else str(held or "")

    def _check(self, block: Area, entries: Sequence[Sequence[Entry]]) -> None:
        for filled in self.arrays:
            if block.overlaps(filled) and not _encloses(block, filled):
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
        style = self.rows.styled(row, column) if cell is None else self._style(cell)
        return self._styles.locked(style)

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
            self.formula(cell) == entry.formula
        )

    def _put(self, cell: _Element, entry: Entry) -> None:
        self.own(cell)
        had_formula = cell.find(cells.FORMULA) is not None
        self.formulas_moved |= had_formula == (entry.formula is None)
        cells.empty(cell)
        if entry.formula is None:
            cells.write(cell, entry.value)
        else:
            cells.write_formula(cell, entry.formula)
        style, is_text = self._style(cell), type(entry.value) is str
        if entry.prefixed or (not is_text and entry.fills):
            self.restyle(cell, self._styles.variant(style, prefixed=entry.prefixed))


_FILLING = frozenset({"array", "dataTable"})
_ALL = Area(1, 1, 1 << 20, 1 << 14)


def _encloses(block: Area, other: Area) -> bool:
    return block.holds(other.top, other.left) and block.holds(other.bottom, other.right)


def _place(cell: _Element) -> tuple[int, int]:
    """Row and column of a cell; of one that says neither, none that exists."""
    found = area(cell.get("r", ""))
    return (found.top, found.left) if found else (0, 0)


def _alike(one: Value, other: Value) -> bool:
    """Whether two values are the same in the 15 digits that Excel keeps."""
    if is_number(one) and is_number(other):
        return f"{one:.15g}" == f"{other:.15g}"
    return type(one) is type(other) and one == other
