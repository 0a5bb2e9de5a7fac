"""What a table of payments says where: its headings, columns, order of dates, and what to know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

from commissioning.council.reading import amounts, dates, headings
from commissioning.council.reading.columns import (
    Choice,
    Field,
    Recognition,
    heading_worth,
    name_of,
    recognise,
    vocabulary,
)
from commissioning.council.reading.content import is_blank
from commissioning.council.reading.words import words
from commissioning.council.spend.fields import FIELDS
from commissioning.errors import LocalisError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from commissioning.council.reading.sources import Source

#: So many rows are looked at, from all of those that are known at the start.
_ROWS = 400
#: Net and VAT make up gross in so many rows of a table that says all three.
_AGREE = 0.9
_HINT = 0.5

#: What stands in for a field that has no column, and what is to be known of it.
_SECOND_BEST = {
    "amount": ("gross", "The amounts ({}) include VAT: the file has none without."),
    "date": ("invoice date", "The dates ({}) are not of payment: the file has no others."),
    "transaction": ("invoice number", ""),
}
#: Words for an amount of one line of an invoice.
_OF_LINES = {"line", "distribution"}
#: So much of a table shows what it does again and again.
_OFTEN = 0.1
#: A heading that is worth as much to a field means it.
_CLEAR = 0.5
_SAYS_NET = {"net", "excluding"}


@dataclass(frozen=True)
class Decision:
    """How a table is read.

    Attributes:
        sheet: its name; empty for a file of text.
        headings: where they are.
        choices: the column of each field of a payment that has one, by the field's code.
        order: of numbers in a date.
        day: the date of every payment where no column has dates, if the file's name tells a month.
        notes: what whoever uses the figures should know, in sentences.
    """

    sheet: str
    headings: headings.Headings
    choices: dict[str, Choice]
    order: dates.Order
    day: dt.date | None
    notes: tuple[str, ...]


def decide(source: Source, overrides: Mapping[str, str]) -> Decision:
    """Decide how to read a table.

    Raises:
        LocalisError: it has no column of amounts or none of beneficiaries, or is a register of
            contracts; or an override names no column of it.
    """
    where = f"{source.file}, sheet {source.sheet}" if source.sheet else source.file
    found = headings.find(source.head, FIELDS)
    _settle_width(source, found)
    if not found.are_there and _is_crosstab(source.head[found.first :]):
        raise LocalisError(
            f"{where} has a column for each month, not a row for each payment: choose the list of "
            "payments."
        )
    rows = _spread(source.head[found.body :])
    hints = _vat_hints(rows, len(found.names)) | _line_hints(found.names, source.head[found.body :])
    recognition = recognise(
        found.names, rows, _fields(found.names), overrides=overrides, hints=hints, where=where
    )
    recognition, notes = _instead(_with_periods(recognition, rows))
    if recognition.missing or _is_register(found.names):
        raise _no_payments(where, found.names if found.are_there else rows[0], recognition)
    choices = {code: each for code, each in recognition.choices.items() if not each.field.beside}
    day, order = None, dates.Order.DAY_FIRST
    if "date" in choices:
        order = _order(source, choices["date"].column)
        if order is dates.Order.MONTH_FIRST:
            notes.append("The dates are read month first: no other order fits them.")
    else:
        day = _month_of(source, found)
        notes.append(
            f"No column has dates; the file says {day:%B %Y}, whose first day stands for all."
            if day
            else "No column has dates, and the file's name says no month: no payment has a date."
        )
    return Decision(source.sheet, found, choices, order, day, tuple(notes))


def _settle_width(source: Source, found: headings.Headings) -> None:
    """Take the headings' width where some rows have it, and others more.

    Those have a comma in a cell that is not quoted, such as 1,234.00.
    """
    if not found.are_there or source.sheet:
        return
    width = len(source.head[found.body - 1])
    if width < source.width and any(len(row) == width for row in source.head[found.body :]):
        source.width = width


def _is_crosstab(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table has months across, over amounts."""
    over_amounts = [
        at
        for at, text in enumerate(rows[0])
        if dates.day(text)
        and amounts.pence(text) is None
        and _is_money([row[at] if at < len(row) else "" for row in rows[1:]])
    ]
    return len(over_amounts) > 1


