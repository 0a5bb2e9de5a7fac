"""What a table of payments says where: its headings, columns, how it writes dates and amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise, permutations
from typing import TYPE_CHECKING

from commissioning.council.reading import amounts, dates, dating, headings
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

#: So many values show that a column has amounts, at first sight.
_FIRST = 20
_HAS_PENCE = re.compile(r"[.]|,\d\d(?!\d)")
#: So many rows are looked at, from all of those that are known at the start.
_ROWS = 250
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
#: Words for who pays, in the heading of a column that says the same throughout.
_OF_BODIES = {"body", "authority", "council", "organisation", "publisher"}
#: So much of a table shows what it does again and again.
_OFTEN = 0.1
#: A heading that is worth as much to a field means it.
_CLEAR = 0.5
#: What the headings of amounts and beneficiaries are worth together where they speak of payments:
#: "Supplier" is enough beside any heading of amounts, "Name" only beside "Amount".
_SPEAKING = 1.2
_SAYS_NET = {"net", "excluding"}
#: Fields that are amounts; a title may say their unit, as in "All figures are in £000".
_MONEY = ("amount", "credit", "vat")
_STATED = re.compile(r"\bin\s+(?=£|thousands|millions|pence)", re.IGNORECASE)


@dataclass(frozen=True)
class Decision:
    """How a table is read.

    Attributes:
        sheet: its name; empty for a file of text.
        headings: where they are.
        choices: the column of each field of a payment that has one, by the field's code; "credit"
            is there where it is to be taken from the amount.
        forms: of the columns of amounts, by the field's code.
        manner: of the column of dates.
        day: the date of every payment where no column has dates, if the file's name tells a month.
        notes: what whoever uses the figures should know, in sentences.
        body: the column that says who pays, if there is one.
    """

    sheet: str
    headings: headings.Headings
    choices: dict[str, Choice]
    forms: dict[str, amounts.Form]
    manner: dating.Manner
    day: dt.date | None
    notes: tuple[str, ...]
    body: Choice | None = None


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
    if not (overrides or _speaks_of_payments(recognition, _month_of(_told(source, found)))):
        raise LocalisError(
            f"{where} has words and numbers, but no dates and no headings that speak of payments: "
            'if these are payments, name the columns with --columns amount="…",beneficiary="…".'
        )
    choices, forms = _with_forms(_wanted(recognition), rows, source.head[: found.first])
    manner, day, further = _dating(source, found, choices)
    body = recognition.choices.get("body")
    if body and not _OF_BODIES & set(words(body.heading)):
        body = None
    return Decision(source.sheet, found, choices, forms, manner, day, (*notes, *further), body)


def _dating(
    source: Source, found: headings.Headings, choices: Mapping[str, Choice]
) -> tuple[dating.Manner, dt.date | None, list[str]]:
    """How dates are read, the day of all payments where there are none, and what to say of it."""
    told = _told(source, found)
    if "date" in choices:
        manner = dating.manner(_days(source, choices["date"].column, found.body), told)
        return manner, None, _remarks(manner)
    day = _month_of(told)
    note = (
        f"No column has dates; the file says {day:%B %Y}, whose first day stands for all."
        if day
        else "No column has dates, and the file's name says no single month: no payment has a date."
    )
    return dating.Manner(), day, [note]


def _remarks(manner: dating.Manner) -> list[str]:
    """What is to be known of the dates."""
    notes = []
    if manner.order is dates.Order.MONTH_FIRST:
        notes.append("The dates are read month first: no other order fits them.")
    if manner.turned:
        notes.append(
            "Day and month change places in the dates up to the 12th: only so do they fall into "
            "the months of the others, as where Excel has taken British dates for American ones."
        )
    return notes


def _wanted(recognition: Recognition) -> dict[str, Choice]:
    """The columns of a payment's fields, and that of credits beside one of debits."""
    choices = recognition.choices
    wanted = {code: each for code, each in choices.items() if not each.field.beside}
    if "credit" not in choices or "debit" not in words(choices["amount"].heading):
        return wanted
    credit, amount = choices["credit"], choices["amount"]
    reason = f"{amount.reason}; less the credits in {credit.name}"
    taken = replace(credit, reason=f"{credit.reason}; taken from the amount")
    return wanted | {"amount": replace(amount, reason=reason), "credit": taken}


