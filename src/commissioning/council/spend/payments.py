"""A council's payments to suppliers, as the Local Government Transparency Code 2015 asks for them.

A file is read in batches, whatever its size. Each row is read, rejected (a payment that cannot be
read) or set aside (no payment: a blank row, title, repeated heading or total); rows and pounds that
are read or rejected are always the rows and pounds of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commissioning.council.reading import amounts, dates, flags
from commissioning.council.reading.sources import open_sources
from commissioning.council.spend.cells import TEXTS, always, clean, converted, is_blank
from commissioning.council.spend.columns import Decision, decide
from commissioning.council.spend.rows import TOTAL, Mender, Note, Totals, Verdict, judge
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from commissioning.council.reading.sources import Source

#: Fields of which a file has few different values.
_REPEATED = ("service", "category")


def schema() -> pa.Schema:
    """The columns of a table of payments: all of them always, null where the file has none.

    Beneficiary is "" where the file leaves it empty; amount and vat are pence, net.
    """
    import pyarrow as pa

    repeated = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            ("file", repeated),
            ("row", pa.int32()),
            ("date", pa.date32()),
            ("service", repeated),
            ("beneficiary", pa.string()),
            ("purpose", pa.string()),
            ("amount", pa.int64()),
            ("vat", pa.int64()),
            ("category", repeated),
            ("transaction", pa.string()),
            ("company", pa.string()),
            ("charity", pa.string()),
            ("sme", pa.bool_()),
            ("voluntary", pa.bool_()),
            ("postcode", pa.string()),
        ]
    )


@dataclass
class Tally:
    """How many payments, and their sum in pence."""

    rows: int = 0
    pence: int = 0

    def add(self, rows: int, pence: int) -> None:
        """Count some more."""
        self.rows += rows
        self.pence += pence


@dataclass
class Reading:
    """A file that is being read: what is known of it is complete when its chunks have been taken.

    Attributes:
        file: its name.
        decisions: how each of its tables is read.
        skipped: why its other sheets are not, in sentences.
        days: the payments that were read, by date; None is those that have no date.
        rejected: payments that cannot be read.
        aside: rows that are no payments, but for the blank ones.
        blank: how many rows are blank.
        nameless: how many of the payments have no beneficiary.
        rounded: how many amounts had a fraction of a penny and were rounded, half away from zero.
        mended: how many rows had a comma within a cell that was not quoted.
        doubtful: days that may be others, of which day and month have changed places.
        bodies: who paid, where a column says so.
    """

    file: str
    decisions: list[Decision]
    skipped: list[str]
    _sources: list[Source]
    days: dict[dt.date | None, Tally] = field(default_factory=dict)
    rejected: list[Note] = field(default_factory=list)
    aside: list[Note] = field(default_factory=list)
    blank: int = 0
    nameless: int = 0
    rounded: int = 0
    mended: int = 0
    doubtful: set[dt.date] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)

    @property
    def body(self) -> str:
        """Who paid, if one name stands in all rows; "" otherwise, or where it is a code."""
        [name, *others] = sorted(self.bodies) or [""]
        return "" if others or any(sign.isdigit() or sign == "/" for sign in name) else name

    @property
    def in_doubt(self) -> Tally:
        """Those of the payments that were read whose date may be another one."""
        return total(tally for day, tally in self.days.items() if day in self.doubtful)

    @property
    def read(self) -> Tally:
        """The payments that were read."""
        return total(self.days.values())

    @property
    def unread(self) -> Tally:
        """The rejected ones, as far as their amounts can be read."""
        return Tally(len(self.rejected), sum(note.pence or 0 for note in self.rejected))

    @property
    def undated(self) -> Tally:
        """Those of them that have no date."""
        return self.days.get(None, Tally())

    @property
    def months(self) -> dict[dt.date, Tally]:
        """Those of them that have one, by the first day of its month, in order."""
        found: dict[dt.date, Tally] = {}
        for day in sorted(day for day in self.days if day):
            found.setdefault(day.replace(day=1), Tally()).add(
                self.days[day].rows, self.days[day].pence
            )
        return found

    @property
    def done(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return sum(source.done for source in self._sources) / len(self._sources)

    def chunks(self) -> Iterator[pa.Table]:
        """The payments, a batch of rows at a time, with the columns of `schema`."""
        for source, decision in zip(self._sources, self.decisions, strict=True):
            yield from _Table(self, source, decision).chunks()

    def watched(self, watch: Callable[[str, float], None]) -> Iterator[pa.Table]:
        """The same, and somebody is told how much of the file has been read, from 0 to 1."""
        for chunk in self.chunks():
            watch(self.file, self.done)
            yield chunk
        watch(self.file, 1)


def total(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    found = Tally()
    for each in tallies:
        found.add(each.rows, each.pence)
    return found


def read(path: Path, overrides: Mapping[str, str] | None = None) -> Reading:
    """Begin to read a file of payments: its columns are decided, its rows follow in chunks.

    Args:
        path: a file of delimited text or a workbook.
        overrides: headings by field's code, that are not doubted (see `parse_overrides`).

    Raises:
        LocalisError: the file is missing, damaged or empty, or has no table of payments.
    """
    sources, decisions, faults = [], [], []
    for source in open_sources(path):
        try:
            decisions.append(decide(source, overrides or {}))
            sources.append(source)
        except LocalisError as fault:
            faults.append(fault)
    if not sources:
        raise faults[0]
    skipped = [str(fault) for fault in faults]
    if (again := _summary(path.name, sources, decisions)) is not None:
        skipped.append(
            f"{path.name}, sheet {decisions[again].sheet} adds up to what the other sheets have "
            "together: it is taken for their summary and not read."
        )
        del sources[again], decisions[again]
    return Reading(path.name, decisions, skipped, sources)


def _summary(name: str, sources: list[Source], decisions: list[Decision]) -> int | None:
    """Which sheet says again what the others say, such as a pivot table of them or all months."""
    if len(sources) == 1:
        return None
    tallies = []
    for source, decision in zip(sources, decisions, strict=True):
        alone = Reading(name, [decision], [], [source])
        for _ in alone.chunks():
            pass
        tallies.append(alone.read)
    both = total(tallies).pence
    same = [at for at, each in enumerate(tallies) if 2 * each.pence == both != 0]
    # Of two that say the same the summary has no dates, or fewer rows.
    return min(
        same, key=lambda at: ("date" in decisions[at].choices, tallies[at].rows), default=None
    )


class _Table:
    """One table of payments on its way into chunks."""

    def __init__(self, reading: Reading, source: Source, decision: Decision) -> None:
        self._reading, self._source, self._decision = reading, source, decision
        self._columns = {code: each.column for code, each in decision.choices.items()}
        self._names = {code: each.heading for code, each in decision.choices.items()}
        self._days: dict[str, dt.date | None] = {}
        self._totals = Totals()
        body = decision.headings.body
        names = decision.headings.names
        self._mender = Mender(source.head[body:], self._columns, names, source)

    def chunks(self) -> Iterator[pa.Table]:
        body = self._decision.headings.body
        payer = self._decision.body
        wanted = [*self._columns.values(), *([payer.column] if payer else [])]
        for batch in self._source.batches(wanted, self._mender):
            above = int((batch.numbers <= body).sum())
            columns = [each[above:] for each in batch.columns]
            chunk = self._chunk(batch.numbers[above:], columns[: len(self._columns)])
            if payer:
                self._count_bodies(columns[-1])
            if chunk.num_rows:
                yield chunk
        self._reading.mended += self._mender.count
        self._reading.doubtful |= self._decision.manner.doubtful_of(self._days)

    def _chunk(self, numbers: npt.NDArray[np.int32], columns: list[pa.StringArray]) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = dict(zip(self._columns, columns, strict=True))
        amount, rounded = self._amounts(cells)
        beneficiary = pc.fill_null(clean(cells["beneficiary"]), "")
        date = self._dates(cells, len(numbers))
        kept = self._kept(numbers, cells, amount, date, beneficiary)
        values = {
            "file": always(self._reading.file, len(numbers)),
            "row": pa.array(numbers),
            "date": date,
            "beneficiary": beneficiary,
            "amount": amount,
        }
        for code in (*_REPEATED, *flags.KINDS, *TEXTS, "vat"):
            if code in cells:
                values[code] = self._converted(code, cells[code])
        chunk = pa.table(
            [values.get(each.name, pa.nulls(len(numbers), each.type)) for each in schema()],
            schema=schema(),
        )
        chunk = chunk if kept is None else chunk.filter(kept)
        self._count(chunk, rounded)
        return chunk

    def _amounts(self, cells: Mapping[str, pa.StringArray]) -> tuple[pa.Int64Array, int]:
        """The amounts, less the credits where these have a column, and how many were rounded."""
        import pyarrow.compute as pc

        forms = self._decision.forms
        debit, rounded = amounts.read(cells["amount"], forms["amount"])
        if "credit" not in cells:
            return debit, rounded
        credit, further = amounts.read(cells["credit"], forms["credit"])
        # One of them is blank or nil in most rows, and what cannot be read is no nil.
        either = [
            pc.if_else(pc.and_(is_blank(cells[code]), pc.invert(is_blank(cells[other]))), 0, read)
            for code, other, read in (("amount", "credit", debit), ("credit", "amount", credit))
        ]
        return pc.subtract(*either), rounded + further

    def _dates(self, cells: Mapping[str, pa.StringArray], height: int) -> pa.Date32Array:
        import pyarrow as pa

        if "date" not in cells:
            return pa.repeat(pa.scalar(self._decision.day, pa.date32()), height)
        return dates.read(cells["date"], self._decision.manner.day, self._days)

    def _kept(
        self,
        numbers: npt.NDArray[np.int32],
        cells: Mapping[str, pa.StringArray],
        amount: pa.Int64Array,
        date: pa.Date32Array,
        beneficiary: pa.StringArray,
    ) -> pa.BooleanArray | None:
        """Which rows are payments; None where all are. What is not plain is looked at singly."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        doubtful = pc.or_(pc.is_null(amount), pc.equal(beneficiary, ""))
        if self._mender.lacking:
            doubtful = pc.or_(doubtful, pa.array(np.isin(numbers, list(self._mender.lacking))))
        if "date" in cells:
            doubtful = pc.or_(doubtful, pc.is_null(date))
        else:
            for code in ("beneficiary", "service"):
                if code in cells:
                    doubtful = pc.or_(doubtful, pc.match_substring_regex(cells[code], TOTAL))
        pence = pc.fill_null(amount, 0).to_numpy()
        doubtful = pc.or_(doubtful, self._totals.maybe_all(pence))
        if not pc.any(doubtful).as_py():
            self._totals.read(pence)
            return None
        kept, following = pc.invert(doubtful).to_numpy(zero_copy_only=False), 0
        for at in np.flatnonzero(~kept).tolist():
            self._totals.read(pence[following:at])
            following = at + 1
            row = {code: column[at].as_py() for code, column in cells.items()}
            kept[at] = self._judged(int(numbers[at]), row, amount[at].as_py(), date[at].as_py())
            if kept[at]:
                self._totals.read(pence[at:following])
        self._totals.read(pence[following:])
        return pa.array(kept)

    def _judged(
        self, number: int, row: dict[str, str], pence: int | None, date: dt.date | None
    ) -> bool:
        """Whether a row that is not plain is a payment; it is noted where it is none."""
        reading = self._reading
        verdict, reason = judge(row, self._names, self._totals, pence, date)
        if verdict is Verdict.PAYMENT and number in self._mender.lacking:
            verdict, reason = Verdict.REJECTED, self._mender.lacking[number]
        note = Note(self._decision.sheet, number, reason, pence)
        if verdict is Verdict.REJECTED:
            self._totals.rejected(pence or 0)
            reading.rejected.append(note)
        elif verdict is Verdict.BLANK:
            reading.blank += 1
        elif verdict is Verdict.ASIDE:
            reading.aside.append(note)
        return verdict is Verdict.PAYMENT

    def _converted(self, code: str, texts: pa.StringArray) -> pa.Array:
        if code == "vat":
            return amounts.read(texts, self._decision.forms["vat"])[0]
        return converted(code, texts)

    def _count_bodies(self, texts: pa.StringArray) -> None:
        said = {" ".join(text.split()) for text in clean(texts).unique().to_pylist() if text}
        # The headings may stand again in the midst of the rows.
        self._reading.bodies |= said - {self._decision.body and self._decision.body.name.strip('"')}

    def _count(self, chunk: pa.Table, rounded: int) -> None:
        """Add a chunk to what is known of the file."""
        import pyarrow.compute as pc

        days = chunk.group_by("date").aggregate([("amount", "count"), ("amount", "sum")])
        for day, rows, pence in zip(*(column.to_pylist() for column in days.columns), strict=True):
            self._reading.days.setdefault(day, Tally()).add(rows, pence)
        self._reading.nameless += pc.sum(pc.equal(chunk["beneficiary"], "")).as_py() or 0
        self._reading.rounded += rounded