def _spread(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Some of the rows, from first to last: many files are sorted."""
    return rows[:: max(len(rows) // _ROWS, 1)]


def _fields(names: Sequence[str]) -> tuple[Field, ...]:
    """The fields; amounts that no heading names are not looked for where one names the gross."""
    known = vocabulary(FIELDS)
    gross = next(each for each in FIELDS if each.code == "gross")
    if max(heading_worth(gross, name, known) for name in names) < _CLEAR:
        return FIELDS
    return tuple(replace(each, unsaid=each.unsaid and not each.needed) for each in FIELDS)


def _vat_hints(
    rows: Sequence[Sequence[str]], width: int
) -> dict[tuple[str, int], tuple[float, str]]:
    """Which columns are net, VAT and gross, where one is the sum of the other two."""
    columns = {
        at: [amounts.pence(row[at]) if at < len(row) else None for row in rows]
        for at in range(width)
        if _is_money([row[at] if at < len(row) else "" for row in rows])
    }
    for net, vat, gross in permutations(columns, 3):
        triples = [
            (n, v, g)
            for n, v, g in zip(columns[net], columns[vat], columns[gross], strict=True)
            if n is not None and v is not None and g is not None
        ]
        taxed = [(n, v) for n, v, _ in triples if v]
        agree = sum(n + v == g for n, v, g in triples)
        if taxed and agree >= _AGREE * len(rows) and all_smaller(taxed):
            return {
                ("amount", net): (_HINT, "with the VAT it makes the gross amount"),
                ("gross", gross): (_HINT, "it is net and VAT together"),
                ("vat", vat): (_HINT * 0.8, "it is gross less net"),
                ("vat total", vat): (_HINT, "it is gross less net"),
            }
    return {}


def _line_hints(
    names: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[tuple[str, int], tuple[float, str]]:
    """The amounts of lines, where another amount says that of the invoice on each of its lines."""
    some = rows[:_ROWS]
    columns = {
        at: [row[at].strip() if at < len(row) else "" for row in some]
        for at in range(len(names))
        if _is_money([row[at] if at < len(row) else "" for row in some])
    }
    for (line, each), (other, whole) in permutations(columns.items(), 2):
        if not _OF_LINES & set(words(names[line])):
            continue
        steps = list(zip(pairwise(each), pairwise(whole), strict=True))
        again = sum(a != b and (c == d or not d) for (a, b), (c, d) in steps)
        against = sum(a == b and c != d for (a, b), (c, d) in steps)
        if again > max(_OFTEN * len(steps), 2 * against):
            reason = f"{name_of(names[other], other)} is said again on each line of an invoice"
            return {("amount", line): (_HINT, reason)}
    return {}


def all_smaller(taxed: Sequence[tuple[int, int]]) -> bool:
    """Whether VAT is less than what it is on: both make up the gross amount."""
    return sum(abs(n) > abs(v) for n, v in taxed) > _AGREE * len(taxed)


def _is_money(values: Sequence[str]) -> bool:
    """Whether a column has amounts, some of them with pence; a first look at few of them."""
    some = [value for value in values if not is_blank(value)][:20]
    return all(amounts.pence(value) is not None for value in some) and any(
        "." in value for value in values
    )


def _with_periods(recognition: Recognition, rows: Sequence[Sequence[str]]) -> Recognition:
    """The months or days of a column of periods as dates, where there are no others."""
    choices = recognition.choices
    if "period" not in choices or choices.keys() & {"date", "invoice date"}:
        return recognition
    choice = choices["period"]
    some = [row[choice.column] for row in rows if choice.column < len(row)]
    filled = [text for text in some if not is_blank(text)]
    # "Total" may stand among them.
    if 2 * sum(dates.day(text) is not None for text in filled) <= len(filled):
        return recognition
    field = next(each for each in FIELDS if each.code == "date")
    reason = f"nothing better; {choice.reason}"
    return replace(
        recognition, choices=choices | {"date": replace(choice, field=field, reason=reason)}
    )


def _instead(recognition: Recognition) -> tuple[Recognition, list[str]]:
    """Take the second best where the best is not there, and say what it is."""
    choices, notes = dict(recognition.choices), []
    for code, (other, note) in _SECOND_BEST.items():
        if code not in choices and other in choices:
            choice = choices[other]
            field = next(each for each in FIELDS if each.code == code)
            choices[code] = replace(choice, field=field, reason=f"nothing better; {choice.reason}")
            notes += [note.format(choice.name)] if note else []
    amount = choices.get("amount")
    if amount and "gross" not in choices and not _SAYS_NET & set(words(amount.heading)):
        reason = f"{amount.reason}; it is not said whether VAT is in it, and it is taken as net"
        choices["amount"] = replace(amount, reason=reason)
    missing = tuple(each for each in recognition.missing if each.code not in choices)
    return replace(recognition, choices=choices, missing=missing), notes


def _is_register(names: Sequence[str]) -> bool:
    """Whether a table is a register of contracts: it has suppliers and values too."""
    said = [set(words(name)) for name in names]
    spans = sum(bool({"start", "end", "expiry", "review"} & each) for each in said)
    return sum("contract" in each for each in said) > 1 and spans > 1


def _no_payments(where: str, names: Sequence[str], recognition: Recognition) -> LocalisError:
    if not recognition.missing:
        return LocalisError(
            f"{where} is a register of contracts, not of payments: use 'localis contracts'."
        )
    wanted = " and no ".join(f"column for {each.label}" for each in recognition.missing)
    said = " ".join(", ".join(filter(None, names)).split())[:300]
    example = ",".join(f'{each.code}="…"' for each in recognition.missing)
    return LocalisError(
        f"{where} has no {wanted} (its first row: {said}): if these are payments, name "
        f"the columns with --columns {example}."
    )


def _order(source: Source, column: int) -> dates.Order:
    """The order that fits the dates of a whole column."""
    some = {row[column] for row in source.head if column < len(row)}
    if not dates.is_settled(some):
        for batch in source.batches([column], lambda row: row):
            some.update(batch.columns[0].unique().to_pylist())
    return dates.order(some)


def _month_of(source: Source, found: headings.Headings) -> dt.date | None:
    """The month that the titles, the sheet's name or the file's name tell, if it is one."""
    titles = [cell for row in source.head[: found.first] for cell in row]
    for text in (*titles, source.sheet, source.file.rpartition(".")[0]):
        months = set(dates.months(text))
        if len(months) == 1:
            return months.pop()
    return None