def _with_forms(
    choices: Mapping[str, Choice],
    rows: Sequence[Sequence[str]],
    titles: Sequence[Sequence[str]],
) -> tuple[dict[str, Choice], dict[str, amounts.Form]]:
    """The forms of the columns of amounts, said in the reasons where they are not plain pounds."""
    stated = [cell[at.end() :] for row in titles for cell in row if (at := _STATED.search(cell))]
    found, forms = dict(choices), {}
    for code in _MONEY:
        if code not in choices:
            continue
        choice = choices[code]
        values = [row[choice.column] for row in rows if choice.column < len(row)]
        forms[code] = form = amounts.form(values, choice.heading, *stated)
        if code == "credit" and sum((amounts.pence(text, form) or 0) for text in values) < 0:
            # They have their sign already.
            forms[code] = replace(form, worth=-form.worth)
        reason = choice.reason
        if form.worth != amounts.POUNDS.worth:
            reason += f"; they are {form.unit}"
        if form.continental:
            reason += "; they have a comma before the pence"
        found[code] = replace(choice, reason=reason)
    return found, forms


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
    return rows[:: max(-(-len(rows) // _ROWS), 1)]


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
    texts = {at: [row[at] if at < len(row) else "" for row in rows] for at in range(width)}
    columns = {at: _pence(some) for at, some in texts.items() if _is_money(some)}
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


def _pence(texts: Sequence[str]) -> list[int | None]:
    form = amounts.form(texts)
    return [amounts.pence(text, form) for text in texts]


def _is_money(values: Sequence[str]) -> bool:
    """Whether a column has amounts, some of them with pence; a first look at few of them."""
    some = islice((value for value in values if not is_blank(value)), _FIRST)
    return all(map(amounts.is_amount, some)) and any(_HAS_PENCE.search(value) for value in values)


def _with_periods(recognition: Recognition, rows: Sequence[Sequence[str]]) -> Recognition:
    """The months or days of a column of periods as dates, where there are no others."""
    choices = recognition.choices
    if "period" not in choices or choices.keys() & {"date", "invoice date"}:
        return recognition
    choice = choices["period"]
    some = [row[choice.column] for row in rows if choice.column < len(row)]
    filled = [text for text in some if not is_blank(text)]
    # "Total" may stand among them.
    if 2 * sum(map(dates.is_date, filled)) <= len(filled):
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


def _speaks_of_payments(recognition: Recognition, month: dt.date | None) -> bool:
    """Whether a table with words and numbers can be one of payments: it has dates or says so.

    Args:
        recognition: its columns.
        month: the one that its file or titles tell, if they tell one.
    """
    if "date" in recognition.choices:
        return True
    known, worth = vocabulary(FIELDS), []
    for code in ("amount", "beneficiary"):
        choice = recognition.choices[code]
        # The gross amount may stand for the net one, under its own heading.
        alike = (each for each in FIELDS if each.kind is choice.field.kind)
        worth.append(max(heading_worth(each, choice.heading, known) for each in alike))
    return sum(worth) > _SPEAKING if min(worth) else bool(month) and worth[0] > _CLEAR


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


def _days(source: Source, column: int, body: int) -> set[str]:
    """The different texts of a column of dates; of the first rows, if these settle it."""
    some = {row[column] for row in source.head[body:] if column < len(row)}
    if not dating.is_settled(some):
        for batch in source.batches([column], lambda _number, row: row):
            some.update(batch.columns[0].unique().to_pylist())
    return some


def _told(source: Source, found: headings.Headings) -> list[str]:
    """What may tell the months of a table: its titles, the sheet's name and the file's name."""
    titles = [cell for row in source.head[: found.first] for cell in row if cell]
    return [*titles, source.sheet, source.file.rpartition(".")[0]]


def _month_of(told: Sequence[str]) -> dt.date | None:
    """The month that the first of these texts tells that tells any, if it is one only."""
    months = next((found for text in told if (found := set(dates.months(text)))), set())
    return months.pop() if len(months) == 1 else None
