"""The rows of a contracts register: each a contract, or why it is none.

Nothing is guessed: "TBC", "Various", "up to £50,000" or 31 September leave a gap with its reason.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from commissioning.council.contracts import cells, extensions
from commissioning.council.contracts.deadlines import extended, months_after
from commissioning.council.contracts.fields import ENDS, FIELDS, NAMES
from commissioning.council.figures import Contract
from commissioning.council.reading import amounts, dates, flags, headings
from commissioning.council.reading.content import is_blank
from commissioning.council.reading.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commissioning.council.contracts.recognition import Columns

LABELS = {field.code: field.label for field in FIELDS}

_NOT_ONE_AMOUNT = "is not one amount"
_NOT_OF_A_YEAR = "is for the whole contract, not for a year"
_OF_A_YEAR = "is for a year, and not what the register gives for one"
_NEGATIVE = "is below nothing"
_NO_DAY = f"is no day from {dates.EARLIEST.year} to {dates.LATEST.year}"
_NO_FLAG = "says neither yes nor no"
_NO_TERM = f"is no time of up to {extensions.LONGEST // 12} years"

_TOTAL = re.compile(r"(?:grand |sub[- ]?)?totals?\b", re.IGNORECASE)

#: What a contract is called, in this order.
_AS_TITLE = ("title", "description", "reference", "service")
#: What a row can have that only names a further supplier.
_OF_A_SUPPLIER = frozenset(
    ("supplier", "company", "charity", "sme", "voluntary", "status", "postcode", "address")
)
#: A remark fills no more cells.
_FEW = 2
#: What such a row leaves to the one above.
_OF_A_CONTRACT = ("reference", "title", "description", "start", "end")


class Remark(NamedTuple):
    """Something that was not read: a row (`field` is then empty) or what a cell of it says."""

    row: int
    field: str
    text: str
    reason: str


class Entry(NamedTuple):
    """A row of the register: the contract, and what else stands there; "" where nothing does.

    Attributes:
        row: in the file, from 1 as a spreadsheet shows it.
        vat: that cannot be recovered, in pence.
        extension: what the register says of extensions, in its words.
        process: how the contract was procured.
    """

    contract: Contract
    row: int
    description: str
    company: str
    charity: str
    vat: int | None
    extension: str
    process: str


class Reader:
    """Reads the rows of one table.

    Attributes:
        entries: the contracts.
        rejected: rows that say of no contract which it is.
        aside: rows that are no contract.
        unread: cells whose words leave a gap.
    """

    def __init__(self, columns: Columns, body: Sequence[Sequence[str]]) -> None:
        """Take what the columns are, and all rows under the headings."""
        self.entries: list[Entry] = []
        self.rejected: list[Remark] = []
        self.aside: list[Remark] = []
        self.unread: list[Remark] = []
        choices = columns.choices
        self._at = {code: (each.column, *columns.more(code)) for code, each in choices.items()}
        if "end" not in self._at and (only := next((e for e in ENDS if e in self._at), None)):
            # The only end that the file has is the end.
            self._at["end"] = self._at.pop(only)
        codes = ("start", "review", "duration", *ENDS)
        days = [at for code in codes for at in self._at.get(code, ())]
        self._order = dates.order(row[at] for row in body for at in days if at < len(row))
        self._headings = {code: each.heading for code, each in choices.items()}
        self._forms = {code: amounts.form((), text) for code, text in self._headings.items()}
        self._row, self._cells = 0, [""]

    def take(self, row: int, cells: Sequence[str], names: Sequence[str]) -> None:
        """Read a row of the table, or say why not."""
        self._row, self._cells = row, [" ".join(cell.split()) for cell in cells]
        filled = [cell for cell in self._cells if not is_blank(cell)]
        start = filled[0] if filled else ""
        if not filled:
            self.aside.append(Remark(row, "", "", "blank"))
        elif headings.repeats(cells, names):
            self.aside.append(Remark(row, "", start, "the headings again"))
        elif self._is_total():
            self.aside.append(Remark(row, "", start, "a total"))
        elif self._goes_on() and self._only_names_a_supplier(len(filled)):
            self._add_supplier()
        elif reason := self._remark(len(filled)):
            self.aside.append(Remark(row, "", start, f"a remark: {reason}"))
        elif not any(self._text(code) for code in NAMES):
            reason = "does not say which contract it is"
            self.rejected.append(Remark(row, "", start, reason))
        else:
            self.entries.append(self._continued() if self._goes_on() else self._entry())

    def _is_total(self) -> bool:
        """Whether the row adds up others: a word for it where a contract has its name, no day."""
        named = {text for code in NAMES if (text := self._text(code))}
        totals = {cell for cell in self._cells if _TOTAL.match(cell)}
        days = (dates.day(self._text(code), self._order) for code in ("start", "end"))
        return bool(totals) and named <= totals and not any(days)

    def _remark(self, filled: int) -> str:
        """Why the row is a remark between contracts or below them; "" where it is none."""
        if filled == 1 < len(self._at):
            return "one cell is filled"
        told = (*ENDS, "start", "review", "value", "annual", "reference")
        is_apart = bool(self.aside) and self.aside[-1].row == self._row - 1
        if is_apart and filled <= _FEW < len(self._at) and not any(map(self._text, told)):
            return "two cells are filled, apart from the contracts, without a day or an amount"
        return ""

    def _goes_on(self) -> bool:
        """Whether the row has a supplier, and leaves to the one above which contract it is.

        So do the suppliers of a framework, below each other beside one title. What stands first
        in its row could be a title of what follows.
        """
        names = [self._at[code][0] for code in _OF_A_CONTRACT if code in self._at]
        return bool(
            self.entries
            and self.entries[-1].row + self._added == self._row - 1
            and names
            and self._text("supplier")
            and min(names) < self._at["supplier"][0]
            and not any(self._text(code) for code in _OF_A_CONTRACT)
        )

    @property
    def _added(self) -> int:
        """How many rows after the last contract have only named its further suppliers."""
        last = self.entries[-1].row
        return sum(remark.row > last for remark in self.aside)

    def _only_names_a_supplier(self, filled: int) -> bool:
        return filled == sum(bool(self._text(code)) for code in _OF_A_SUPPLIER)

    def _add_supplier(self) -> None:
        last, name = self.entries[-1], self._text("supplier")
        joined = "; ".join(filter(None, (last.contract.supplier, name)))
        self.entries[-1] = last._replace(contract=last.contract._replace(supplier=joined))
        reason = f"a further supplier of the contract in row {last.row}"
        self.aside.append(Remark(self._row, "", name, reason))

    def _continued(self) -> Entry:
        """A supplier of the contract above with what is its own, such as its value."""
        entry, last = self._entry(), self.entries[-1]
        above, own = last.contract, entry.contract
        reason = f"stands without one: the contract, and its days, are those of row {last.row}"
        self._gap("title", own.supplier, reason)
        blank = {
            name: getattr(above, name)
            for name in ("reference", "title", "service", "start", "end", "review", "extended_end")
            if getattr(own, name) in ("", None)
        }
        return entry._replace(contract=own._replace(**blank), description=last.description)

    def _entry(self) -> Entry:
        start, end, latest = self._days()
        sme, voluntary = self._kinds()
        value, annual = self._values()
        contract = Contract(
            reference=self._text("reference"),
            title=next(filter(None, map(self._text, _AS_TITLE)), ""),
            supplier=self._text("supplier"),
            service=self._text("service"),
            value=value,
            annual_value=annual,
            start=start,
            end=end,
            review=self._day("review"),
            extended_end=latest,
            sme=sme,
            voluntary=voluntary,
        )
        return Entry(
            contract,
            self._row,
            self._text("description"),
            self._text("company"),
            self._text("charity"),
            self._pence("vat"),
            "; ".join(self._extensions()),
            self._text("process"),
        )

    def _texts(self, code: str) -> list[str]:
        """What stands in the field's column, and in those that go on with it; no blanks."""
        places = (at for at in self._at.get(code, ()) if at < len(self._cells))
        return [self._cells[at] for at in places if not is_blank(self._cells[at])]

    def _text(self, code: str) -> str:
        places = self._at.get(code, ())
        if not places or places[0] >= len(self._cells) or is_blank(self._cells[places[0]]):
            return ""
        return self._cells[places[0]]

    def _gap(self, code: str, text: str, reason: str) -> None:
        self.unread.append(Remark(self._row, LABELS[code], text, reason))

    def _sum(self, code: str) -> cells.Sum | None:
        text = self._text(code)
        if not text:
            return None
        found = cells.amount(text, self._forms[code])
        if found is None or found.pence < 0:
            self._gap(code, text, _NEGATIVE if found else _NOT_ONE_AMOUNT)
            return None
        return found

    def _pence(self, code: str) -> int | None:
        found = self._sum(code)
        return found.pence if found else None

    def _values(self) -> tuple[int | None, int | None]:
        """The value over the contract's life and that of a year, as the words beside them say."""
        value, annual = self._sum("value"), self._sum("annual")
        if annual and annual.time == "whole":
            self._gap("annual", self._text("annual"), _NOT_OF_A_YEAR)
            annual = None
        if value and value.time == "year":
            if annual and annual.pence != value.pence:
                self._gap("value", self._text("value"), _OF_A_YEAR)
            value, annual = None, annual or value
        return value and value.pence, annual and annual.pence

    def _day(self, code: str, text: str | None = None) -> dt.date | None:
        text = self._text(code) if text is None else text
        read = dates.last_day if code in ENDS else dates.day
        found = read(text, self._order) if text else None
        if text and found is None:
            self._gap(code, text, _NO_DAY)
        return found

    def _kinds(self) -> tuple[bool | None, bool | None]:
        """Whether the supplier is small or medium-sized, and whether it is voluntary."""
        sme, voluntary = self._flag("sme"), self._flag("voluntary")
        if both := self._text("status"):
            read = [flags.read(both, kind, alone=False) for kind in flags.KINDS]
            if read == [None, None]:
                self._gap("status", both, _NO_FLAG)
            sme = read[0] if sme is None else sme
            voluntary = read[1] if voluntary is None else voluntary
        return sme, voluntary

    def _flag(self, kind: flags.Kind) -> bool | None:
        text = self._text(kind)
        found = flags.read(text, kind) if text else None
        if text and found is None:
            self._gap(kind, text, _NO_FLAG)
        return found

    def _days(self) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
        """The start, the end as it now stands, and the latest end that extensions allow.

        Where a file has the first end and the current one, a row without the current one has not
        been extended. A row without any end has the one that its duration gives. The latest end
        is the register's own where it gives one; otherwise it is reckoned from the extensions
        that it names.
        """
        start = self._day("start")
        original, words_after = self._end("original")
        end = original
        if self._text("end"):
            end, words_after = self._end("end")
        given = [day for text in self._texts("latest") if (day := self._day("latest", text))]
        latest = max(given, default=None)
        if end is None and not self._text("end") and not self._text("original"):
            start, end, latest = self._by_duration(start, latest)
        if end and not latest:
            latest = self._reckoned(end, original or end, words_after)
        return start, end, latest

    def _extensions(self) -> list[str]:
        """The words on extensions; whether there are any, where nothing says how long."""
        return self._texts("extension") or self._texts("extendable")

    def _end(self, code: str) -> tuple[dt.date | None, str]:
        """An end, and what its cell says of extensions."""
        text = self._text(code)
        found = cells.end(text, self._order) if text else None
        if text and found is None:
            self._gap(code, text, _NO_DAY)
        return found or (None, "")

    def _by_duration(
        self, start: dt.date | None, latest: dt.date | None
    ) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
        """Start, end and latest end, as far as the duration gives them."""
        text = self._text("duration")
        if not text:
            return start, None, latest
        if found := cells.span(text, self._order):
            return start or found[0], found[1], latest
        term = extensions.term(text, _unit(self._headings["duration"]))
        if term is None:
            self._gap("duration", text, _NO_TERM)
        if term is None or start is None:
            return start, None, latest
        # A year from 1 April ends on 31 March.
        end = months_after(start, term.own) - dt.timedelta(1)
        if term.more is not None:
            latest = latest or extended(end, term.more)
        return start, end, latest

    def _reckoned(self, end: dt.date, original: dt.date, words_after: str) -> dt.date | None:
        """The latest end by the words on extensions, in columns of their own or after the end."""
        texts = [*self._extensions(), *filter(None, [words_after])]
        text = "; ".join(texts)
        if days := [day for each in texts if (day := cells.until(each, self._order))]:
            return max(days)
        if not texts:
            return None
        unit = _unit(self._headings.get("extension", ""))
        found = [extensions.months(each, unit) for each in texts]
        count = self._text("extensions")
        latest = extensions.latest_end(
            end,
            original,
            extensions.Options(
                None if None in found else sum(filter(None, found)),
                int(count) if count.isdecimal() else None,
                len(re.findall(r"\d+", text)) == 1,
                flags.is_yes(self._text("extended")) is True,
            ),
        )
        if isinstance(latest, str):
            self._gap("latest", text, latest)
            return None
        return latest


def _unit(heading: str) -> str:
    """The unit that a heading of extensions or durations names, for numbers that stand alone."""
    said = words(heading)
    return next((unit for unit in ("month", "year") if unit in said), "")
