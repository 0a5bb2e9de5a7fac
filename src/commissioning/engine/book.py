# ruff: noqa: D102, D105, D107 - the members are described where xlwings declares them
"""xlwings' engine, applications, books, sheets and names over a closed workbook."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import TYPE_CHECKING, Protocol, TypeVar

import xlwings
from xlwings import base_classes

from commissioning.cells import Error
from commissioning.check.references import LAST_COLUMN, LAST_ROW, Area
from commissioning.engine import NAME
from commissioning.engine.document import Document
from commissioning.engine.range import Range, place_of
from commissioning.engine.tables import Tables
from commissioning.engine.unavailable import closed_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from commissioning.engine.names import DefinedName
    from commissioning.engine.range import Place
    from commissioning.engine.sheet import Worksheet


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=_Named)

_IDS = itertools.count(1)


def opened(path: Path) -> xlwings.Book:
    """A file as xlwings' Book, in an application of its own.

    Raises:
        WorkbookError: it cannot be opened.
    """
    return xlwings.Book(impl=Book(Document(path)))


class Engine:
    """What xlwings asks of an engine beside its objects."""

    name = NAME
    #: A scalar that is set to a range is handed over as it is, and fills it.
    type = "desktop"

    @property
    def apps(self) -> Apps:
        """The applications: an open book is only known to those who opened it."""
        return Apps()

    @staticmethod
    def prepare_xl_data_element(value: object, _options: object) -> object:
        """A value as it is set: one that is not a number is an empty cell."""
        return None if isinstance(value, float) and math.isnan(value) else value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[object]],
        datetime_builder: Callable[..., object],
        empty_as: object,
        number_builder: Callable[[float], object] | None,
        err_to_str: bool,
    ) -> list[list[object]]:
        """Values as they are read, an error as None or as its text."""

        def clean(value: object) -> object:
            if value is None or value == "":
                return empty_as
            if isinstance(value, Error):
                return value if err_to_str else None
            if isinstance(value, dt.datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                values = {name: getattr(value, name) for name in parts}
                return datetime_builder(**values, tzinfo=None)
            if isinstance(value, float) and number_builder:
                return number_builder(value)
            return value

        return [[clean(value) for value in row] for row in data]


ENGINE = Engine()


@closed_file(base_classes.Apps)
class Apps:
    """No applications: each book has its own."""

    def keys(self) -> list[int]:
        return []

    def __iter__(self) -> Iterator[App]:
        return iter(())

    def __len__(self) -> int:
        return 0


@closed_file(base_classes.App)
class App:
    """The application that holds one book; its switches are kept and do nothing."""

    engine = ENGINE
    #: The version of Excel whose format the file has.
    version = "16.0"
    screen_updating = True
    display_alerts = True
    enable_events = True
    calculation = "automatic"
    status_bar: str | bool = False

    def __init__(self, book: Book) -> None:
        self._pid = next(_IDS)
        self._book = book

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def books(self) -> Books:
        return Books(self, [self._book])

    def calculate(self) -> None:
        """Nothing: who knows what formulas come to gives them their values; see `set_cached`."""


@closed_file(base_classes.Books)
class Books:
    """The one book of an application."""

    def __init__(self, app: App, books: list[Book]) -> None:
        self.app = app
        self._books = books

    @property
    def active(self) -> Book:
        return self._books[0]

    def __call__(self, name_or_index: int | str) -> Book:
        return _found(self._books, name_or_index)

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(self._books)


@closed_file(base_classes.Book)
class Book:
    """A closed workbook."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._app = App(self)

    @property
    def app(self) -> App:
        return self._app

    @property
    def api(self) -> Document:
        return self.document

    @property
    def name(self) -> str:
        return self.document.package.path.name

    @property
    def fullname(self) -> str:
        return str(self.document.package.path)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)


@closed_file(base_classes.Sheets)
class Sheets:
    """The worksheets of a book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._sheets = [Sheet(book, sheet) for sheet in book.document.sheets]

    def __call__(self, name_or_index: int | str) -> Sheet:
        return _found(self._sheets, name_or_index)

    def __len__(self) -> int:
        return len(self._sheets)

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._sheets)

    def __contains__(self, name: str) -> bool:
        return any(sheet.name.casefold() == name.casefold() for sheet in self._sheets)


@closed_file(base_classes.Sheet)
class Sheet:
    """A worksheet."""

    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self._book = book
        self.worksheet = worksheet

    @property
    def api(self) -> Worksheet:
        return self.worksheet

    @property
    def name(self) -> str:
        return self.worksheet.title

    @property
    def book(self) -> Book:
        return self._book

    @property
    def index(self) -> int:
        return self.worksheet.document.sheets.index(self.worksheet) + 1

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def used_range(self) -> Range:
        return Range(self, self.worksheet.grid.used())

    def range(self, arg1: Place, arg2: Place | None = None) -> Range:
        try:
            return place_of(self, arg1, arg2)
        except ValueError:
            if not isinstance(arg1, str) or arg1 not in self._book.names:
                raise
        return self._book.names(arg1).refers_to_range


@closed_file(base_classes.Names)
class Names:
    """The defined names of a book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._names = [Name(book, defined) for defined in book.document.names]

    def __call__(self, name_or_index: int | str) -> Name:
        return _found(self._names, name_or_index)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: str) -> bool:
        return self.contains(name)

    def contains(self, name_or_index: int | str) -> bool:
        try:
            self(name_or_index)
        except KeyError:
            return False
        return True

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self._names]


@closed_file(base_classes.Name)
class Name:
    """A defined name."""

    def __init__(self, book: Book, defined: DefinedName) -> None:
        self._book = book
        self._defined = defined

    @property
    def name(self) -> str:
        return self._defined.name

    @property
    def refers_to(self) -> str:
        return f"={self._defined.text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._defined.define(value)

    @property
    def refers_to_range(self) -> Range:
        sheet, area = self._defined.place()
        return Range(Sheet(self._book, sheet), area)


def _found(members: Sequence[Named], name_or_index: int | str) -> Named:
    """A member by its name, whatever its case, or by its place from 1.

    Raises:
        KeyError: there is none.
    """
    if isinstance(name_or_index, str):
        wanted = name_or_index.casefold()
        found = [each for each in members if each.name.casefold() == wanted]
    else:
        found = [members[name_or_index - 1]] if 1 <= name_or_index <= len(members) else []
    if not found:
        raise KeyError(name_or_index)
    return found[0]
